import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { commonState, withPrefix } from "./answer-headers.ts";
import { fromObjectMetadata } from "./metadata.ts";
import { given, headersOf, RefusedError, Rest } from "./rest.ts";
import { readObjectPage, readTags } from "./s3-xml.ts";
import { type Keys, presigned, signed, type Unsigned } from "./signature.ts";
import { type Checksum, type Listed, type Listing, type Opened, Overtaken, type Source, type State } from "./store.ts";
import { encodePath, encodeQuery } from "./url-text.ts";

/** How long a signed URL is good for, in seconds: longer than any invocation. */
const SIGNED_SECONDS = 900;

/** How often in a row the answer to a read may be cut, before that is a failure. */
const MOST_CUTS = 4;

/** Where S3 is, and who asks: a part of the configuration of any of the AWS SDK's clients. */
export interface S3Access {
  region(): Promise<string>;
  credentials(): Promise<Keys>;
  /** A server other than Amazon's own. @default what AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL says */
  endpoint?(): Promise<{ protocol: string; hostname: string; port?: number }>;
}

/** S3 as it is reached. */
interface Connection {
  rest: Rest;
  region: string;
  origin: URL;
  /** What the path of every key begins with. */
  path: string;
}

/** The objects of one bucket, to be read. */
export class S3Reader implements Source, Listing {
  readonly #access: S3Access;
  readonly #bucket: string;
  #connection: Promise<Connection> | undefined;

  constructor(access: S3Access, bucket: string) {
    this.#access = access;
    this.#bucket = bucket;
  }

