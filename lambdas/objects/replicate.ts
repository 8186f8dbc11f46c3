import type { Budget } from "./budget.ts";
import { type Outcome, type Rule, toStandby } from "./decision.ts";
import { Permanent } from "./failure.ts";
import { Corrupted, readWhole } from "./read-whole.ts";
import { ONE_PUT_BYTES } from "./sizes.ts";
import {
  type Description,
  type Expected,
  type Opened,
  Overtaken,
  type Source,
  type SourceRecord,
  type State,
  type Target,
} from "./store.ts";
import { carryParts } from "./transfer.ts";

/** How often a side may move on while one key is worked on before the message goes back to the queue. */
const MOST_ATTEMPTS = 5;

/** How often bytes may come damaged before somebody has to look at them. */
const MOST_CORRUPTED = 3;

/**
 * A write that took so long, in milliseconds, from the reading on, is worth a look at what happened meanwhile. To look
 * after each would be a third of all requests, for changes whose own events are on their way.
 */
const LONG = 1000;

/** Up to so many bytes are sent before it is known whether there is a copy: most keys are new, and a look costs more. */
const SENT_UNSEEN_BYTES = 256 * 1024;

/** What stands on the tombstone of what was never copied. */
const NEVER_COPIED: SourceRecord = { etag: "never-copied", version: "", bytes: 0, modified: new Date(0) };

export interface Options {
  /** What is done when. @default from the primary to the standby */
  rule?: Rule;
  /** Memory for content, shared by all that work at once. */
  budget: Budget;
  /** When to stop a large object half-way, on the clock of `performance.now()`. @default never */
  deadline?: number;
  /** Whether the target is to fetch large objects itself. @default false */
  pull?: boolean;
  /** Called before anything is written. @throws Fenced @default always */
  mayWrite?(): Promise<void>;
}

/** What became of a key, and what it took. */
export interface Result {
  outcome: Outcome;
  /** Bytes of the content that was written; 0 when none was. */
  bytes: number;
  /** Version of the source, where there are versions, or else its ETag. */
  version: string;
}

/**
 * Brings the copy of one key to the source's state of now.
 *
 * The copy is looked at first and the source after it, and the write holds only if the copy is still as it was seen.
 * Whoever writes has therefore seen a source at least as new as all that was ever written before: a copy never goes
 * back, whatever the order, the number and the speed of those who work on the key; a deletion leaves its mark for that
 * too. If the source has moved on meanwhile, the event of that comes as well; after a write that took long it is not
 * waited for, and the source is looked at again.
 *
 * @throws Unfinished, Fenced, Permanent, or what either side answered; see `judge`
 */
export async function replicate(source: Source, target: Target, key: string, options: Options): Promise<Result> {
  const work = new Work(source, target, key, options);
  let corrupted = 0;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    try {
      const done = attempt === 0 && options.rule === undefined ? await work.unseen() : await work.seen();
      if (done) return done;
    } catch (error) {
      if (error instanceof Corrupted && ++corrupted === MOST_CORRUPTED) throw new Permanent(error.message);
      if (!(error instanceof Overtaken) && !(error instanceof Corrupted)) throw error;
      work.afresh = corrupted > 0;
      work.contested = attempt > 0;
    }
  }
  throw new Error(`one of both sides changed ${MOST_ATTEMPTS} times while the object was copied`);
}

/** The work on one key, one attempt after the other; an attempt that comes to nothing returns undefined. */
class Work {
  readonly #source: Source;
  readonly #target: Target;
  readonly #key: string;
  readonly #rule: Rule;
  readonly #options: Required<Omit<Options, "rule">>;
  /** Whether nothing is taken up that an earlier attempt left, because what it brought was damaged. */
  afresh = false;
  /**
   * Whether others were faster more than once: then what is small is written in parts too. Some servers do not let a
   * blob be put where parts of another upload still lie; to commit parts clears them away.
   */
  contested = false;
  /** What was written last. */
  #written: State | undefined;
  /** When the source was asked, on the clock of `performance.now()`: what it answered may be that old. */
  #asked = 0;

