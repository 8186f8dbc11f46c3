import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Certificate } from "../local/certificate.ts";
import type { Doors } from "../local/doors.ts";
import { type HttpsService, serveHttps } from "../local/https.ts";
import { isAllowed } from "./access.ts";
import type { Authority } from "./authority.ts";
import type { AzureFaults } from "./faults.ts";
import type { ResourceManager } from "./resource-manager.ts";
import { answerVault, Refused } from "./vault-requests.ts";
import { changeVersion, type SecretValue, VaultSecrets } from "./vault-secrets.ts";

/** The audience of tokens for every vault. */
export const VAULT_AUDIENCE = "https://vault.azure.net";

export interface KeyVaultsOptions {
  resources: ResourceManager;
  authority: Authority;
  certificate: Certificate;
  doors: Doors;
  faults: AzureFaults;
}

/**
 * The data plane of every vault, over HTTPS: does with a secret what roles let whoever asks do.
 *
 * What is deleted stays for as long as the vault keeps it, which here is for ever: its name is taken, and a vault
 * that is recovered has its secrets again ("Azure Key Vault soft-delete overview").
 */
export class KeyVaults {
  readonly #options: KeyVaultsOptions;
  readonly #open = new Map<string, { service: HttpsService; secrets: VaultSecrets }>();
  /** Those of vaults that are deleted, which outlive it. */
  readonly #deleted = new Map<string, VaultSecrets>();

  constructor(options: KeyVaultsOptions) {
    this.#options = options;
  }

  /** Opens a vault: a deleted one of the name is recovered. */
  async open(vault: string): Promise<void> {
    const key = vault.toLowerCase();
    const secrets = this.#deleted.get(key) ?? new VaultSecrets();
    const service = await serveHttps(
      this.#options.certificate,
      (incoming, outgoing) => this.#answer(vault, secrets, incoming, outgoing),
      this.#options.doors,
    );
    this.#deleted.delete(key);
    this.#open.set(key, { service, secrets });
  }

  /** Deletes a vault, softly. */
  shut(vault: string): void {
    const key = vault.toLowerCase();
    const found = this.#open.get(key);
    if (!found) return;
    found.service.close();
    this.#open.delete(key);
    this.#deleted.set(key, found.secrets);
  }

  close(): void {
    for (const { service } of this.#open.values()) service.close();
  }

  /** Whether the name belongs to a vault that is deleted and could be recovered. */
  isDeleted(vault: string): boolean {
    return this.#deleted.has(vault.toLowerCase());
  }

  /** Where a vault answers, with a slash at the end. @throws Error for a vault that is not open */
  uriOf(vault: string): string {
    return `${this.#vault(vault).service.url}/`;
  }

  /** The newest version of a secret. @throws Error for one that is not there */
  versionOf(vault: string, name: string): string {
    const newest = this.#vault(vault).secrets.get(name)?.versions.at(-1);
    if (!newest) throw new Error(`the vault ${vault} has no secret ${name}`);
    return newest.id;
  }

  /** Whether a secret of the name is deleted and could be recovered. */
  isSecretDeleted(vault: string, name: string): boolean {
    return this.#open.get(vault.toLowerCase())?.secrets.get(name)?.deleted === true;
  }

  /** Gives a secret another version, unless the newest one has the same in it. */
  set(vault: string, name: string, { value, ...more }: SecretValue): void {
    const { secrets } = this.#vault(vault);
    const newest = secrets.get(name)?.versions.at(-1);
    if (newest?.value === value && newest.contentType === more.contentType) changeVersion(newest, more);
    else secrets.add(name, { value, ...more });
  }

  /** Deletes a secret, softly. */
  remove(vault: string, name: string): void {
    const secret = this.#open.get(vault.toLowerCase())?.secrets.get(name);
    if (secret) secret.deleted = true;
  }

  #vault(vault: string) {
    const found = this.#open.get(vault.toLowerCase());
    if (!found) throw new Error(`there is no vault ${vault}: make it first`);
    return found;
  }

  async #answer(
    vault: string,
    secrets: VaultSecrets,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    const reply = (status: number, body: object, headers: object = {}) =>
      outgoing
        .writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers })
        .end(JSON.stringify(body));
    try {
      reply(200, await this.#secret(vault, secrets, incoming));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { status, code, message, inner, headers } = error;
      reply(status, { error: { code, message, ...(inner && { innererror: { code: inner } }) } }, headers);
    }
  }

  /** What is asked for, as the vault tells it; first who asks, then for what. */
  async #secret(vault: string, secrets: VaultSecrets, incoming: IncomingMessage): Promise<object> {
    const { method = "", headers } = incoming;
    const body = await text(incoming);
    const principal = await this.#principalOf(headers.authorization ?? "");
    if (this.#options.faults.throttlesVaults()) {
      const message = "The request was throttled because too many were made.";
      throw new Refused(429, "Throttled", message, { headers: { "retry-after": "1" } });
    }
    const uri = this.uriOf(vault);
    const authorize = (action: string, secret?: string) => this.#authorize(principal, vault, action, secret);
    return answerVault({ uri, secrets, authorize }, { method, url: new URL(incoming.url ?? "/", uri), body });
  }

  async #principalOf(authorization: string): Promise<string> {
    const { authority, resources } = this.#options;
    const [scheme, token = ""] = authorization.split(" ");
    const where = `Bearer authorization="${authority.url}/${resources.tenantId}", resource="${VAULT_AUDIENCE}"`;
    const refused = (message: string) =>
      new Refused(401, "Unauthorized", message, { headers: { "www-authenticate": where } });
    if (scheme !== "Bearer") throw refused("AKV10000: Request is missing a Bearer token.");
    const principal = await authority.principalOf(token, VAULT_AUDIENCE);
    if (!principal) throw refused("AKV10022: Invalid audience or token.");
    return principal;
  }

  #authorize(principal: string, vault: string, action: string, secret?: string): void {
    const { resources } = this.#options;
    const resource = resources
      .list("Microsoft.KeyVault/vaults")
      .find(({ id }) => id.toLowerCase().endsWith(`/${vault.toLowerCase()}`));
    const { enableRbacAuthorization } = (resource?.properties.properties ?? {}) as {
      enableRbacAuthorization?: boolean;
    };
    if (!resource || !enableRbacAuthorization) {
      throw new Refused(501, "NotImplemented", "The local Azure knows roles only; set enableRbacAuthorization.");
    }
    const scope = secret === undefined ? resource.id : `${resource.id}/secrets/${secret}`;
    if (isAllowed(resources, principal, scope, [action])) return;
    const message = `Caller is not authorized to perform action on resource. Action: '${action}' (ForbiddenByRbac)`;
    throw new Refused(403, "Forbidden", message, { inner: "ForbiddenByRbac" });
  }
}
