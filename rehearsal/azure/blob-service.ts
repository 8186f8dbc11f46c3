import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, request } from "node:https";
import { pipeline } from "node:stream";
import { text } from "node:stream/consumers";
import type { Certificate } from "../local/certificate.ts";
import { type HttpsService, serveHttps } from "../local/https.ts";
import { actionsFor, type BlobRequest, isAllowed } from "./access.ts";
import type { Authority } from "./authority.ts";
import { immutabilityRefusal } from "./immutability.ts";
import type { Resource, ResourceManager } from "./resource-manager.ts";

/** The audience of tokens for Azure Storage. */
export const STORAGE_AUDIENCE = "https://storage.azure.com";

/** A request that the blob service refuses, with Azure's own status and error code. */
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
 * The blob endpoint of every storage account: lets pass to Azurite what the account's settings and the
 * caller's role assignments allow. Azurite itself knows neither, and has a fixed set of accounts, one of
 * which stands behind each account here.
 */
export class BlobService {
  readonly #resources: ResourceManager;
  readonly #authority: Authority;
  readonly #certificate: Certificate;
  readonly #azuritePort: number;
  readonly #agent: Agent;
  readonly #free: string[];
  /** Azurite's account behind each account, by its name. */
  readonly #behind = new Map<string, string>();
  /** Where each account answers: like in Azure each at a host (here: and port) of its own. */
  readonly #fronts = new Map<string, HttpsService>();
  #front: HttpsService | undefined;

  private constructor(
    resources: ResourceManager,
    authority: Authority,
    azurite: { port: number; accounts: string[] },
    certificate: Certificate,
  ) {
    this.#resources = resources;
    this.#authority = authority;
    this.#certificate = certificate;
    this.#azuritePort = azurite.port;
    this.#free = [...azurite.accounts];
    this.#agent = new Agent({ keepAlive: true, ca: certificate.certificate });
  }

  static async start(
    resources: ResourceManager,
    authority: Authority,
    azurite: { port: number; accounts: string[] },
    certificate: Certificate,
  ): Promise<BlobService> {
    const service = new BlobService(resources, authority, azurite, certificate);
    service.#front = await service.#listen();
    return service;
  }

  /** Where every account answers. */
  get url(): string {
    return this.#front?.url ?? "";
  }

  close(): void {
    for (const front of this.#fronts.values()) front.close();
    this.#front?.close();
    this.#agent.destroy();
  }

  #listen(): Promise<HttpsService> {
    return serveHttps(this.#certificate, (incoming, outgoing) =>
      this.#answer(incoming, outgoing).catch((error) => refuse(outgoing, error)),
    );
  }

  /** Where an account answers, with a slash at the end. */
  endpointOf(account: string): string {
    return `${this.#fronts.get(account)?.url ?? this.url}/${account}/`;
  }

