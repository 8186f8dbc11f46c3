import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import type { Certificate } from "../local/certificate.ts";
import { Doors } from "../local/doors.ts";
import { type HttpsService, serveHttps } from "../local/https.ts";
import type { Authority } from "./authority.ts";
import { AzuriteClient } from "./azurite-client.ts";
import { type Asked, accountIn, readRequest, withCase } from "./blob-asked.ts";
import { nameIn } from "./blob-names.ts";
import { Refused, refuse } from "./blob-refusal.ts";
import { BlobRequests } from "./blob-requests.ts";
import { BlobRights } from "./blob-rights.ts";
import { checkWrite } from "./blob-rules.ts";
import { deletesSoftly, keepsVersions } from "./blob-settings.ts";
import { BlobVersions, pathOf } from "./blob-versions.ts";
import { pull, unverified } from "./copy-source.ts";
import { AzureFaults } from "./faults.ts";
import { immutabilityRefusal } from "./immutability.ts";
import type { Resource, ResourceManager } from "./resource-manager.ts";
import { listVersions } from "./version-listing.ts";

export { STORAGE_AUDIENCE } from "./azurite-client.ts";
export { inUrl } from "./blob-names.ts";

/** What a blob service shares with the rest of its Azure. */
export interface Surroundings {
  /** Where it is met. */
  doors: Doors;
  faults: AzureFaults;
}

/**
 * The blob endpoint of every storage account: lets pass to Azurite what the account's settings and the
 * caller's role assignments allow, and does what Azurite cannot: keep versions, and pull from any URL. Azurite
 * has a fixed set of accounts, one of which stands behind each account here.
 */
