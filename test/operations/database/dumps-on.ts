import { Readable } from "node:stream";
import { type DumpKind, dumpId, dumpNames } from "../../../lambdas/database/layout.ts";
import type { Manifest } from "../../../lambdas/database/manifest.ts";
import { type DumpStore, MissingError } from "../../../lambdas/database/store.ts";

/** Files of dumps, held in memory. */
export class MemoryDumps implements DumpStore {
  readonly place = "memory";
  readonly files = new Map<string, Buffer>();

  async list(prefix: string) {
    const names = [...this.files.keys()].filter((name) => name.startsWith(prefix)).sort();
    return names.map((name) => ({ name, size: this.files.get(name)?.length ?? 0 }));
  }

  async read(name: string): Promise<Readable> {
    const file = this.files.get(name);
    if (!file) throw new MissingError(`memory has no ${name}`);
    return Readable.from([file]);
  }

  async write(name: string, body: AsyncIterable<Buffer>): Promise<number> {
    const file = Buffer.concat(await Array.fromAsync(body));
    this.files.set(name, file);
    return file.length;
  }
}

/** A manifest of a dump with a few rows. @param begun in ISO 8601 */
export function manifestOf(
  begun: string,
  { kind = "daily" as DumpKind, chunks = 3 } = {},
): Manifest & { kind: DumpKind } {
  return {
    version: 1,
    dump: dumpId(new Date(begun)),
    kind,
    frozen: { gtid: "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-77", server: "s", version: "8.4.7" },
    startedAt: begun,
    sealedAt: begun,
    schemas: ["app", "shop"],
    definitions: { size: 11, sha256: "00" },
    rows: 100 * chunks,
    bytes: 5000 * chunks,
    size: chunks,
    chunks: Array.from({ length: chunks }, (_, index) => ({
      ...{ chunk: index + 1, schema: "shop", table: "orders", range: { equal: [] } },
      ...{ rows: 100, bytes: 5000, size: index + 1, sha256: "00", checksum: "00" },
    })),
    obstacles: [{ severity: "warning", subject: "shop.logs", problem: "it has no key", mend: "give it one" }],
  };
}

/** Names and lengths of a complete dump's files, but for its manifest. */
export function filesOf({ kind, dump, definitions, chunks }: Manifest): { name: string; size: number }[] {
  const names = dumpNames(kind, dump);
  return [
    { name: names.definitions, size: definitions.size },
    ...chunks.map(({ chunk, size }) => ({ name: names.chunk(chunk), size })),
  ];
}

/** Lays a complete dump into a store, all but some of its files. */
export async function lay(store: DumpStore, manifest: Manifest, without: readonly string[] = []): Promise<void> {
  const { signal } = new AbortController();
  const files = filesOf(manifest).filter(({ name }) => !without.includes(name));
  for (const { name, size } of files) await store.write(name, Readable.from([Buffer.alloc(size)]), signal);
  const text = Buffer.from(JSON.stringify(manifest));
  await store.write(dumpNames(manifest.kind, manifest.dump).manifest, Readable.from([text]), signal);
}
