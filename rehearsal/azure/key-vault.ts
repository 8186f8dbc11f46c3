import type { IncomingMessage, ServerResponse } from "node:http";
import type { Certificate } from "../local/certificate.ts";
import type { Doors } from "../local/doors.ts";
import { type HttpsService, serveHttps } from "../local/https.ts";
import { GET_SECRET, isAllowed } from "./access.ts";
import type { Authority } from "./authority.ts";
import type { ResourceManager } from "./resource-manager.ts";

/** The audience of tokens for every vault. */
export const VAULT_AUDIENCE = "https://vault.azure.net";

/** What a version of a secret holds. */
export interface SecretValue {
  value: string;
  contentType?: string;
  enabled: boolean;
}

interface Version extends SecretValue {
  id: string;
  /** In seconds since 1970. */
  created: number;
}

interface Secret {
  /** Newest last. */
  versions: Version[];
  deleted: boolean;
}

/** A vault's secrets by their names, which have no case; they outlive the vault's deletion. */
type Secrets = Map<string, Secret>;

/** A request that a vault refuses, with Azure's own status and error code. */
class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * The data plane of every vault, over HTTPS: gives the value of a secret to whom a role lets read it.
 *
 * What is deleted stays for as long as the vault keeps it, which here is for ever: its name is taken, and a vault
 * that is recovered has its secrets again ("Azure Key Vault soft-delete overview").
 */
export class KeyVaults {
  readonly #resources: ResourceManager;
  readonly #authority: Authority;
  readonly #certificate: Certificate;
  readonly #doors: Doors;
  readonly #open = new Map<string, { service: HttpsService; secrets: Secrets }>();
  readonly #deleted = new Map<string, Secrets>();

  constructor(resources: ResourceManager, authority: Authority, certificate: Certificate, doors: Doors) {
    this.#resources = resources;
    this.#authority = authority;
    this.#certificate = certificate;
    this.#doors = doors;
  }

  /** Opens a vault: a deleted one of the name is recovered. */
  async open(vault: string): Promise<void> {
    const key = vault.toLowerCase();
    const secrets: Secrets = this.#deleted.get(key) ?? new Map();
    const service = await serveHttps(
      this.#certificate,
      (incoming, outgoing) => this.#answer(vault, secrets, incoming, outgoing),
      this.#doors,
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
    const newest = this.#vault(vault).secrets.get(name.toLowerCase())?.versions.at(-1);
    if (!newest) throw new Error(`the vault ${vault} has no secret ${name}`);
    return newest.id;
  }

  /** Whether a secret of the name is deleted and could be recovered. */
  isSecretDeleted(vault: string, name: string): boolean {
    return this.#open.get(vault.toLowerCase())?.secrets.get(name.toLowerCase())?.deleted === true;
  }

  /** Gives a secret another version, unless the newest one has the same in it. */
  set(vault: string, name: string, value: SecretValue): void {
    const { secrets } = this.#vault(vault);
    const secret = secrets.get(name.toLowerCase()) ?? { versions: [], deleted: false };
    const newest = secret.versions.at(-1);
    if (newest?.value !== value.value || newest.contentType !== value.contentType) {
      const id = crypto.randomUUID().replaceAll("-", "");
      secret.versions.push({ ...value, id, created: Math.floor(Date.now() / 1000) });
    } else newest.enabled = value.enabled;
    secrets.set(name.toLowerCase(), secret);
  }

  /** Deletes a secret, softly. */
  remove(vault: string, name: string): void {
    const secret = this.#open.get(vault.toLowerCase())?.secrets.get(name.toLowerCase());
    if (secret) secret.deleted = true;
  }

  #vault(vault: string) {
    const found = this.#open.get(vault.toLowerCase());
    if (!found) throw new Error(`there is no vault ${vault}: make it first`);
    return found;
  }

  async #answer(vault: string, secrets: Secrets, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const reply = (status: number, body: object, headers: object = {}) =>
      outgoing
        .writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers })
        .end(JSON.stringify(body));
    try {
      reply(200, await this.#secret(vault, secrets, incoming));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { status, code, message } = error;
      const authority = `${this.#authority.url}/${this.#resources.tenantId}`;
      const challenge = { "www-authenticate": `Bearer authorization="${authority}", resource="${VAULT_AUDIENCE}"` };
      reply(status, { error: { code, message } }, status === 401 ? challenge : {});
    }
  }

  /** The secret that is asked for, as the vault tells it; first who asks, then for what. */
  async #secret(vault: string, secrets: Secrets, { method, url, headers }: IncomingMessage): Promise<object> {
    const { pathname, searchParams } = new URL(url ?? "/", this.uriOf(vault));
    const [, collection, name = "", version = ""] = pathname.split("/");
    const [scheme, token = ""] = (headers.authorization ?? "").split(" ");
    if (scheme !== "Bearer") throw new Refused(401, "Unauthorized", "AKV10000: Request is missing a Bearer token.");
    const principal = await this.#authority.principalOf(token, VAULT_AUDIENCE);
    if (!principal) throw new Refused(401, "Unauthorized", "AKV10022: Invalid audience or token.");
    if (!searchParams.has("api-version")) throw new Refused(400, "BadParameter", "api-version must be specified");
    if (collection !== "secrets" || name === "" || method !== "GET") {
      throw new Refused(501, "NotImplemented", "The local Azure reads secrets by name and does nothing else here.");
    }
    this.#authorize(principal, vault, name);
    const secret = secrets.get(name.toLowerCase());
    const found = version === "" ? secret?.versions.at(-1) : secret?.versions.find(({ id }) => id === version);
    if (!found || secret?.deleted) {
      throw new Refused(404, "SecretNotFound", `A secret with (name/id) ${name} was not found in this key vault.`);
    }
    if (!found.enabled) throw new Refused(403, "Forbidden", `Operation get is not allowed on a disabled secret.`);
    return {
      value: found.value,
      contentType: found.contentType,
      id: `${this.uriOf(vault)}secrets/${name}/${found.id}`,
      attributes: { enabled: true, created: found.created, updated: found.created },
    };
  }

  #authorize(principal: string, vault: string, secret: string): void {
    const resource = this.#resources
      .list("Microsoft.KeyVault/vaults")
      .find(({ id }) => id.toLowerCase().endsWith(`/${vault.toLowerCase()}`));
    const { enableRbacAuthorization } = (resource?.properties.properties ?? {}) as {
      enableRbacAuthorization?: boolean;
    };
    if (!resource || !enableRbacAuthorization) {
      throw new Refused(501, "NotImplemented", "The local Azure knows roles only; set enableRbacAuthorization.");
    }
    if (isAllowed(this.#resources, principal, `${resource.id}/secrets/${secret}`, [GET_SECRET])) return;
    const message = `Caller is not authorized to perform action on resource. Action: '${GET_SECRET}' (ForbiddenByRbac)`;
    throw new Refused(403, "Forbidden", message);
  }
}
