import { RefusedError } from "../objects/rest.ts";
import type { Authorization, Scope } from "./authorization.ts";
import { type Answer, type Asked, ask } from "./http.ts";
import { ACCEPTED, type Descriptor, digestLike, LARGEST_MANIFEST, OCI_INDEX, readManifest } from "./manifest.ts";
import { isDigest } from "./names.ts";

/** A manifest as it stands at a registry, byte for byte. */
export interface Stored {
  digest: string;
  mediaType: string;
  bytes: Buffer;
}

/** Tags that are asked for at once; AWS takes 1000 at most ("ListImages"), Azure too. */
const PAGE = 1000;

/** One registry, spoken to as the distribution specification of OCI says, and in no other way. */
export class Registry {
  readonly #origin: URL;
  readonly #authorization: Authorization;

  /** @param origin scheme, host and port; without TLS only on this machine @example "https://shop.azurecr.io" */
  constructor(origin: string, authorization: Authorization) {
    this.#origin = new URL(origin);
    const { protocol, hostname } = this.#origin;
    if (protocol !== "https:" && !["127.0.0.1", "localhost"].includes(hostname)) {
      throw new Error(`expected an https URL of a registry, found ${origin}`);
    }
    this.#authorization = authorization;
  }

  /** The digest that a tag or digest stands for; undefined where there is none. */
  async digestOf(repository: string, reference: string): Promise<string | undefined> {
    const answer = await this.#ask("HEAD", { repository, write: false }, `manifests/${reference}`, {
      headers: { accept: ACCEPTED },
    });
    if (answer.status === 404) return undefined;
    const digest = answer.headers.get("docker-content-digest") ?? "";
    // A registry should say it, and need not.
    return isDigest(digest) ? digest : (await this.manifest(repository, reference))?.digest;
  }

  /** A manifest by its tag or digest; undefined where there is none. @throws Error when it is not what its digest says */
  async manifest(repository: string, reference: string): Promise<Stored | undefined> {
    const answer = await this.#ask("GET", { repository, write: false }, `manifests/${reference}`, {
      headers: { accept: ACCEPTED },
    });
    if (answer.status === 404) return undefined;
    const bytes = await answer.whole(LARGEST_MANIFEST);
    const named = isDigest(reference) ? reference : (answer.headers.get("docker-content-digest") ?? "");
    const digest = digestLike(isDigest(named) ? named : "sha256:".padEnd(71, "0"), bytes);
    if (isDigest(named) && digest !== named) {
      throw new Error(`expected a manifest of digest ${named} in ${repository}, found ${digest}: it was damaged`);
    }
    return { digest, mediaType: answer.headers.get("content-type") ?? "", bytes };
  }

  /** Writes a manifest under a tag or its digest; all that it names must be there. */
  async putManifest(
    repository: string,
    reference: string,
    { mediaType, bytes }: Omit<Stored, "digest">,
  ): Promise<void> {
    const answer = await this.#ask("PUT", { repository, write: true }, `manifests/${reference}`, {
      headers: { "content-type": mediaType },
      body: bytes,
    });
    this.#found(answer, "PUT", `${repository}/manifests/${reference}`);
  }

  /** Whether the repository has a blob. */
  async hasBlob(repository: string, digest: string): Promise<boolean> {
    return (await this.#ask("HEAD", { repository, write: false }, `blobs/${digest}`)).status !== 404;
  }

  /** A blob's bytes from an offset on; undefined where there is none. @throws Error where it begins elsewhere */
  async readBlob(repository: string, digest: string, from: number): Promise<AsyncIterable<Buffer> | undefined> {
    const headers = from > 0 ? { range: `bytes=${from}-` } : undefined;
    const answer = await this.#ask("GET", { repository, write: false }, `blobs/${digest}`, { headers });
    if (answer.status === 404) return undefined;
    return from > 0 && answer.status !== 206 ? without(answer.body, from) : answer.body;
  }

  /** Takes a blob from another repository, where that has it. @returns where to upload it otherwise; undefined when it is done */
  async mountBlob(repository: string, digest: string, from: string): Promise<URL | undefined> {
    const query = `?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from)}`;
    const answer = await this.#ask("POST", { repository, write: true, from }, `blobs/uploads/${query}`);
    return answer.status === 201 ? undefined : this.#location(answer, repository);
  }

  /** Begins to upload a blob. @returns where to */
  async beginUpload(repository: string): Promise<URL> {
    const answer = await this.#ask("POST", { repository, write: true }, "blobs/uploads/");
    return this.#location(answer, repository);
  }

  /** Sends the next bytes of an upload, once: nobody knows what came of it when it fails. @returns where the next go to */
  async append(repository: string, upload: URL, bytes: Buffer, offset: number): Promise<URL> {
    const headers = {
      "content-type": "application/octet-stream",
      "content-range": `${offset}-${offset + bytes.length - 1}`,
    };
    const answer = await this.#at("PATCH", repository, upload, { headers, body: bytes, again: false });
    return this.#location(answer, repository);
  }

  /** How far an upload has come, and where the next bytes go to; undefined when the registry knows nothing of it. */
  async progress(repository: string, upload: URL): Promise<{ offset: number; upload: URL } | undefined> {
    const answer = await this.#at("GET", repository, upload, {});
    if (answer.status === 404) return undefined;
    const end = /^(?:bytes=)?0-(\d+)$/.exec(answer.headers.get("range") ?? "")?.[1];
    // Nothing is written 0-0 by some, which others mean one byte by: then what is there is not known, so it is lost.
    const offset = end === undefined || end === "0" ? 0 : Number(end) + 1;
    return { offset, upload: answer.headers.has("location") ? this.#location(answer, repository) : upload };
  }

  /** Ends an upload with its last bytes. The registry keeps it only if they all are what the digest says. */
  async finish(repository: string, upload: URL, digest: string, bytes?: Buffer): Promise<void> {
    const url = new URL(upload);
    url.searchParams.append("digest", digest);
    const headers = { "content-type": "application/octet-stream" };
    this.#found(await this.#at("PUT", repository, url, { headers, body: bytes, again: false }), "PUT", "an upload");
  }

  /** All tags of a repository, none where there is no such repository. */
  async *tags(repository: string): AsyncGenerator<string> {
    let next: URL | undefined = this.#url(repository, `tags/list?n=${PAGE}`);
    while (next) {
      const answer: Answer = await this.#at("GET", repository, next, {}, false);
      if (answer.status === 404) return;
      const { tags } = JSON.parse((await answer.whole(LARGEST_MANIFEST)).toString()) as { tags?: string[] | null };
      yield* tags ?? [];
      next = this.#next(answer);
    }
  }

  /** What refers to an image: its signatures, for example; undefined where the registry does not list that. */
  async referrers(repository: string, digest: string): Promise<Descriptor[] | undefined> {
    const found: Descriptor[] = [];
    let next: URL | undefined = this.#url(repository, `referrers/${digest}`);
    while (next) {
      const answer: Answer = await this.#at("GET", repository, next, {}, false);
      // The specification has 404 for a registry without this, and a list, be it empty, for all others.
      if (answer.status === 404) return undefined;
      found.push(...readManifest(await answer.whole(LARGEST_MANIFEST), OCI_INDEX).manifests);
      next = this.#next(answer);
    }
    return found;
  }

  #ask(method: Asked["method"], scope: Scope, path: string, more: Partial<Asked> = {}): Promise<Answer> {
    return this.#send({ method, url: this.#url(scope.repository, path), ...more }, scope, path);
  }

  #at(method: Asked["method"], repository: string, url: URL, more: Partial<Asked>, write = true): Promise<Answer> {
    return this.#send({ method, url, ...more }, { repository, write }, write ? "an upload" : url.pathname);
  }

  async #send(asked: Omit<Asked, "what">, scope: Scope, what: string): Promise<Answer> {
    const told = `${asked.method} of ${scope.repository}: ${what}`;
    const once = async () => {
      // Where to send bytes the registry says itself; who we are is for none but itself.
      const own = asked.url.origin === this.#origin.origin;
      const authorization = own ? await this.#authorization.header(scope) : undefined;
      const headers = { ...asked.headers, ...(authorization && { authorization }) };
      return ask({ ...asked, headers, what: told });
    };
    try {
      return await once();
    } catch (error) {
      // A token may end earlier than it says.
      if (!(error instanceof RefusedError) || error.status !== 401) throw error;
      this.#authorization.forget();
      return once();
    }
  }

  #found({ status }: Answer, method: string, what: string): void {
    if (status === 404) throw new RefusedError(`${method} of ${what}`, 404, "NOT_FOUND");
  }

  #location(answer: Answer, repository: string): URL {
    const location = answer.headers.get("location");
    if (answer.status === 404 || !location) {
      throw new RefusedError(`POST of an upload to ${repository}`, answer.status, "no place to upload to");
    }
    return new URL(location, this.#origin);
  }

  /** The next page of a list; it lies at the same registry. */
  #next({ headers }: Answer): URL | undefined {
    const link = /<([^>]+)>\s*;\s*rel="?next"?/.exec(headers.get("link") ?? "")?.[1];
    return link === undefined ? undefined : new URL(link, this.#origin);
  }

  #url(repository: string, path: string): URL {
    return new URL(`/v2/${repository}/${path}`, this.#origin);
  }
}

/** The bytes after the first ones, of a registry that takes no note of a range. */
async function* without(body: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const part of body) {
    if (part.length > left) yield part.subarray(left);
    left = Math.max(0, left - part.length);
  }
}