export class BlobService {
  readonly #resources: ResourceManager;
  readonly #certificate: Certificate;
  readonly #surroundings: Surroundings;
  readonly #azurite: AzuriteClient;
  readonly #versions: BlobVersions;
  readonly #rights: BlobRights;
  readonly #requests: BlobRequests;
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
    surroundings: Surroundings,
  ) {
    this.#resources = resources;
    this.#certificate = certificate;
    this.#surroundings = surroundings;
    this.#azurite = new AzuriteClient(azurite.port, authority, certificate);
    this.#versions = new BlobVersions(this.#azurite);
    this.#rights = new BlobRights(resources, authority, this.#azurite, this.#versions);
    this.#requests = new BlobRequests(this.#azurite, this.#versions);
    this.#free = [...azurite.accounts];
  }

  static async start(
    resources: ResourceManager,
    authority: Authority,
    azurite: { port: number; accounts: string[] },
    certificate: Certificate,
    surroundings: Surroundings = { doors: new Doors(), faults: new AzureFaults(new Doors()) },
  ): Promise<BlobService> {
    const service = new BlobService(resources, authority, azurite, certificate, surroundings);
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
    this.#azurite.close();
  }

  #listen(): Promise<HttpsService> {
    const answer = (incoming: IncomingMessage, outgoing: ServerResponse) =>
      this.#answer(incoming, outgoing).catch((error) => refuse(outgoing, error));
    return serveHttps(this.#certificate, answer, this.#surroundings.doors);
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
    await this.#versions.forget(account, behind);
    const { body } = await this.#azurite.ask("GET", `/${behind}/?comp=list`);
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
    const behind = String(this.#behind.get(account));
    const path = `/${behind}/${container}?restype=container`;
    const { status } = await this.#azurite.ask(method, path);
    if (status >= 300 && status !== 404) throw new Error(`${method} ${path} was answered with ${status}`);
    if (method === "DELETE") await this.#versions.forget(account, behind, container);
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
    const place = { account, behind: String(this.#behind.get(account)), container, blob: nameIn(blob) };
    const carryOut = () => this.#azurite.open(method, `/${place.behind}/${container}/${blob}`, more);
    const found = this.#accountNamed(account);
    const writes = method === "PUT" || method === "DELETE";
    if (writes) this.#expectWritable(container);
    if (!writes || !found || !keepsVersions(this.#resources, found)) return carryOut();
    return (await this.#versions.change(place, { removes: method === "DELETE" }, carryOut)).reply;
  }

  /** Whether there is any blob, or version of one, in a container, which is there. */
  async holdsBlobs(account: string, container: string): Promise<boolean> {
    if (this.#versions.hasFormers(account, container)) return true;
    const path = `/${this.#behind.get(account)}/${container}?restype=container&comp=list&maxresults=1`;
    return (await this.#azurite.ask("GET", path)).body.includes("<Blob>");
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const asked = this.#read(incoming);
    const { account, place, request } = asked;
    const principal = await this.#rights.authorize(incoming, asked);
    if (request.method !== "GET" && request.method !== "HEAD") this.#expectWritable(request.container);
    checkWrite(request, incoming.rawHeaders);
    const prohibited = await immutabilityRefusal(this.#resources, account, request, () => this.#isThere(asked));
    if (prohibited) throw new Refused(409, prohibited.code, prohibited.message);

    const { method, blob, query } = request;
    const comp = query.get("comp") ?? "";
    const id = query.get("versionid");
    if (method === "GET" && blob === "" && comp === "list") return this.#list(asked, incoming, outgoing);
    if (blob !== "" && id !== null) {
      if (method === "DELETE") return this.#deleteVersion(asked, id, outgoing);
      return relay(await this.#requests.ofVersion(asked, id, incoming), outgoing);
    }
    if (method === "PUT" && comp === "undelete" && asked.versions) {
      this.#versions.undelete(place);
      return void outgoing.writeHead(200).end();
    }
    const copies = method === "PUT" && incoming.headers["x-ms-copy-source"] !== undefined;
    if (copies) return this.#copy(asked, principal, incoming, outgoing);
    relay(await this.#requests.carryOut(asked, incoming), outgoing);
    if (method === "DELETE" && blob === "") await this.#versions.forget(place.account, place.behind, request.container);
  }

  /** @throws Refused while nothing is written there */
  #expectWritable(container: string): void {
    const refusal = this.#surroundings.faults.refusalOf(container);
    if (refusal) throw new Refused(refusal.status, refusal.code, refusal.message);
  }

  #read(incoming: IncomingMessage): Asked {
    const name = accountIn(incoming);
    const account = this.#accountNamed(name);
    const behind = this.#behind.get(name);
    if (!account || !behind) throw new Refused(404, "ResourceNotFound", `there is no storage account ${name}`);
    const asked = readRequest(incoming, account, behind, keepsVersions(this.#resources, account));
    if (BlobVersions.isHidden(asked.request.container)) {
      throw new Refused(404, "ContainerNotFound", "The specified container does not exist.");
    }
    return asked;
  }

  async #deleteVersion({ account, place }: Asked, id: string, outgoing: ServerResponse): Promise<void> {
    const softly = deletesSoftly(this.#resources, account);
    await this.#versions.delete(place, id, softly);
    outgoing.writeHead(202, { "x-ms-delete-type-permanent": String(!softly) }).end();
  }

  /** A list of blobs, with their versions where that is asked for, or of containers, without those that are ours. */
  async #list(asked: Asked, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { place, request } = asked;
    const included = (request.query.get("include") ?? "").split(",");
    if (request.container !== "" && !included.includes("versions")) {
      return relay(await this.#requests.carryOut(asked, incoming), outgoing);
    }
    const { status, headers, body } =
      request.container === ""
        ? await this.#azurite.ask("GET", asked.path)
        : await listVersions(this.#azurite, this.#versions, place, request.query);
    const shown = body.replace(/<Container><Name>([^<]+)<\/Name>.*?<\/Container>/gs, (whole, name) =>
      BlobVersions.isHidden(name) ? "" : whole,
    );
    const { "transfer-encoding": _, "content-length": __, ...rest } = headers;
    outgoing.writeHead(status, rest).end(shown);
  }

  /** Copy Blob within Azurite, or what is pulled from anywhere: Put Blob From URL and Put Block From URL. */
  async #copy(asked: Asked, principal: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { headers, request } = asked;
    const block = request.query.get("comp") === "block";
    if (!block && incoming.headers["x-ms-blob-type"] === undefined) {
      const source = await this.#sourceOf(asked, principal, String(incoming.headers["x-ms-copy-source"]));
      const within = { ...asked, headers: { ...headers, "x-ms-copy-source": source } };
      return relay(await this.#requests.carryOut(within, incoming), outgoing);
    }
    const pulled = await pull(incoming.headers, block ? "block" : "blob", this.#certificate.certificate);
    const stored = { ...asked, headers: withCase(pulled.headers, incoming.rawHeaders) };
    const reply = await this.#requests.carryOut(stored, pulled.body);
    reply.headers["x-ms-content-crc64"] = pulled.crc64();
    relay(reply, outgoing);
  }

  /** Where Azurite has the source of a Copy Blob, which must be in the same account here. @throws Refused */
  async #sourceOf({ account, place }: Asked, principal: string, url: string): Promise<string> {
    const { host, pathname, searchParams: query } = new URL(url);
    const [, name = "", container = "", ...rest] = pathname.split("/");
    const refused = (statusCode: number, code: string) =>
      unverified({ statusCode, headers: { "x-ms-error-code": code } });
    const own = name === place.account && (this.accountAt(host) === name || this.url === `https://${host}`);
    // Of another account only what is public could be had so; nothing here is.
    if (!own) throw refused(409, "PublicAccessNotPermitted");
    const request = { method: "GET", container, blob: rest.join("/"), query, onlyIfNew: false };
    const source = { ...place, container, blob: nameIn(request.blob) };
    const readable = await this.#rights.may(principal, account, source, request);
    if (!readable) throw refused(403, "AuthorizationPermissionMismatch");
    const id = query.get("versionid");
    const snapshot = query.get("snapshot");
    if (id === null || this.#versions.currentOf(source)?.id === id) {
      const search = snapshot === null ? "" : `?snapshot=${encodeURIComponent(snapshot)}`;
      return this.#azurite.urlOf(`${pathOf(source)}${search}`);
    }
    const former = this.#versions.former(source, id);
    if (!former || former.deleted) throw refused(404, "BlobNotFound");
    return this.#azurite.urlOf(this.#versions.held(source, id));
  }

  /** Whether there is the blob, or the version, that a request is for; for a container, whether there is any blob in it. */
  async #isThere({ place, request }: Asked): Promise<boolean> {
    if (request.blob === "") return this.holdsBlobs(place.account, request.container);
    const id = request.query.get("versionid");
    if (id !== null) return this.#versions.former(place, id) !== undefined;
    return (await this.#azurite.ask("HEAD", pathOf(place))).status === 200;
  }

  #accountNamed(name: string): Resource | undefined {
    return this.#resources.list("Microsoft.Storage/storageAccounts").find(({ id }) => id.endsWith(`/${name}`));
  }
}

function relay(reply: IncomingMessage, outgoing: ServerResponse): void {
  if (outgoing.destroyed) return void reply.destroy();
  outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
  // Whichever side goes away takes the other along: half an answer must not look like a slow one.
  pipeline(reply, outgoing, () => {});
}
