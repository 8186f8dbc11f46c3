import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type Resolver, within } from "./client.ts";
import type { OrderRecord, Site } from "./record.ts";

/** Writes an object at one site. */
export type ObjectWriter = (key: string, body: Buffer) => Promise<void>;

export interface PublisherOptions {
  /** The content's name, by which users know it. @example "content.example.com" */
  contentName: string;
  resolver: Resolver;
  record: OrderRecord;
  /** Which site a host that DNS gave belongs to. */
  siteOf(host: string): Site | undefined;
  writers: Record<Site, ObjectWriter>;
  /** Objects per second, at most 50. @default 1 */
  rate?: number;
  /** How long a put may take, in milliseconds. @default 2000 */
  limit?: number;
  /** Size of each object, in bytes. @default 1024 */
  bytes?: number;
}

/** Puts that may be under way at once; a tick that finds so many publishes nothing. */
const MOST_PUTS = 200;

/** Publishes one object per tick at the site that the content's name means then; each once, under a key of its own. */
export class Publisher {
  readonly #options: Required<PublisherOptions>;
  readonly #run = crypto.randomUUID().slice(0, 8);
  readonly #stopped = new AbortController();
  readonly #open = new Set<Promise<void>>();
  #loop: Promise<void> | undefined;

  /** @throws Error for a rate that is out of bounds */
  constructor(options: PublisherOptions) {
    this.#options = { rate: 1, limit: 2000, bytes: 1024, ...options };
    const { rate } = this.#options;
    if (!(rate > 0 && rate <= 50))
      throw new Error(`expected more than 0 and at most 50 objects per second, found ${rate}`);
  }

  start(): void {
    this.#loop = this.#publish();
  }

  /** Ends; the puts that are under way are waited for, none longer than its limit. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#loop;
    await Promise.all(this.#open);
  }

  async #publish(): Promise<void> {
    const { signal } = this.#stopped;
    const started = performance.now();
    for (let number = 1; !signal.aborted; number += 1) {
      if (this.#open.size < MOST_PUTS) this.#begin(number);
      const pause = Math.max(0, started + (number * 1000) / this.#options.rate - performance.now());
      await delay(pause, undefined, { signal }).catch(() => {});
    }
  }

  #begin(number: number): void {
    const put = this.#put(`published/${this.#run}/${String(number).padStart(6, "0")}.txt`);
    this.#open.add(put);
    put.then(() => this.#open.delete(put));
  }

  async #put(key: string): Promise<void> {
    const { contentName, resolver, record, siteOf, writers, limit, bytes } = this.#options;
    const body = Buffer.from(`${key}\n`.repeat(Math.ceil(bytes / (key.length + 1)))).subarray(0, bytes);
    const sha256 = createHash("sha256").update(body).digest("hex");
    const outcome = { key, sha256, bytes: body.length, host: "", sentAt: record.now(), error: "", well: false };
    const signal = AbortSignal.timeout(limit);
    try {
      outcome.host = await within(signal, resolver.resolve(contentName));
      const site = siteOf(outcome.host);
      if (!site) throw new Error(`${contentName} means ${outcome.host}, which is the host of neither site`);
      await within(signal, writers[site](key, body));
      outcome.well = true;
    } catch (error) {
      outcome.error = signal.aborted ? `no answer within ${limit} ms` : (error as Error).message;
    }
    record.put({ ...outcome, endedAt: record.now() });
  }
}