  /** The account that answers at a host and port. @param host @example "127.0.0.1:40001" */
  accountAt(host: string): string | undefined {
    return [...this.#fronts].find(([, { url }]) => url === `https://${host}`)?.[0];
  }

  /** Puts an account of Azurite behind a new account. @throws Error when all of them are in use */
  async open(account: string): Promise<void> {
    const behind = this.#free.shift();
    if (behind === undefined) throw new Error("the local Azure has no room for another storage account");
    this.#behind.set(account, behind);
    this.#fronts.set(account, await this.#listen());
  }

  /** Gives an account's place in Azurite back, emptied of whatever is still in it. */
  async shut(account: string): Promise<void> {
    const behind = this.#behind.get(account);
    if (behind === undefined) return;
    const { body } = await this.#asControlPlane("GET", `/${behind}/?comp=list`);
    for (const [, container = ""] of body.matchAll(/<Name>([^<]+)<\/Name>/g)) {
      await this.control("DELETE", account, container);
    }
    this.#fronts.get(account)?.close();
    this.#fronts.delete(account);
    this.#behind.delete(account);
    this.#free.push(behind);
  }

  /** Creates (PUT) or deletes (DELETE) a container as the control plane does, past the caller's rights. */
  async control(method: "PUT" | "DELETE", account: string, container: string): Promise<void> {
    const path = `/${this.#behind.get(account)}/${container}?restype=container`;
    const { status } = await this.#asControlPlane(method, path);
    if (status >= 300 && status !== 404) throw new Error(`${method} ${path} was answered with ${status}`);
  }

  /**
   * Asks for a blob past the caller's rights, as Azure's own services do.
   *
   * @param blob its name as it stands in a URL @example "declared/site.json"
   */
  async blob(
    method: "GET" | "HEAD" | "PUT" | "DELETE",
    account: string,
    container: string,
    blob: string,
    more: { headers?: object; body?: Buffer } = {},
  ): Promise<IncomingMessage> {
    const path = `/${this.#behind.get(account)}/${container}/${blob}`;
    const headers = { ...(await this.#asItself()), ...more.headers, "content-length": more.body?.length ?? 0 };
    return new Promise((resolve, reject) => {
      this.#forward({ method, path, headers }, resolve).on("error", reject).end(more.body);
    });
  }

  /** Whether there is any blob in a container, which is there. */
  async holdsBlobs(account: string, container: string): Promise<boolean> {
    const path = `/${this.#behind.get(account)}/${container}?restype=container&comp=list&maxresults=1`;
    return (await this.#asControlPlane("GET", path)).body.includes("<Blob>");
  }

  async #asControlPlane(method: string, path: string): Promise<{ status: number; body: string }> {
    const headers = { ...(await this.#asItself()), "content-length": "0" };
    return new Promise((resolve, reject) => {
      this.#forward({ method, path, headers }, (reply) => {
        text(reply).then((body) => resolve({ status: reply.statusCode ?? 502, body }), reject);
      })
        .on("error", reject)
        .end();
    });
  }

  async #asItself() {
    const token = await this.#authority.issue("control-plane", STORAGE_AUDIENCE);
    return { authorization: `Bearer ${token}`, "x-ms-version": "2023-11-03" };
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    // The path as it came: what is judged must be what is handed on, and a blob may well be called "a/../b".
    const [pathname = "", query] = (incoming.url ?? "/").split("?", 2);
    const [, accountName = "", container = "", ...blob] = pathname.split("/");
    const account = this.#accountNamed(accountName);
    const behind = this.#behind.get(accountName);
    if (!account || !behind) {
      throw new Refused(404, "ResourceNotFound", `there is no storage account ${accountName}`);
    }
    const blobRequest = {
      method: incoming.method ?? "GET",
      container,
      blob: blob.join("/"),
      query: new URLSearchParams(query),
      onlyIfNew: incoming.headers["if-none-match"] === "*",
    };
    await this.#authorize(incoming, account, blobRequest);
    const prohibited = await immutabilityRefusal(this.#resources, account, blobRequest, () =>
      this.#isThere(accountName, blobRequest),
    );
    if (prohibited) throw new Refused(409, prohibited.code, prohibited.message);

    const path = `/${behind}${(incoming.url ?? "/").slice(accountName.length + 1)}`;
    const { host: _, ...headers } = incoming.headers;
    const onward = this.#forward({ method: incoming.method, path, headers }, (reply) => {
      if (outgoing.destroyed) return void reply.destroy();
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      // Whichever side goes away takes the other along: half an answer must not look like a slow one.
      pipeline(reply, outgoing, () => {});
    });
    onward.on("error", (error) => refuse(outgoing, error));
    incoming.pipe(onward);
    incoming.on("close", () => {
      if (!incoming.complete) onward.destroy();
    });
  }

  #forward(options: { method?: string; path: string; headers: object }, onReply: (reply: IncomingMessage) => void) {
    return request(
      {
        ...options,
        headers: { ...options.headers },
        host: "127.0.0.1",
        port: this.#azuritePort,
        agent: this.#agent,
        ca: this.#certificate.certificate,
      },
      onReply,
    );
  }

  async #authorize(incoming: IncomingMessage, account: Resource, blobRequest: BlobRequest): Promise<void> {
    const [scheme, token = ""] = (incoming.headers.authorization ?? "").split(" ");
    if (scheme === "SharedKey" || scheme === "SharedKeyLite") {
      const message = "Key based authentication is not permitted on this storage account.";
      if (account.properties.allowSharedKeyAccess === false) {
        throw new Refused(403, "KeyBasedAuthenticationNotPermitted", message);
      }
      throw new Refused(501, "NotImplemented", "The local Azure takes tokens only; forbid shared keys on the account.");
    }
    if (scheme !== "Bearer") {
      throw new Refused(401, "NoAuthenticationInformation", "Server failed to authenticate the request.");
    }
    const principal = await this.#authority.principalOf(token, STORAGE_AUDIENCE);
    if (!principal) throw new Refused(401, "InvalidAuthenticationInfo", "The token is not valid for Azure Storage.");
    const scope = `${account.id}/blobServices/default/containers/${blobRequest.container}`;
    if (!isAllowed(this.#resources, principal, scope, actionsFor(blobRequest), blobRequest)) {
      throw new Refused(
        403,
        "AuthorizationPermissionMismatch",
        "This request is not authorized to perform this operation using this permission.",
      );
    }
  }

  /** Whether there is the blob that a request is for; for a container, whether there is any blob in it. */
  async #isThere(account: string, { container, blob }: BlobRequest): Promise<boolean> {
    if (blob === "") return this.holdsBlobs(account, container);
    const reply = await this.blob("HEAD", account, container, blob);
    reply.resume();
    return reply.statusCode === 200;
  }

  #accountNamed(name: string): Resource | undefined {
    return this.#resources.list("Microsoft.Storage/storageAccounts").find(({ id }) => id.endsWith(`/${name}`));
  }
}

/** A blob's name as it stands in a URL, its slashes as they are. */
export function inUrl(name: unknown): string {
  return String(name).split("/").map(encodeURIComponent).join("/");
}

function refuse(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.headersSent) return void outgoing.destroy();
  const { status, code, message } =
    error instanceof Refused ? error : { status: 503, code: "ServerBusy", message: String(error) };
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  // The connection may still carry a body that nobody will read.
  outgoing
    .writeHead(status, { "content-type": "application/xml", "x-ms-error-code": code, connection: "close" })
    .end(body);
}
