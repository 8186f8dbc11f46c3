import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { AzuriteClient } from "./azurite-client.ts";
import type { Asked } from "./blob-asked.ts";
import { Refused } from "./blob-refusal.ts";
import { type BlobVersions, pathOf } from "./blob-versions.ts";

/** Operations after which there is another version, by their `comp` ("Blob versioning"). */
const MAKES_VERSION = ["", "blocklist", "metadata", "properties"];

/** Carries requests out that may be, and keeps the versions of what they change. */
export class BlobRequests {
  readonly #azurite: AzuriteClient;
  readonly #versions: BlobVersions;

  constructor(azurite: AzuriteClient, versions: BlobVersions) {
    this.#azurite = azurite;
    this.#versions = versions;
  }

  /** @param body what is to be stored; the client's own, or what is pulled for it */
  async carryOut(asked: Asked, body: Readable): Promise<IncomingMessage> {
    const { place, request, versions } = asked;
    if (!versions || request.blob === "") return this.#send(asked, body);
    const comp = request.query.get("comp") ?? "";
    const removes = request.method === "DELETE" && !request.query.has("snapshot");
    if (removes || (request.method === "PUT" && MAKES_VERSION.includes(comp))) {
      const change = { onlyIfNew: request.onlyIfNew, removes };
      const { reply, id } = await this.#versions.change(place, change, () => this.#send(asked, body));
      // Set Blob Properties does not tell ("Set Blob Properties", response headers).
      if (id && comp !== "properties") reply.headers["x-ms-version-id"] = id;
      return reply;
    }
    const reply = await this.#send(asked, body);
    const { etag } = reply.headers;
    if (request.method === "PUT" && (reply.statusCode ?? 502) < 300) this.#versions.touch(place, reply.headers);
    const reads = request.method === "GET" || request.method === "HEAD";
    if (!reads || !etag || request.query.has("snapshot")) return reply;
    return tell(reply, await this.#versions.read(place, etag));
  }

  /** Answers for one version of a blob, which Azurite may hold somewhere else. @throws Refused */
  async ofVersion(asked: Asked, id: string, body: Readable): Promise<IncomingMessage> {
    const { place, request } = asked;
    const query = new URLSearchParams(request.query);
    query.delete("versionid");
    const search = query.size > 0 ? `?${query}` : "";
    if (this.#versions.currentOf(place)?.id === id) {
      const reply = await this.#send({ ...asked, path: `${pathOf(place)}${search}` }, body);
      const { etag } = reply.headers;
      const found = etag === undefined ? { id, current: true } : await this.#versions.read(place, etag);
      if (found?.id === id) return tell(reply, found);
      // It was overwritten in between, and is a former one by now.
      reply.destroy();
    }
    const former = this.#versions.former(place, id);
    if (!former || former.deleted) throw new Refused(404, "BlobNotFound", "The specified blob does not exist.");
    const headers = Object.fromEntries(
      Object.entries(asked.headers).map(([name, value]) => [name, String(value).replace(former.etag, former.heldAs)]),
    );
    // The client's own body may have been spent on the current version.
    const rest = request.method === "PUT" ? body : Readable.from([]);
    const reply = await this.#send({ ...asked, headers, path: `${this.#versions.held(place, id)}${search}` }, rest);
    for (const name of Object.keys(reply.headers)) if (name.startsWith("x-ms-copy-")) delete reply.headers[name];
    const own = { etag: `"${former.etag}"`, "last-modified": former.modified };
    if (reply.headers.etag) Object.assign(reply.headers, own);
    return tell(reply, { id, current: false });
  }

  #send({ request: { method }, path, headers }: Asked, body: Readable): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      if (body.destroyed) return void reject(body.errored ?? new Error("the client went away"));
      const onward = this.#azurite.forward({ method, path, headers }, resolve);
      onward.on("error", reject);
      body.on("error", reject).pipe(onward);
      // Whichever side goes away takes the other along: half a blob must not look like a whole one.
      body.on("close", () => {
        if (!("complete" in body ? body.complete : body.readableEnded)) onward.destroy();
      });
    });
  }
}

/** Says in an answer which version it is about. */
function tell(reply: IncomingMessage, version: { id: string; current: boolean } | undefined): IncomingMessage {
  if (version) reply.headers["x-ms-version-id"] = version.id;
  if (version?.current) reply.headers["x-ms-is-current-version"] = "true";
  return reply;
}
