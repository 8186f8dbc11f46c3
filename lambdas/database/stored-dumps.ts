import { text } from "node:stream/consumers";
import { type CopyKind, type DumpKind, dumpNames, dumpOf, MANIFESTS, momentOf } from "./layout.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import type { DumpStore, Stored } from "./store.ts";

/** What a dump is read from. */
export type Reading = Pick<DumpStore, "list" | "read">;

/** A dump that has a manifest; without one there is none. */
export interface Dump {
  kind: DumpKind;
  dump: string;
  /** When it was begun, as its name says: every row is as it was some minutes after that. */
  begunAt: Date;
  /** When its manifest was written here, by the store's own clock; absent where the store tells none. */
  arrivedAt?: Date;
}

/** The same of whatever kind: also of a copy of the standby's own data. */
export type AnyDump = Omit<Dump, "kind"> & { kind: CopyKind };

/** What was looked at. */
export type LookedAt<D extends AnyDump = Dump> = D & {
  /** Absent when it can't be read, or is another's. */
  manifest?: Manifest;
  /** What is missing or damaged, each in a line; a complete dump has none. */
  faults: string[];
};

/** The dumps that have a manifest, the newest first. */
export async function listDumps(store: Reading, signal: AbortSignal): Promise<Dump[]> {
  const dumps = (await store.list(MANIFESTS, signal)).flatMap(({ name, writtenAt }) => {
    const found = dumpOf(name);
    return found ? [{ ...found, begunAt: momentOf(found.dump), ...(writtenAt && { arrivedAt: writtenAt }) }] : [];
  });
  return dumps.sort((one, other) => other.begunAt.getTime() - one.begunAt.getTime());
}

/**
 * Reads a dump's manifest, and looks whether all its files stand with the sizes that it tells.
 *
 * @throws Error when the store can't be read, which says nothing of the dump
 */
export async function lookAt<D extends AnyDump>(store: Reading, dump: D, signal: AbortSignal): Promise<LookedAt<D>> {
  const name = dumpNames(dump.kind, dump.dump).manifest;
  const content = await text(await store.read(name, signal));
  let manifest: Manifest;
  try {
    manifest = readManifest(content, name);
  } catch (error) {
    return { ...dump, faults: [(error as Error).message] };
  }
  if (manifest.dump !== dump.dump || manifest.kind !== dump.kind) {
    return { ...dump, faults: [`${name} is the manifest of the ${manifest.kind} dump ${manifest.dump}`] };
  }
  const files = await store.list(`${dump.kind}/${dump.dump}/`, signal);
  return { ...dump, manifest, faults: faultsOf(manifest, files) };
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
