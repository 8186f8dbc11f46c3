import { setTimeout as delay } from "node:timers/promises";
import pLimit from "p-limit";
import type { Fetch, FetchOptions } from "../local/names.ts";
import type { OrderRecord, Try } from "./record.ts";

/** Finds the host that a name means now, as the users' own resolver would. */
export interface Resolver {
  resolve(name: string): Promise<string>;
}

export interface OrderClientOptions {
  /** The app's name, by which users know it. @example "app.example.com" */
  appName: string;
  resolver: Resolver;
  fetch: Fetch;
  record: OrderRecord;
  /** New orders per second, at most 50. @default 10 */
  rate?: number;
  /** How long a try may take, in milliseconds. @default 2000 */
  limit?: number;
  /** How long a failed order rests before it is tried the second time, in milliseconds. @default 1000 */
  rest?: number;
  /** @default "/healthz" */
  healthPath?: string;
}

/** First tries that may be under way at once: twice what 50 orders per second make of tries that take 2 s. */
const FIRST_TRIES = 200;

/** Tries of failed orders that may be under way at once; the first tries of later orders do not wait for them. */
const FURTHER_TRIES = 20;

/** The rest between tries doubles up to so many times the first. */
const LONGEST_REST = 8;

/** How often the health and the rows are read, in milliseconds. */
const HEALTH_EVERY = 1000;
const ROWS_EVERY = 5000;

/** Writes orders steadily as a good client does: each under a key of its own, again and again until it is confirmed. */
export class OrderClient {
  readonly #options: Required<OrderClientOptions>;
  readonly #run = crypto.randomUUID().slice(0, 8);
  readonly #first = pLimit(FIRST_TRIES);
  readonly #further = pLimit(FURTHER_TRIES);
  readonly #open = new Set<Promise<void>>();
  readonly #closed = new AbortController();
  readonly #stopped = new AbortController();
  #loops: Promise<void>[] = [];

  /** @throws Error for a rate that is out of bounds */
  constructor(options: OrderClientOptions) {
    this.#options = { rate: 10, limit: 2000, rest: 1000, healthPath: "/healthz", ...options };
    const { rate } = this.#options;
    if (!(rate > 0 && rate <= 50))
      throw new Error(`expected more than 0 and at most 50 orders per second, found ${rate}`);
  }

  /** Orders that were begun and are not confirmed yet. */
  get open(): number {
    return this.#open.size;
  }

  start(): void {
    this.#loops = [
      this.#every(1000 / this.#options.rate, (number) => this.#begin(number)),
      this.#every(HEALTH_EVERY, () => this.#read("health", this.#options.healthPath)),
      this.#every(ROWS_EVERY, () => this.#read("rows", "/rows")),
    ];
  }

  /** Begins no new order, and ends. @param patience how long the open orders are still tried, in milliseconds */
  async stop(patience = 0): Promise<void> {
    this.#closed.abort();
    const enough = delay(patience, undefined, { signal: this.#stopped.signal }).catch(() => {});
    await Promise.race([enough, Promise.all(this.#open)]);
    this.#stopped.abort(new Error("the client was stopped"));
    await Promise.all([...this.#open, ...this.#loops]);
  }

  /** Does something at a steady pace, which what is done does not slow down. */
  async #every(interval: number, act: (number: number) => void): Promise<void> {
    const started = performance.now();
    for (let number = 1; !this.#closed.signal.aborted; number += 1) {
      act(number);
      const pause = Math.max(0, started + number * interval - performance.now());
      await delay(pause, undefined, { signal: this.#closed.signal }).catch(() => {});
    }
  }

  #begin(number: number): void {
    const placed = this.#place(`order-${this.#run}-${String(number).padStart(6, "0")}`).catch((error) => {
      if (!this.#stopped.signal.aborted) throw error;
    });
    this.#open.add(placed);
    placed.then(() => this.#open.delete(placed));
  }

  async #place(key: string): Promise<void> {
    const { signal } = this.#stopped;
    if (await this.#first(() => this.#order(key))) return;
    const { rest } = this.#options;
    for (let pause = rest; ; pause = Math.min(2 * pause, LONGEST_REST * rest)) {
      // Spread out, so that the orders of one outage do not all come back at once.
      await delay(pause * (0.5 + Math.random()), undefined, { signal });
      if (await this.#further(() => this.#order(key))) return;
    }
  }

  #order(key: string): Promise<boolean> {
    const headers = { "content-type": "application/json", "idempotency-key": key };
    const body = JSON.stringify({ text: `text of ${key}` });
    return this.#try("order", key, "/rows", { method: "POST", headers, body });
  }

  #read(asked: "health" | "rows", path: string): void {
    void this.#try(asked, "", path, {});
  }

  /** Sends one request to where DNS says, and writes down what came of it. */
  async #try(asked: Try["asked"], key: string, path: string, options: FetchOptions): Promise<boolean> {
    const { appName, resolver, fetch, record, limit } = this.#options;
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(limit)]);
    const outcome = { asked, key, host: "", sentAt: record.now(), status: 0, error: "", well: false };
    try {
      outcome.host = await within(signal, resolver.resolve(appName));
      const response = await fetch(`https://${appName}${path}`, { ...options, at: outcome.host, signal });
      outcome.status = response.status;
      outcome.error = faultOf(response.status, await response.text(), key);
      outcome.well = outcome.error === "";
    } catch (error) {
      outcome.error = signal.aborted ? `no answer within ${limit} ms` : reasonOf(error);
    }
    // A try that was cut short by our own end says nothing about the site.
    if (outcome.well || !this.#stopped.signal.aborted) record.tried({ ...outcome, endedAt: record.now() });
    return outcome.well;
  }
}

/** What is wrong with an answer; nothing when it is the right one, which for an order shows the order's own key. */
function faultOf(status: number, text: string, key: string): string {
  if (status !== 200 && status !== 201) return `status ${status}`;
  if (key === "") return "";
  try {
    const found = Object(JSON.parse(text)).key;
    return found === key ? "" : `the answer to ${key} is about ${found}`;
  } catch {
    return "the answer to an order is no JSON";
  }
}

/** A message of few kinds, so that the failures can be counted by it. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== undefined) return code;
  return message.split(/[;\n]/)[0] ?? "";
}

/** What a promise comes to, unless the signal comes first. */
export async function within<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}
