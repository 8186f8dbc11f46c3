import type { Manifest } from "../database/manifest.ts";
import type { DumpStore } from "../database/store.ts";
import { type Dump, type LookedAt, listDumps, lookAt } from "../database/stored-dumps.ts";

/** A dump of which everything has arrived. */
export type CompleteDump = Dump & { manifest: Manifest };

/** What there is to be loaded. */
export interface Newest {
  /** Absent when there is no complete dump. */
  newest?: CompleteDump;
  /** What is passed over and should not be there; for people. */
  notices: string[];
}

/**
 * How far a dump's date may be ahead of the clock here, in milliseconds: what two clocks may differ, and more. One of a
 * later date would be the newest until then, whatever comes.
 */
export const MOST_AHEAD = 60 * 60_000;

/**
 * Finds dumps of which everything has arrived. A manifest is written last, but objects are carried over in any order:
 * here it may well be there before the dump's files.
 */
export class CompleteDumps {
  readonly store: DumpStore;
  readonly #now: () => Date;
  /** The last one that was found: a look at a dump's files takes one request for every 5,000 of them. */
  #known: LookedAt | undefined;

  /** @param now the clock */
  constructor(store: DumpStore, now = () => new Date()) {
    this.store = store;
    this.#now = now;
  }

  /** The newest complete dump. @param without ids of dumps that are not to be taken */
  async newest(without: readonly string[], signal: AbortSignal): Promise<Newest> {
    const notices: string[] = [];
    const latest = this.#now().getTime() + MOST_AHEAD;
    for (const dump of await listDumps(this.store, signal)) {
      if (without.includes(dump.dump)) continue;
      if (dump.begunAt.getTime() > latest) {
        notices.push(`the ${dump.kind} dump ${dump.dump} is passed over, for its date is still to come`);
        continue;
      }
      const { manifest, faults } = await this.#look(dump, signal);
      if (manifest && faults.length === 0) return { newest: { ...dump, manifest }, notices };
      if (!manifest) notices.push(`the ${dump.kind} dump ${dump.dump} is passed over: ${faults.join("; ")}`);
    }
    return { notices };
  }

  /** A dump by its id; undefined when not all of it is there. */
  async find(dump: string, signal: AbortSignal): Promise<Manifest | undefined> {
    if (this.#known?.dump === dump) return this.#known.manifest;
    const named = (await listDumps(this.store, signal)).find((one) => one.dump === dump);
    const { manifest, faults } = (named && (await this.#look(named, signal))) ?? { faults: [] };
    return faults.length === 0 ? manifest : undefined;
  }

  async #look(dump: Dump, signal: AbortSignal): Promise<LookedAt> {
    if (this.#known?.dump === dump.dump && this.#known.kind === dump.kind) return this.#known;
    const looked = await lookAt(this.store, dump, signal);
    if (looked.faults.length === 0) this.#known = looked;
    return looked;
  }
}