  async look(key: string): Promise<State | undefined> {
    const head = await unlessMissing(this.#ask("HEAD", key));
    if (head) return this.#stateOf(key, headersOf(head));
    // HEAD cannot tell a key that is gone from a bucket that is gone: its answer has no body.
    const opened = await this.open(key);
    opened?.body.destroy();
    return opened?.state;
  }

  async open(key: string): Promise<Opened | undefined> {
    const body = await unlessGone(this.#ask("GET", key));
    if (!body) return undefined;
    try {
      return { state: await this.#stateOf(key, body.headers), body };
    } catch (error) {
      body.destroy();
      throw error;
    }
  }

  openAt(key: string, { etag, bytes }: State, offset: number): Promise<Readable> {
    return this.#openRange(key, { etag }, offset, bytes - offset, bytes > 0 ? `bytes=${offset}-` : undefined);
  }

  /** Fills a buffer with a part of an object as it was seen. @throws Overtaken when it has changed, or is gone */
  async readAt(key: string, state: State, offset: number, into: Buffer): Promise<void> {
    const { length } = into;
    for (let cuts = 0; ; cuts++) {
      const body = await this.#openRange(key, state, offset, length, `bytes=${offset}-${offset + length - 1}`);
      // An answer may be cut in its middle, when its request is over and nobody asks again.
      const filled = await fill(into, body).catch((error: Error) => error);
      if (filled === length) return;
      if (cuts < MOST_CUTS) continue;
      const why = typeof filled === "number" ? `${filled} bytes` : filled.message;
      throw new Error(`${key}: expected ${length} bytes at ${offset}, found ${why}, again and again`);
    }
  }

  async sign(key: string, { version }: State): Promise<string> {
    const { origin, region, path } = await this.#connect();
    const request: Unsigned = {
      method: "GET",
      host: origin.host,
      path: `${path}/${encodePath(key)}`,
      query: version ? { versionId: version } : {},
      headers: {},
    };
    const query = presigned(request, region, await this.#access.credentials(), new Date(), SIGNED_SECONDS);
    return `${origin.origin}${request.path}?${query}`;
  }

  async *list(prefix: string): AsyncGenerator<Listed> {
    let next = "";
    do {
      const query = { "list-type": "2", "encoding-type": "url", prefix, ...(next && { "continuation-token": next }) };
      const page = readObjectPage(await text(await this.#ask("GET", undefined, { query })));
      yield* page.objects;
      next = page.next;
    } while (next !== "");
  }

  async #openRange(
    key: string,
    { etag }: Pick<State, "etag">,
    offset: number,
    length: number,
    range: string | undefined,
  ): Promise<Readable> {
    const asked = this.#ask("GET", key, { headers: { "if-match": `"${etag}"`, range } });
    const body = await unlessGone(asked).catch((error) => {
      if (error instanceof RefusedError && error.status === 412) throw new Overtaken(error.message);
      throw error;
    });
    if (!body) throw new Overtaken(`${key} is gone`);
    const offered = Number(body.headers["content-length"]);
    if (offered === length) return body;
    body.destroy();
    // Some servers answer with all of it: its beginning must not be taken for its end.
    throw new Error(`${key}: expected ${length} bytes from ${offset} on, was offered ${offered}`);
  }

  #connect(): Promise<Connection> {
    this.#connection ??= connect(this.#access, this.#bucket);
    return this.#connection;
  }

  /** @param key without it the bucket is meant */
  async #ask(method: "GET" | "HEAD", key: string | undefined, more: { query?: Query; headers?: Headers } = {}) {
    const { rest, path } = await this.#connect();
    const search = encodeQuery(more.query ?? {});
    return rest.open({
      method,
      path: `${path}/${encodePath(key ?? "")}${search && `?${search}`}`,
      headers: { "x-amz-checksum-mode": "ENABLED", ...more.headers },
      what: `${method} of ${key === undefined ? "the bucket" : JSON.stringify(key)}`,
    });
  }

  async #stateOf(key: string, headers: IncomingHttpHeaders): Promise<State> {
    const text = (name: string) => headers[name]?.toString();
    const { headers: served, ...common } = commonState(headers);
    const version = text("x-amz-version-id") ?? "";
    const tagged = Number(text("x-amz-tagging-count") ?? 0) > 0;
    return {
      ...common,
      version: version === "null" ? "" : version,
      headers: { ...served, expires: text("expires"), redirect: text("x-amz-website-redirect-location") },
      tags: tagged ? await this.#tags(key, version) : {},
      checksum: checksumOf(text),
      ...fromObjectMetadata(withPrefix(headers, "x-amz-meta-")),
    };
  }

  async #tags(key: string, version: string): Promise<Record<string, string>> {
    const query = { tagging: "", ...(version && { versionId: version }) };
    return readTags(await text(await this.#ask("GET", key, { query })));
  }
}

/** @returns how many bytes there were */
async function fill(into: Buffer, body: Readable): Promise<number> {
  let filled = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) filled += chunk.copy(into, filled);
  return filled;
}

type Query = Record<string, string>;
type Headers = Record<string, string | undefined>;

async function connect(access: S3Access, bucket: string): Promise<Connection> {
  const region = await access.region();
  const { origin, path } = placeOf(await endpointOf(access), region, bucket);
  const rest = new Rest(origin, {
    // S3 tells why only in the text of its answers, and HEAD has none.
    code: () => undefined,
    sign: async ({ method, path, headers }) => {
      const [pathname = "", search = ""] = path.split("?", 2);
      const query = Object.fromEntries(new URLSearchParams(search));
      const request = { method, host: origin.host, path: pathname, query, headers: given(headers) };
      return signed(request, region, await access.credentials(), new Date());
    },
  });
  return { rest, region, origin, path };
}

async function endpointOf({ endpoint }: S3Access): Promise<string | undefined> {
  if (!endpoint) return process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL || undefined;
  const { protocol, hostname, port } = await endpoint();
  return `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
}

/** Amazon's endpoint has the bucket in its name, for which a bucket with dots has no certificate; others have it in the path. */
function placeOf(endpoint: string | undefined, region: string, bucket: string): { origin: URL; path: string } {
  if (endpoint === undefined && !bucket.includes(".")) {
    return { origin: new URL(`https://${bucket}.s3.${region}.amazonaws.com`), path: "" };
  }
  return { origin: new URL(endpoint ?? `https://s3.${region}.amazonaws.com`), path: `/${bucket}` };
}

/** What is gone, as undefined; a delete marker too. Any other 404 is an error: copies are hidden for this one. */
function unlessGone<T>(request: Promise<T>): Promise<T | undefined> {
  return unlessRefused(request, ({ code }) => code === "NoSuchKey");
}

/** What is answered with 404, for whatever reason, as undefined. */
function unlessMissing<T>(request: Promise<T>): Promise<T | undefined> {
  return unlessRefused(request, ({ status }) => status === 404);
}

async function unlessRefused<T>(request: Promise<T>, so: (refusal: RefusedError) => boolean): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof RefusedError && so(error)) return undefined;
    throw error;
  }
}

/** What S3 knows of all the bytes; nothing when it knows only of parts, or has encrypted with a key of the user's. */
function checksumOf(text: (name: string) => string | undefined): Checksum | undefined {
  for (const algorithm of ["crc64nvme", "crc32"] as const) {
    const value = text(`x-amz-checksum-${algorithm}`);
    if (value && !value.includes("-")) return { algorithm, value: Buffer.from(value, "base64").toString("hex") };
  }
  const md5 = /^"([0-9a-f]{32})"$/.exec(text("etag") ?? "")?.[1];
  const own = text("x-amz-server-side-encryption-customer-algorithm") !== undefined;
  const isMd5 = (text("x-amz-server-side-encryption") ?? "AES256") === "AES256" && !own;
  return md5 && isMd5 ? { algorithm: "md5", value: md5 } : undefined;
}
