import { setTimeout as delay } from "node:timers/promises";
import { RefusedError } from "../objects/rest.ts";

/** Waits before each further try, in milliseconds; what lasts longer is for the queue to wait for. */
const WAITS = [200, 1000, 3000];

/** The longest wait that a service may ask for and that is waited for here, in milliseconds. */
const LONGEST_WAIT = 20_000;

/** How long a service may be silent, in milliseconds. */
const SILENCE = 30_000;

/** One request to a registry. */
export interface Asked {
  method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH";
  url: URL;
  headers?: Record<string, string>;
  body?: Buffer;
  /** What is asked, for messages; begins with the method. @example "GET of the manifest shop/web:latest" */
  what: string;
  /** Whether it can be sent again when nobody knows what came of it. @default true */
  again?: boolean;
}

/** An answer whose body stops coming is an error too. */
export interface Answer {
  status: number;
  headers: Headers;
  /** The bytes, as they come. */
  body: AsyncIterable<Buffer>;
  /** All of it, for what is small. @throws Error when it has more bytes than that */
  whole(most: number): Promise<Buffer>;
}

/**
 * Sends a request; follows where it is sent on to, without telling others who we are. Tries again what may go well then.
 *
 * @returns any answer below 400, and 404
 * @throws RefusedError for all others
 */
export async function ask(asked: Asked): Promise<Answer> {
  for (const wait of WAITS) {
    try {
      return await once(asked);
    } catch (error) {
      const pause = pauseFor(error as Error, wait, asked.again ?? true);
      if (pause === undefined) throw error;
      await delay(pause);
    }
  }
  return once(asked);
}

async function once({ method, url, headers, body, what }: Asked): Promise<Answer> {
  const silence = new Silence(url.hostname);
  let response: Response;
  try {
    // A Buffer may lie in a larger one; a view of it is what is sent.
    response = await fetch(url, { method, headers, body: body && new Uint8Array(body), signal: silence.signal });
  } catch (error) {
    throw silence.explain(error);
  } finally {
    silence.over();
  }
  const answer = answerOf(response, url.hostname);
  if (response.status < 400 || response.status === 404) {
    // What nobody reads would keep its connection.
    if (method === "HEAD" || response.status === 404) await response.body?.cancel();
    return answer;
  }
  const text = await answer.whole(64 * 1024).catch(() => Buffer.alloc(0));
  throw new RefusedError(
    what,
    response.status,
    codeIn(text.toString()) ?? `status ${response.status}`,
    asked(response),
  );
}

/** Seconds that an answer asks to wait. RFC 9110 has a number of them, or a date. */
function asked({ headers }: Response): number {
  const value = headers.get("retry-after");
  if (value === null) return Number.NaN;
  const seconds = Number(value);
  return Number.isFinite(seconds) ? seconds : Math.max(0, (Date.parse(value) - Date.now()) / 1000);
}

/** The first code of a registry's list of errors. */
function codeIn(text: string): string | undefined {
  return /"code"\s*:\s*"([A-Za-z_ ]{1,60})"/.exec(text)?.[1];
}

/** How long to wait before the next try; undefined where another try would change nothing. */
function pauseFor(error: Error, wait: number, again: boolean): number | undefined {
  if (!(error instanceof RefusedError)) return again ? wait : undefined;
  const { status, retryAfter } = error;
  if ((status < 500 && status !== 429 && status !== 408) || status === 501) return undefined;
  if (status !== 429 && !again) return undefined;
  const told = Number.isFinite(retryAfter) ? retryAfter * 1000 : 0;
  if (told > LONGEST_WAIT) return undefined;
  // Nobody comes back before he was asked to, nor all together.
  return Math.max(wait, told) * (1 + Math.random() / 4);
}

function answerOf({ status, headers, body }: Response, host: string): Answer {
  const bytes = body ? guarded(body as AsyncIterable<Uint8Array>, host) : empty();
  return {
    status,
    headers,
    body: bytes,
    async whole(most) {
      const parts: Buffer[] = [];
      let length = 0;
      for await (const part of bytes) {
        length += part.length;
        if (length > most) throw new Error(`${host} answered with more than ${most} bytes`);
        parts.push(part);
      }
      return Buffer.concat(parts);
    },
  };
}

async function* empty(): AsyncGenerator<Buffer> {}

/** The bytes of an answer; a silence in the middle ends them with an error. */
async function* guarded(body: AsyncIterable<Uint8Array>, host: string): AsyncGenerator<Buffer> {
  const iterator = body[Symbol.asyncIterator]();
  try {
    while (true) {
      const silence = new Silence(host);
      const next = await Promise.race([iterator.next(), silence.broken]).finally(() => silence.over());
      if (next.done) return;
      yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
  } finally {
    // Not waited for: a body that is stuck does not end by being told to.
    void iterator.return?.()?.catch(() => {});
  }
}

/** A service's silence, which becomes an error when it lasts. */
class Silence {
  readonly #aborted = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #host: string;
  readonly broken: Promise<never>;

  constructor(host: string) {
    this.#host = host;
    this.broken = new Promise((_, reject) => {
      this.#aborted.signal.addEventListener("abort", () => reject(this.#error()));
    });
    // Whoever does not wait for it must not die of it.
    this.broken.catch(() => {});
    this.#timer = setTimeout(() => this.#aborted.abort(), SILENCE);
  }

  get signal(): AbortSignal {
    return this.#aborted.signal;
  }

  over(): void {
    clearTimeout(this.#timer);
  }

  explain(error: unknown): Error {
    if (this.#aborted.signal.aborted) return this.#error();
    // fetch says "fetch failed"; what failed stands behind it.
    const { cause } = error as { cause?: unknown };
    return cause instanceof Error ? cause : (error as Error);
  }

  #error(): Error {
    return new Error(`${this.#host} was silent for ${SILENCE / 1000} s`);
  }
}
