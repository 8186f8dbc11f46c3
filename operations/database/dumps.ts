import { text } from "node:stream/consumers";
import { type DumpKind, dumpNames, dumpOf, MANIFESTS, momentOf } from "../../lambdas/database/layout.ts";
import { type Manifest, readManifest } from "../../lambdas/database/manifest.ts";
import type { DumpStore, Stored } from "../../lambdas/database/store.ts";
import { forEachOf } from "../../lambdas/shared/parallel.ts";

/** What a dump is read from. */
export type Reading = Pick<DumpStore, "list" | "read">;

/** Dumps that are looked at at once: each has a manifest that may be some MB, and a listing. */
const PARALLEL = 8;

/** A dump that has a manifest; without one there is none. */
export interface Dump {
  kind: DumpKind;
  dump: string;
  /** When it was begun: every row is as it was some minutes after that. */
  begunAt: Date;
}

/** A dump that was looked at. */
export interface LookedAt extends Dump {
  /** Absent when it can't be read. */
  manifest?: Manifest;
  /** What is missing or damaged, each in a line; a complete dump has none. */
  faults: string[];
}

/** The dumps that have a manifest, the newest first. */
export async function listDumps(store: Reading, signal: AbortSignal): Promise<Dump[]> {
  const dumps = (await store.list(MANIFESTS, signal)).flatMap(({ name }) => {
    const found = dumpOf(name);
    return found ? [{ ...found, begunAt: momentOf(found.dump) }] : [];
  });
  return dumps.sort((one, other) => other.begunAt.getTime() - one.begunAt.getTime());
}

/** Reads a dump's manifest, and looks whether all its files stand with the sizes that it tells. */
export async function lookAt(store: Reading, dump: Dump, signal: AbortSignal): Promise<LookedAt> {
  const names = dumpNames(dump.kind, dump.dump);
  let manifest: Manifest;
  try {
    manifest = readManifest(await text(await store.read(names.manifest, signal)), names.manifest);
  } catch (error) {
    signal.throwIfAborted();
    return { ...dump, faults: [(error as Error).message] };
  }
  const files = await store.list(`${dump.kind}/${dump.dump}/`, signal);
  return { ...dump, manifest, faults: faultsOf(manifest, files) };
}

/** Looks at all of them, some at once; their order stays. */
export async function lookAtAll(store: Reading, dumps: readonly Dump[], signal: AbortSignal): Promise<LookedAt[]> {
  const looked: LookedAt[] = [];
  async function* each() {
    yield* dumps.entries();
  }
  await forEachOf(each(), PARALLEL, async ([index, dump]) => {
    looked[index] = await lookAt(store, dump, signal);
  });
  return looked;
}

/** Files of a dump that are missing, or not as long as its manifest says; each with its name. */
export function faultsOf({ kind, dump, definitions, chunks }: Manifest, files: readonly Stored[]): string[] {
  const names = dumpNames(kind, dump);
  const sizes = new Map(files.map(({ name, size }) => [name, size]));
  const expected = [
    { name: names.definitions, size: definitions.size },
    ...chunks.map(({ chunk, size }) => ({ name: names.chunk(chunk), size })),
  ];
  return expected.flatMap(({ name, size }) => {
    const found = sizes.get(name);
    if (found === size) return [];
    return [found === undefined ? `${name} is missing` : `${name} has ${found} bytes instead of ${size}`];
  });
}