  constructor(source: Source, target: Target, key: string, options: Options) {
    this.#source = source;
    this.#target = target;
    this.#key = key;
    this.#rule = options.rule ?? toStandby;
    this.#options = { deadline: Number.POSITIVE_INFINITY, pull: false, mayWrite: async () => {}, ...options };
  }

  /** Takes it that there is no copy yet, of which the write makes sure. */
  async unseen(): Promise<Result | undefined> {
    this.#asked = performance.now();
    const opened = await this.#source.open(this.#key);
    if (!opened || opened.state.gone || opened.state.bytes > SENT_UNSEEN_BYTES) {
      opened?.body.destroy();
      return undefined;
    }
    return this.#writeWhole(opened, "nothing");
  }

  async seen(): Promise<Result | undefined> {
    const copy = await this.#target.look(this.#key);
    this.#asked = performance.now();
    const looked = await this.#source.look(this.#key);
    const step = this.#rule(looked, copy);
    if (step.do === "refuse") throw new Permanent(step.reason);
    if (step.do === "nothing") return this.#result(step.outcome, looked);
    if (step.do === "hide") {
      await this.#options.mayWrite();
      await this.#target.hide(this.#key, copy ? copy.record : NEVER_COPIED, step.expected);
      // A deletion can be taken back, to a state of before: then its event may have found a copy as it should be.
      const now = await this.#source.look(this.#key);
      return now && !now.gone ? undefined : this.#result(copy ? "hidden" : "gone", looked);
    }
    return this.#write(looked as State, step.expected);
  }

  async #write(looked: State, expected: Expected): Promise<Result | undefined> {
    if (looked.bytes > ONE_PUT_BYTES || this.contested) {
      const sides = { source: this.#source, target: this.#target, key: this.#key };
      const { afresh } = this;
      await carryParts({ ...sides, state: looked, description: describe(looked), expected, afresh, ...this.#options });
      return this.#lookAgain(looked);
    }
    const opened = await this.#source.open(this.#key);
    if (!opened) return undefined;
    // Newer than what was looked at, and meanwhile perhaps a tombstone, or large.
    if (opened.state.gone || opened.state.bytes > ONE_PUT_BYTES) {
      opened.body.destroy();
      return undefined;
    }
    return this.#writeWhole(opened, expected);
  }

  async #writeWhole({ state, body }: Opened, expected: Expected): Promise<Result | undefined> {
    try {
      await this.#options.budget.within(state.bytes, async () => {
        const { content, checksum } = await readWhole(body, state);
        await this.#options.mayWrite();
        await this.#target.put(this.#key, content, describe(state, checksum), expected);
      });
    } finally {
      // A transfer that stops half-way leaves the rest unread, and with it one of the client's connections in use.
      body.destroy();
    }
    return this.#lookAgain(state);
  }

  /** The result, when the source is still what was written; otherwise there is more to do. */
  async #lookAgain(written: State): Promise<Result | undefined> {
    this.#written = written;
    if (!this.#tookLong()) return this.#result("copied", written);
    const now = await this.#source.look(this.#key);
    return now && sameState(now, written) ? this.#result("copied", now) : undefined;
  }

  #tookLong(): boolean {
    return performance.now() - this.#asked >= LONG;
  }

  #result(outcome: Outcome, source: State | undefined): Result {
    const version = source?.version || source?.etag || "";
    // Somebody else may have brought what we found: then what we wrote before is of no account.
    if (outcome === "unchanged" && this.#written) return { outcome: "copied", bytes: this.#written.bytes, version };
    return { outcome, bytes: outcome === "copied" ? (this.#written?.bytes ?? 0) : 0, version };
  }
}

function describe(
  { headers, metadata, tags, etag, version, bytes, modified }: State,
  checksum?: Description["record"]["checksum"],
): Description {
  return { headers, metadata, tags, record: { etag, version, bytes, modified, checksum } };
}

function sameState(one: State, other: State): boolean {
  return (
    one.etag === other.etag && one.version === other.version && one.modified.getTime() === other.modified.getTime()
  );
}
