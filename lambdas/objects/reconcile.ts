import { createHash } from "node:crypto";
import { forEachOf } from "../shared/parallel.ts";
import { agreement, type Difference } from "./comparison.ts";
import type { Listed, Listing, Source, State } from "./store.ts";

/** Differences that are looked at again at once. */
const LOOKS = 32;

/** A side as far as it is compared. */
export type Side = Pick<Source, "look"> & Listing;

export interface CompareOptions {
  /** Only keys that begin so. @default all */
  prefix?: string;
  signal?: AbortSignal;
  /** Gets every difference as it is found; the scan waits for it. */
  onDifference?(difference: Difference): void | Promise<void>;
  /** Gets how many keys are through, every thousand. */
  onProgress?(keys: number): void;
}

/** What a comparison came to. */
export interface Comparison {
  /** Objects of the source, and of those the ones whose copies agree. */
  keys: number;
  agreeing: number;
  missing: number;
  different: number;
  extra: number;
  /** Written by the standby itself, and not compared. */
  foreign: number;
  /**
   * Digest of all keys and their states on each side, in hexadecimal; the order of keys does not matter. Equal when
   * and only when both sides hold the same keys in the same states.
   */
  digest: { source: string; copies: string };
}

/**
 * Compares two sides by their listings, in memory that does not grow with the number of keys.
 *
 * Both list in order of their names, side by side. Where the listings differ the key is looked at on both sides: it may
 * have changed meanwhile, and a few names stand elsewhere in the order than their keys.
 */
export async function compare(source: Side, copies: Side, options: CompareOptions = {}): Promise<Comparison> {
  const scan = new Scan(source, copies, options);
  const inQuestion = scan.inQuestion(sideBySide(source, copies, options));
  await forEachOf(inQuestion, LOOKS, (pair) => scan.lookAgain(pair));
  return scan.result();
}

/** What the listings say of a key: both of them, or one. */
interface Pair {
  source?: Listed;
  copy?: Listed;
}

/** Goes through both listings at once, in the order of their keys. */
async function* sideBySide(
  source: Side,
  copies: Side,
  { prefix = "", signal, onProgress }: CompareOptions,
): AsyncGenerator<Pair> {
  const theirs = source.list(prefix)[Symbol.asyncIterator]();
  const ours = copies.list(prefix)[Symbol.asyncIterator]();
  let [one, other] = await Promise.all([next(theirs), next(ours)]);
  for (let count = 1; one || other; count++) {
    signal?.throwIfAborted();
    const order = !one ? 1 : !other ? -1 : compareKeys(one.key, other.key);
    yield { source: order <= 0 ? one : undefined, copy: order >= 0 ? other : undefined };
    if (order <= 0) one = await next(theirs);
    if (order >= 0) other = await next(ours);
    if (count % 1000 === 0) onProgress?.(count);
  }
}

/** The state of a comparison that goes on. */
class Scan {
  readonly #source: Side;
  readonly #copies: Side;
  readonly #options: CompareOptions;
  readonly #counts = { keys: 0, agreeing: 0, missing: 0, different: 0, extra: 0, foreign: 0 };
  readonly #digests = { source: new Digest(), copies: new Digest() };

  constructor(source: Side, copies: Side, options: CompareOptions) {
    this.#source = source;
    this.#copies = copies;
    this.#options = options;
  }

  /** Counts what the listings agree on, and leaves what has to be looked at on both sides. */
  async *inQuestion(pairs: AsyncIterable<Pair>): AsyncGenerator<Pair> {
    for await (const { source, copy } of pairs) {
      if (source) this.#counts.keys += 1;
      if (source && copy && !agreement(source, copy)) this.#agree(source, copy);
      // A tombstone of what is gone, or the standby's own.
      else if (!source && (copy?.gone || !copy?.record)) this.#counts.foreign += copy && !copy.gone ? 1 : 0;
      else yield { source, copy };
    }
  }

  result(): Comparison {
    const { source, copies } = this.#digests;
    return { ...this.#counts, digest: { source: source.hex(), copies: copies.hex() } };
  }

  async lookAgain(listed: Pair): Promise<void> {
    const key = (listed.source ?? listed.copy)?.key ?? "";
    const [source, copy] = await Promise.all([this.#source.look(key), this.#copies.look(key)]);
    const there = copy && listedAs(key, copy);
    if (!source) {
      if (!copy?.record || copy.gone || !there) return;
      this.#digests.copies.add(key, copy.record, copy.bytes);
      return this.#differ({ key, kind: "extra", why: "the source is gone" });
    }
    // It was listed at the source too, and was counted there.
    if (!listed.source) return;
    const difference = agreement(listedAs(key, source), there);
    if (!difference && there) return this.#agree(listedAs(key, source), there);
    this.#digests.source.add(key, source, source.bytes);
    if (copy?.record && !copy.gone) this.#digests.copies.add(key, copy.record, copy.bytes, difference?.why);
    if (difference) await this.#differ(difference);
  }

  #agree(source: Listed, copy: Listed): void {
    this.#counts.agreeing += 1;
    this.#digests.source.add(source.key, source, source.bytes);
    this.#digests.copies.add(copy.key, copy.record ?? source, copy.bytes);
  }

  async #differ(difference: Difference): Promise<void> {
    this.#counts[difference.kind] += 1;
    await this.#options.onDifference?.(difference);
  }
}

/** The sum of the digests of all entries, modulo 2^256: the same in whatever order they come. */
class Digest {
  #sum = 0n;

  /** @param why in what else a copy differs, so that two sides which differ never come to one digest */
  add(key: string, { etag, modified }: { etag: string; modified: Date }, bytes: number, why = ""): void {
    const entry = JSON.stringify([key, etag, modified.getTime(), bytes, why]);
    this.#sum += BigInt(`0x${createHash("sha256").update(entry).digest("hex")}`);
  }

  hex(): string {
    return BigInt.asUintN(256, this.#sum).toString(16).padStart(64, "0");
  }
}

function listedAs(key: string, { etag, bytes, modified, record, gone, checksum }: State): Listed {
  return { key, etag, bytes, modified, record, gone, ...(checksum?.algorithm === "md5" && { md5: checksum.value }) };
}

async function next(side: AsyncIterator<Listed>): Promise<Listed | undefined> {
  const { done, value } = await side.next();
  return done ? undefined : value;
}

/** S3's own order of keys, which is that of their bytes. */
function compareKeys(one: string, other: string): number {
  return one === other ? 0 : Buffer.compare(Buffer.from(one), Buffer.from(other));
}
