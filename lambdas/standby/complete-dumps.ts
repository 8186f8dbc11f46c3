import { text } from "node:stream/consumers";
import { type DumpKind, dumpNames, dumpOf, MANIFESTS } from "../database/layout.ts";
import { type Manifest, readManifest } from "../database/manifest.ts";
import type { DumpStore } from "../database/store.ts";

/** A dump as its manifest's name tells it. */
interface NamedDump {
  kind: DumpKind;
  dump: string;
}

/**
 * Finds dumps of which everything has arrived. A manifest is written last, but objects are carried over in any order:
 * here it may well be there before the dump's files.
 */
export class CompleteDumps {
  readonly store: DumpStore;
  /** The last one that was found: a look at a dump's files takes one request for every 5,000 of them. */
  #known: Manifest | undefined;

  constructor(store: DumpStore) {
    this.store = store;
  }

  /** The newest complete dump; undefined when there is none. @param without ids of dumps that are not to be taken */
  async newest(without: readonly string[], signal: AbortSignal): Promise<Manifest | undefined> {
    for (const named of await this.#named(signal)) {
      if (without.includes(named.dump)) continue;
      const found = await this.#whole(named, signal);
      if (found) return found;
    }
    return undefined;
  }

  /** A dump by its id; undefined when not all of it is there. */
  async find(dump: string, signal: AbortSignal): Promise<Manifest | undefined> {
    if (this.#known?.dump === dump) return this.#known;
    const named = (await this.#named(signal)).find((one) => one.dump === dump);
    return named && this.#whole(named, signal);
  }

  /** A dump if all of it is there. A manifest that can't be read is of none. */
  async #whole({ kind, dump }: NamedDump, signal: AbortSignal): Promise<Manifest | undefined> {
    if (this.#known?.dump === dump && this.#known.kind === kind) return this.#known;
    const manifest = await this.#manifest({ kind, dump }, signal);
    if (!manifest || !(await this.#isComplete(manifest, signal))) return undefined;
    this.#known = manifest;
    return manifest;
  }

  /** All dumps that have a manifest, the newest first. */
  async #named(signal: AbortSignal): Promise<NamedDump[]> {
    const names = await this.store.list(MANIFESTS, signal);
    return names
      .flatMap(({ name }) => dumpOf(name) ?? [])
      .sort((one, other) => (one.dump < other.dump ? 1 : one.dump > other.dump ? -1 : 0));
  }

  async #manifest({ kind, dump }: NamedDump, signal: AbortSignal): Promise<Manifest | undefined> {
    const name = dumpNames(kind, dump).manifest;
    const content = await text(await this.store.read(name, signal));
    try {
      const manifest = readManifest(content, name);
      return manifest.dump === dump && manifest.kind === kind ? manifest : undefined;
    } catch {
      return undefined;
    }
  }

  async #isComplete({ kind, dump, definitions, chunks }: Manifest, signal: AbortSignal): Promise<boolean> {
    const listed = await this.store.list(`${kind}/${dump}/`, signal);
    const sizes = new Map(listed.map(({ name, size }) => [name, size]));
    const names = dumpNames(kind, dump);
    return (
      sizes.get(names.definitions) === definitions.size &&
      chunks.every(({ chunk, size }) => sizes.get(names.chunk(chunk)) === size)
    );
  }
}
