import type { TokenCredential } from "@azure/identity";
import type { Authorization, Scope } from "./authorization.ts";
import { ask } from "./http.ts";

/** What a token of Entra's is asked for that a registry is to take. */
export const REGISTRY_SCOPE = "https://containerregistry.azure.net/.default";

/**
 * How long a token of the registry's own is used, in milliseconds: one for access lasts an hour or more, and what it is
 * exchanged for three hours ("Azure Container Registry integration with Entra", AAD-OAuth).
 */
const USED = 30 * 60_000;

/** The most bytes of an answer with a token. */
const LARGEST = 64 * 1024;

interface Kept {
  token: Promise<string>;
  until: number;
}

/** Azure's registry, as an identity of Entra's: that one's token is exchanged for one of the registry's, for each repository. */
export class AcrAuthorization implements Authorization {
  readonly #origin: URL;
  readonly #tenantId: string;
  readonly #credential: TokenCredential;
  readonly #kept = new Map<string, Kept>();

  /** @param origin where the registry answers @example "https://shop1a2b3c4d.azurecr.io" */
  constructor(origin: string, tenantId: string, credential: TokenCredential) {
    this.#origin = new URL(origin);
    this.#tenantId = tenantId;
    this.#credential = credential;
  }

  async header({ repository, write, from }: Scope): Promise<string> {
    const scopes = [
      `repository:${repository}:${write ? "pull,push" : "pull"}`,
      ...(from ? [`repository:${from}:pull`] : []),
    ];
    return `Bearer ${await this.#use(scopes.join(" "), () => this.#access(scopes))}`;
  }

  forget(): void {
    this.#kept.clear();
  }

  async #access(scopes: string[]): Promise<string> {
    const refresh = await this.#use("", () => this.#exchange());
    const form = new URLSearchParams({
      grant_type: "refresh_token",
      service: this.#origin.host,
      refresh_token: refresh,
    });
    for (const scope of scopes) form.append("scope", scope);
    return this.#post("/oauth2/token", form, "access_token");
  }

  async #exchange(): Promise<string> {
    const token = await this.#credential.getToken(REGISTRY_SCOPE);
    if (!token) throw new Error("Entra gave no token for Azure Container Registry");
    const form = new URLSearchParams({
      grant_type: "access_token",
      service: this.#origin.host,
      tenant: this.#tenantId,
      access_token: token.token,
    });
    return this.#post("/oauth2/exchange", form, "refresh_token");
  }

  async #post(path: string, form: URLSearchParams, name: string): Promise<string> {
    const answer = await ask({
      method: "POST",
      url: new URL(path, this.#origin),
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: Buffer.from(form.toString()),
      what: `POST of ${path}`,
    });
    const found = JSON.parse((await answer.whole(LARGEST)).toString()) as Record<string, unknown>;
    const token = found[name];
    if (typeof token !== "string") throw new Error(`the registry's ${path} answered without ${name}`);
    return token;
  }

  /** What is kept under a name, or what is asked for now; one that fails is not kept. */
  #use(name: string, renew: () => Promise<string>): Promise<string> {
    const known = this.#kept.get(name);
    if (known && Date.now() < known.until) return known.token;
    const token = renew();
    this.#kept.set(name, { token, until: Date.now() + USED });
    token.catch(() => this.#kept.delete(name));
    return token;
  }
}
