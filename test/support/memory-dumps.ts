import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type DumpKind, dumpNames, momentOf } from "../../lambdas/database/layout.ts";
import type { Manifest } from "../../lambdas/database/manifest.ts";
import { type DumpStore, MissingError, type Stored } from "../../lambdas/database/store.ts";

/** A store of dumps that a test fills. */
export class MemoryDumps implements DumpStore {
  readonly place = "memory://dumps";
  readonly files = new Map<string, Buffer>();
  readonly #writtenAt = new Map<string, Date>();
  /** Prefixes that were listed. */
  readonly listed: string[] = [];

  async list(prefix: string): Promise<Stored[]> {
    this.listed.push(prefix);
    return [...this.files]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, { length: size }]) => ({ name, size, writtenAt: this.#writtenAt.get(name) ?? new Date() }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async read(name: string): Promise<Readable> {
    const found = this.files.get(name);
    if (!found) throw new MissingError(`${this.place} has no ${name}`);
    return Readable.from([found]);
  }

  async write(name: string, body: AsyncIterable<Buffer>): Promise<number> {
    const content = await buffer(Readable.from(body));
    this.files.set(name, content);
    return content.length;
  }

  /** Lays a dump of some chunks here. @param without names of what has not arrived */
  add(
    dump: string,
    { kind = "daily" as DumpKind, chunks = 2, without = [] as string[], arrivedAt = momentOf(dump) } = {},
  ): void {
    const names = dumpNames(kind, dump);
    const files = [names.definitions, ...Array.from({ length: chunks }, (_, at) => names.chunk(at + 1))];
    for (const name of files) this.files.set(name, Buffer.from(name));
    const text = JSON.stringify(manifestOf(dump, kind, chunks));
    this.files.set(names.manifest, Buffer.from(text));
    this.#writtenAt.set(names.manifest, arrivedAt);
    for (const name of without) this.files.delete(name);
  }
}

function manifestOf(dump: string, kind: DumpKind, chunks: number): Manifest {
  const names = dumpNames(kind, dump);
  const sha256 = "0".repeat(64);
  return {
    version: 1,
    ...{ dump, kind, startedAt: "2026-11-21T02:15:00Z", sealedAt: "2026-11-21T03:00:00Z" },
    frozen: { gtid: "", server: "u", version: "8.4.7" },
    schemas: ["shop"],
    definitions: { size: names.definitions.length, sha256 },
    ...{ rows: 0, bytes: 0, size: 0, obstacles: [] },
    chunks: Array.from({ length: chunks }, (_, at) => ({
      ...{ chunk: at + 1, schema: "shop", table: "orders", range: { equal: [] } },
      ...{ rows: 0, bytes: 0, size: names.chunk(at + 1).length, sha256, checksum: "0" },
    })),
  };
}
