import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

/** Waits before each further try, in milliseconds; what lasts longer is for the queue to wait for. */
const WAITS = [200, 1000, 3000];

/** The most that a service may ask us to wait here, in milliseconds. */
const LONGEST_WAIT = 10_000;

/** How long a connection may be silent, in milliseconds. */
const SILENCE = 30_000;

/** Connections of one client at once. */
const MOST_SOCKETS = 64;

/** What a service refused. */
export class RefusedError extends Error {
  readonly status: number;
  /** The service's own word for it. @example "BlobNotFound" */
  readonly code: string;
  /** Seconds that the service asks to wait; NaN when it does not say. */
  readonly retryAfter: number;
  /** @example "PUT" */
  readonly method: string;

  /** @param what was asked, beginning with the method @example 'PUT of "index.html"' */
  constructor(what: string, status: number, code: string, retryAfter = Number.NaN) {
    super(`${what} was answered with ${code} (status ${status})`);
    this.method = what.split(" ", 1)[0] ?? what;
    this.name = "RefusedError";
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** One request, ready but for what signs it. */
export interface RestRequest {
  method: "GET" | "HEAD" | "PUT" | "DELETE";
  /** Path and query, encoded as they are sent. */
  path: string;
  headers: Record<string, string | undefined>;
  body?: Buffer;
  /** What is asked, for messages. @example 'GET of "index.html"' */
  what: string;
}

/** How one service is spoken to. */
export interface Dialect {
  /** The headers of a request, with those that say who asks. */
  sign(request: RestRequest): Promise<Record<string, string>>;
  /** The service's word for a refusal in the headers of its answer, if it is there. */
  code(headers: IncomingHttpHeaders): string | undefined;
}

/**
 * A service that is spoken to as its REST API is described, over connections that are kept. The clouds' own clients
 * take three to six times the processor time for a request and twice the memory, and a function pays for both, and for
 * their size at every cold start (docs/performance.md).
 */
export class Rest {
  readonly #origin: URL;
  readonly #dialect: Dialect;
  readonly #agent: HttpAgent;
  readonly #silence: number;

  /**
   * @param origin scheme, host and port; without TLS only on this machine, for what signs requests is worth stealing
   * @param silence how long a connection may be silent, in milliseconds
   */
  constructor(origin: URL, dialect: Dialect, silence = SILENCE) {
    const { protocol, hostname } = origin;
    if (protocol !== "https:" && !["127.0.0.1", "localhost"].includes(hostname)) {
      throw new Error(`expected an https URL, found ${origin.href}`);
    }
    this.#origin = origin;
    this.#dialect = dialect;
    this.#silence = silence;
    const options = { keepAlive: true, maxSockets: MOST_SOCKETS };
    this.#agent = protocol === "https:" ? new HttpsAgent(options) : new HttpAgent(options);
    // There is one place to go to: to make a name of all its properties for each request takes longer than to sign it.
    this.#agent.getName = () => "";
  }

  /** Sends a request and returns the answer, to be read. Tries again what may go well then. @throws RefusedError */
  async open(request: RestRequest): Promise<IncomingMessage> {
    for (const wait of WAITS) {
      try {
        return await this.#once(request);
      } catch (error) {
        const asked = waitFor(error as Error, wait);
        if (asked === undefined) throw error;
        await delay(asked);
      }
    }
    return this.#once(request);
  }

  async #once(request: RestRequest): Promise<IncomingMessage> {
    const response = await this.#send(request, await this.#dialect.sign(request));
    const { statusCode: status = 0, headers } = response;
    if (status < 300) return response;
    const code = this.#dialect.code(headers) ?? (await codeIn(response)) ?? `status ${status}`;
    response.resume();
    throw new RefusedError(request.what, status, code, Number(headers["retry-after"] ?? Number.NaN));
  }

  #send({ method, path, body }: RestRequest, headers: Record<string, string>): Promise<IncomingMessage> {
    const { protocol, hostname, port } = this.#origin;
    const send = protocol === "https:" ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const sent = send(
        { host: hostname, port, agent: this.#agent, method, path, headers, timeout: this.#silence },
        (response) => {
          // Afterwards the timer is for the body; whoever reads it meets the error.
          sent.off("error", reject).on("error", (error) => response.destroy(error));
          resolve(response);
        },
      );
      sent.on("timeout", () => sent.destroy(new Error(`${hostname} was silent for ${this.#silence / 1000} s`)));
      sent.on("error", reject).end(body);
    });
  }
}

/** The headers of an answer whose body is of no interest. */
export function headersOf(response: IncomingMessage): IncomingHttpHeaders {
  response.resume();
  return response.headers;
}

/** Without those that have no value. */
export function given(headers: Record<string, string | undefined>): Record<string, string> {
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
function waitFor(error: Error, wait: number): number | undefined {
  // Two silences are a minute already: with more of them an invocation would end before it could put the message off.
  if (isSilence(error)) return wait === WAITS[0] ? wait : undefined;
  if (!(error instanceof RefusedError)) return isNetwork(error) ? wait : undefined;
  const { status, retryAfter } = error;
  if ((status < 500 && status !== 429 && status !== 408) || status === 501) return undefined;
  const asked = Number.isFinite(retryAfter) ? retryAfter * 1000 : 0;
  // So that many who were refused together do not come back together, and nobody before he was asked to.
  return Math.min(LONGEST_WAIT, Math.max(wait, asked)) * (1 + Math.random() / 2);
}

function isSilence({ message = "" }: Partial<Error>): boolean {
  return / was silent for /.test(message);
}

function isNetwork(error: unknown): boolean {
  const { code = "", message = "" } = error as NodeJS.ErrnoException;
  return (
    ["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT", "EAI_AGAIN"].includes(code) || message.includes("hang up")
  );
}
