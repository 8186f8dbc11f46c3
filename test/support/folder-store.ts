import { createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type DumpStore, MissingError, type Stored } from "../../lambdas/database/store.ts";

/** A folder that keeps dumps as a bucket does: what is not written whole is not there. */
export class FolderStore implements DumpStore {
  readonly place: string;
  readonly #files: string;
  readonly #unfinished: string;

  /** @param folder made when it is not there */
  constructor(folder: string) {
    this.place = folder;
    this.#files = join(folder, "files");
    this.#unfinished = join(folder, "unfinished");
  }

  async list(prefix: string, signal: AbortSignal): Promise<Stored[]> {
    signal.throwIfAborted();
    const found = await readdir(this.#files, { recursive: true, withFileTypes: true }).catch(ifMissing(() => []));
    const names = found
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.#files, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
      .filter((name) => name.startsWith(prefix))
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return Promise.all(names.map(async (name) => ({ name, size: (await stat(join(this.#files, name))).size })));
  }

  async read(name: string, signal: AbortSignal): Promise<Readable> {
    const file = await open(join(this.#files, name)).catch(
      ifMissing(() => {
        throw new MissingError(`there is no ${name} in ${this.place}`);
      }),
    );
    return file.createReadStream({ signal });
  }

  async write(name: string, body: AsyncIterable<Buffer>, signal: AbortSignal): Promise<number> {
    const unfinished = join(this.#unfinished, crypto.randomUUID());
    await mkdir(this.#unfinished, { recursive: true });
    try {
      const file = createWriteStream(unfinished);
      await pipeline(body, file, { signal });
      await mkdir(dirname(join(this.#files, name)), { recursive: true });
      await rename(unfinished, join(this.#files, name));
      return file.bytesWritten;
    } finally {
      await rm(unfinished, { force: true });
    }
  }
}

/** Hands on every error but that something is not there. */
function ifMissing<T>(instead: () => T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code !== "ENOENT") throw error;
    return instead();
  };
}
