import type { SiteDocument } from "../../components/site-document.ts";

/** A user of the database, as the secret of either cloud has it. */
export interface Login {
  username: string;
  password: string;
}

/** The credentials of the database, read once and again only when they turned out to be old. */
export class LoginSecret {
  readonly #id: string;
  readonly #identityClientId: string | undefined;
  #login: Promise<Login> | undefined;

  /** @param id ARN of a secret in Secrets Manager, or https id of a Key Vault secret */
  constructor(id: string, identityClientId: SiteDocument["identityClientId"]) {
    this.#id = id;
    this.#identityClientId = identityClientId;
  }

  read(): Promise<Login> {
    this.#login ??= this.#fetch().catch((error) => {
      this.#login = undefined;
      throw error;
    });
    return this.#login;
  }

  /** Forgets what was read: the server refused it, so the secret was rotated. */
  forget(): void {
    this.#login = undefined;
  }

  async #fetch(): Promise<Login> {
    const text = this.#id.startsWith("arn:") ? await fromSecretsManager(this.#id) : await this.#fromKeyVault();
    const { username, password } = JSON.parse(text) as Partial<Login>;
    if (!username || !password) throw new Error(`the secret ${this.#id} lacks username or password`);
    return { username, password };
  }

  async #fromKeyVault(): Promise<string> {
    const { ManagedIdentityCredential } = await import("@azure/identity");
    const credential = new ManagedIdentityCredential({ clientId: this.#identityClientId ?? "" });
    const { token } = await credential.getToken("https://vault.azure.net/.default");
    const answer = await fetch(`${this.#id}?api-version=7.4`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`the secret ${this.#id} can't be read: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { value: string }).value;
  }
}

async function fromSecretsManager(id: string): Promise<string> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
  // The region of the secret, arn:aws:secretsmanager:region:account:secret:name.
  const client = new SecretsManagerClient({ region: id.split(":")[3] });
  return (await client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString ?? "";
}
