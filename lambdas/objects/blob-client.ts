import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import type { TokenCredential } from "@azure/identity";

/** The version of the blob service that is spoken; its metadata, tags and conditions are what this room relies on. */
const VERSION = "2023-11-03";
const SCOPE = "https://storage.azure.com/.default";

/** A token is renewed so long before it ends, in milliseconds. */
const RENEW_BEFORE = 5 * 60_000;

/** Waits before each further try, in milliseconds; what lasts longer is for the queue to wait for. */
const WAITS = [200, 1000, 3000];

/** The most that a service may ask us to wait here, in milliseconds. */
const LONGEST_WAIT = 10_000;

/** How long a connection may be silent, in milliseconds. */
const SILENCE = 30_000;

/** What the service refused. */
export class BlobError extends Error {
  readonly status: number;
  /** Azure's own word for it. @example "BlobNotFound" */
  readonly code: string;
  constructor(what: string, status: number, code: string) {
    super(`${what} was answered with ${code} (status ${status})`);
    this.name = "BlobError";
    this.status = status;
    this.code = code;
  }
}

/** A request to a blob of a container, or to the container itself. */
export interface BlobRequest {
  method: "GET" | "HEAD" | "PUT";
  /** Name of the blob; without it the container is meant. */
  blob?: string;
  query?: Record<string, string>;
  headers?: Record<string, string | undefined>;
  body?: Buffer;
}

/**
 * One container of Blob Storage, spoken to as its REST API is described. The official client is four times as large
 * as all this function needs, which a cold start pays for, and takes several times the CPU for each request.
 */
export class BlobClient {
  readonly #container: URL;
  readonly #credential: TokenCredential;
  readonly #agent: HttpAgent;
  readonly #silence: number;
  #token: { value: string; renewAt: number } | undefined;
  #renewal: Promise<string> | undefined;

  /**
   * @param container URL of the container; without TLS only on this machine, for the token is worth stealing
   * @param silence how long a connection may be silent, in milliseconds
   */
  constructor(container: string, credential: TokenCredential, silence = SILENCE) {
    this.#container = new URL(container);
    const { protocol, hostname } = this.#container;
    if (protocol !== "https:" && !["127.0.0.1", "localhost"].includes(hostname)) {
      throw new Error(`expected an https URL of a container, found ${container}`);
    }
    this.#credential = credential;
    this.#silence = silence;
    const options = { keepAlive: true, maxSockets: 64 };
    this.#agent = protocol === "https:" ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /** Where a blob is. */
  urlOf(blob: string): string {
    return `${this.#container.origin}${this.#path({ method: "GET", blob })}`;
  }

  /** Sends a request whose answer has no body of interest, and returns its headers. @throws BlobError */
  async send(request: BlobRequest): Promise<IncomingMessage["headers"]> {
    const response = await this.open(request);
    response.resume();
    return response.headers;
  }

  /** Sends a request and returns the text of the answer. @throws BlobError */
  async text(request: BlobRequest): Promise<string> {
    return text(await this.open(request));
  }

  /** Sends a request and returns the answer, to be read. Tries again what the service asks to be tried again. @throws BlobError */
  async open(request: BlobRequest): Promise<IncomingMessage> {
    for (const wait of WAITS) {
      try {
        return await this.#once(request);
      } catch (error) {
        const asked = waitFor(error, wait);
        if (asked === undefined) throw error;
        await delay(asked);
      }
    }
    return this.#once(request);
  }

  async #once(request: BlobRequest): Promise<IncomingMessage> {
    const authorization = `Bearer ${await this.#bearer()}`;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const { protocol, hostname, port } = this.#container;
      const send = protocol === "https:" ? httpsRequest : httpRequest;
      send(
        {
          host: hostname,
          port,
          agent: this.#agent,
          method: request.method,
          path: this.#path(request),
          headers: {
            ...given(request.headers),
            authorization,
            "x-ms-version": VERSION,
            "x-ms-date": new Date().toUTCString(),
            "content-length": request.body?.length ?? 0,
          },
          timeout: this.#silence,
        },
        resolve,
      )
        .on("timeout", function (this: { destroy(error: Error): void }) {
          this.destroy(new Error("Azure was silent for too long"));
        })
        .on("error", reject)
        .end(request.body);
    });
    const { statusCode: status = 0 } = response;
    if (status < 300) return response;
    const code = String(response.headers["x-ms-error-code"] ?? "");
    const what = `${request.method} of ${request.blob === undefined ? "the container" : JSON.stringify(request.blob)}`;
    const error = new BlobError(what, status, code || (await codeIn(response)) || `status ${status}`);
    response.resume();
    throw Object.assign(error, { retryAfter: Number(response.headers["retry-after"]) });
  }

  #path({ blob, query = {} }: BlobRequest): string {
    const name = blob === undefined ? "" : `/${blob.split("/").map(encodeURIComponent).join("/")}`;
    // A form's plus sign for a blank is not what a URL has.
    const search = new URLSearchParams(query).toString().replaceAll("+", "%20");
    return `${this.#container.pathname.replace(/\/$/, "")}${name}${search ? `?${search}` : ""}`;
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
    const token = await this.#credential.getToken(SCOPE);
    if (!token) throw new Error("Entra gave no token for Azure Storage");
    this.#token = { value: token.token, renewAt: token.expiresOnTimestamp - RENEW_BEFORE };
    return token.token;
  }
}

function given(headers: BlobRequest["headers"] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}

/** The code in the text of an answer, where no header tells it. */
async function codeIn(response: IncomingMessage): Promise<string | undefined> {
  return /<Code>([^<]+)<\/Code>/.exec(await text(response).catch(() => ""))?.[1];
}

/** How long to wait before the next try; undefined where another try would change nothing. */
function waitFor(error: unknown, wait: number): number | undefined {
  if (!(error instanceof BlobError)) return isNetwork(error) ? wait : undefined;
  if (error.status !== 429 && error.status < 500 && error.status !== 408) return undefined;
  if (error.status === 501) return undefined;
  const { retryAfter } = error as unknown as { retryAfter: number };
  return Math.min(LONGEST_WAIT, Math.max(wait, Number.isFinite(retryAfter) ? retryAfter * 1000 : 0)) * jitter();
}

/** So that many who were refused together do not come back together, and nobody before he was asked to. */
function jitter(): number {
  return 1 + Math.random() / 2;
}

function isNetwork(error: unknown): boolean {
  const { code, message = "" } = error as NodeJS.ErrnoException;
  return (
    ["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT", "EAI_AGAIN"].includes(code ?? "") ||
    /silent|hang up/.test(message)
  );
}
