import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Certificate } from "../local/certificate.ts";
import type { Doors } from "../local/doors.ts";
import { type HttpsService, serveHttps } from "../local/https.ts";
import type { BlobService } from "./blob-service.ts";
import type { ResourceManager } from "./resource-manager.ts";

/** The headers of a blob that a visitor of the website sees too. */
const SHOWN = ["content-type", "content-length", "content-encoding", "cache-control", "etag", "last-modified"];

/** What an enabled website serves for folders, and for what is not there. */
interface Site {
  indexDocument?: string;
  error404Document?: string;
}

/**
 * The web endpoints of storage accounts: whoever asks gets what is in the account's container `$web`, without
 * a sign-in, whatever the account says of anonymous access ("Static website hosting in Azure Storage").
 */
export class StaticWebsites {
  readonly #resources: ResourceManager;
  readonly #blobs: BlobService;
  readonly #certificate: Certificate;
  readonly #doors: Doors;
  readonly #services = new Map<string, HttpsService>();

  constructor(resources: ResourceManager, blobs: BlobService, certificate: Certificate, doors: Doors) {
    this.#resources = resources;
    this.#blobs = blobs;
    this.#certificate = certificate;
    this.#doors = doors;
  }

  /** Gives an account its web endpoint; it answers 404 until the account's website is enabled. */
  async open(account: string): Promise<void> {
    if (this.#services.has(account)) return;
    const service = await serveHttps(
      this.#certificate,
      (incoming, outgoing) => this.#answer(account, incoming, outgoing),
      this.#doors,
    );
    this.#services.set(account, service);
  }

  shut(account: string): void {
    this.#services.get(account)?.close();
    this.#services.delete(account);
  }

  close(): void {
    for (const account of [...this.#services.keys()]) this.shut(account);
  }

  /** Where an account's website answers, with a slash at the end. @throws Error for an account that is not open */
  endpointOf(account: string): string {
    const service = this.#services.get(account);
    if (!service) throw new Error(`the storage account ${account} has no web endpoint: open it first`);
    return `${service.url}/`;
  }

  async #answer(account: string, { method = "GET", url = "/" }: IncomingMessage, outgoing: ServerResponse) {
    if (method !== "GET" && method !== "HEAD") return void outgoing.writeHead(405, { allow: "GET, HEAD" }).end();
    const site = this.#siteOf(account);
    const [path = "/"] = url.split("?", 1);
    const found =
      site && (await this.#find(account, method, path.endsWith("/") ? path + (site.indexDocument ?? "") : path));
    if (found) return send(200, found, outgoing);
    const page = site?.error404Document && (await this.#find(account, method, `/${site.error404Document}`));
    if (page) return send(404, page, outgoing);
    outgoing.writeHead(404, { "content-type": "text/html" }).end("The requested content does not exist.");
  }

  #siteOf(account: string): Site | undefined {
    const sites = this.#resources.list("Microsoft.Storage/storageAccounts/staticWebsite");
    return sites.find(({ id }) => id.includes(`/storageAccounts/${account}/`))?.properties;
  }

  async #find(account: string, method: "GET" | "HEAD", path: string): Promise<IncomingMessage | undefined> {
    const steps = path.slice(1).split("/");
    // Nobody may climb out of the website's container into another one.
    if (steps.at(-1) === "" || steps.some((step) => /^(\.|%2e){1,2}$/i.test(step))) return undefined;
    const reply = await this.#blobs.blob(method, account, "$web", steps.join("/"));
    if (reply.statusCode === 200) return reply;
    reply.resume();
    return undefined;
  }
}

async function send(status: number, blob: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const headers = Object.entries(blob.headers).filter(([name]) => SHOWN.includes(name));
  outgoing.writeHead(status, Object.fromEntries(headers));
  await pipeline(blob, outgoing);
}
