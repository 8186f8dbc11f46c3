import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { TokenCredential } from "@azure/identity";
import { given, headersOf, Rest } from "./rest.ts";
import { encodePath, encodeQuery } from "./url-text.ts";

/** The version of the blob service that is spoken; its metadata, tags and conditions are what this room relies on. */
const VERSION = "2023-11-03";

/** What a token for Azure Storage is asked for. */
export const STORAGE_SCOPE = "https://storage.azure.com/.default";

/** A token is renewed so long before it ends, in milliseconds. */
const RENEW_BEFORE = 5 * 60_000;

/** A request to a blob of a container, or to the container itself. */
export interface BlobRequest {
  method: "GET" | "HEAD" | "PUT" | "DELETE";
  /** Name of the blob; without it the container is meant. */
  blob?: string;
  query?: Record<string, string>;
  headers?: Record<string, string | undefined>;
  body?: Buffer;
}

/** One container of Blob Storage. */
export class BlobClient {
  readonly #path: string;
  readonly #credential: TokenCredential;
  readonly #rest: Rest;
  #token: { value: string; renewAt: number } | undefined;
  #renewal: Promise<string> | undefined;

  /**
   * @param container URL of the container
   * @param silence how long a connection may be silent, in milliseconds @default 30 s
   */
  constructor(container: string, credential: TokenCredential, silence?: number) {
    const url = new URL(container);
    this.#path = url.pathname.replace(/\/$/, "");
    this.#credential = credential;
    this.#rest = new Rest(
      url,
      {
        code: (headers) => headers["x-ms-error-code"]?.toString(),
        sign: async ({ headers, body }) => ({
          ...given(headers),
          authorization: `Bearer ${await this.#bearer()}`,
          "x-ms-version": VERSION,
          "x-ms-date": new Date().toUTCString(),
          "content-length": String(body?.length ?? 0),
        }),
      },
      silence,
    );
  }

  /** Sends a request whose answer has no body of interest, and returns its headers. @throws RefusedError */
  async send(request: BlobRequest): Promise<IncomingHttpHeaders> {
    return headersOf(await this.open(request));
  }

  /** Sends a request and returns the text of the answer. @throws RefusedError */
  async text(request: BlobRequest): Promise<string> {
    return text(await this.open(request));
  }

  /** Sends a request and returns the answer, to be read. @throws RefusedError */
  open({ method, blob, query = {}, headers = {}, body }: BlobRequest): Promise<IncomingMessage> {
    const search = encodeQuery(query);
    const name = blob === undefined ? "" : `/${encodePath(blob)}`;
    const path = `${this.#path}${name}${search && `?${search}`}`;
    const what = `${method} of ${blob === undefined ? "the container" : JSON.stringify(blob)}`;
    return this.#rest.open({ method, path, headers, body, what });
  }

  async #bearer(): Promise<string> {
    if (this.#token && Date.now() < this.#token.renewAt) return this.#token.value;
    // One renewal at a time, whoever asks.
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renew(): Promise<string> {
    const token = await this.#credential.getToken(STORAGE_SCOPE);
    if (!token) throw new Error("Entra gave no token for Azure Storage");
    this.#token = { value: token.token, renewAt: token.expiresOnTimestamp - RENEW_BEFORE };
    return token.token;
  }
}
