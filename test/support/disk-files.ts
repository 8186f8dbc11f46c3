import { mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BadDiskError } from "../../lambdas/images/bad-disk.ts";
import type { Disk, RangedFile } from "../../lambdas/images/disk.ts";
import { type DiskTool, findQemuImg } from "../../rehearsal/tools/qemu.ts";

/** A file of this machine's, read in parts as an object of S3's is. */
export async function rangedFile(path: string): Promise<RangedFile & { readBytes: number }> {
  const { size } = await stat(path);
  const ranged = {
    name: path,
    bytes: size,
    readBytes: 0,
    async read(offset: number, length: number, room = Buffer.alloc(length)) {
      const file = await open(path);
      try {
        const content = room.subarray(0, length);
        const { bytesRead } = await file.read(content, 0, length, offset);
        if (bytesRead !== length) throw new Error(`expected ${length} bytes at ${offset}, found ${bytesRead}`);
        ranged.readBytes += length;
        return content;
      } finally {
        await file.close();
      }
    },
  };
  return ranged;
}

/** Bytes in memory, read in parts. */
export function memoryFile(content: Buffer, name = "memory.vhd"): RangedFile {
  return {
    name,
    bytes: content.length,
    async read(offset, length, room = Buffer.alloc(length)) {
      if (offset + length > content.length) throw new RangeError(`expected ${offset + length} bytes`);
      content.copy(room, 0, offset, offset + length);
      return room.subarray(0, length);
    },
  };
}

/** All that a disk holds, put together from its pieces. */
export async function contentOf(disk: Disk): Promise<Buffer> {
  const content = Buffer.alloc(disk.bytes);
  for (const piece of disk.pieces(0)) (await disk.read(piece)).copy(content, piece.offset);
  return content;
}

/** Writes content into a file that is otherwise zeros, of which the machine keeps none. */
export async function sparseFile(path: string, bytes: number, parts: [offset: number, content: Buffer][]) {
  const file = await open(path, "w");
  try {
    await file.truncate(bytes);
    for (const [offset, content] of parts) await file.write(content, 0, content.length, offset);
  } finally {
    await file.close();
  }
}

/** What makes disks, with a folder for them that is there as long as the suite. */
export class Disks {
  folder = "";
  tool!: DiskTool;

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Makes a VHD of a raw disk. @param options of qemu-img's @example "subformat=dynamic" */
  vhd(raw: string, name: string, options: string): Promise<string> {
    return this.#convert("vpc", raw, name, options);
  }

  /** Makes a VMDK of a raw disk. @param options of qemu-img's @example "subformat=streamOptimized" */
  vmdk(raw: string, name: string, options: string): Promise<string> {
    return this.#convert("vmdk", raw, name, options);
  }

  async #convert(format: string, raw: string, name: string, options: string): Promise<string> {
    const made = this.path(name);
    await this.tool.run("convert", "-f", "raw", "-O", format, "-o", options, raw, made);
    return made;
  }
}

export function useDisks(): Disks {
  const disks = new Disks();
  before(async () => {
    disks.tool = await findQemuImg(() => {}, AbortSignal.timeout(100_000));
    disks.folder = await mkdtemp(join(tmpdir(), "disks-"));
  });
  after(() => rm(disks.folder, { recursive: true, force: true }));
  return disks;
}

/** The reason for which a disk is refused. */
export async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  const outcome = await attempt.then(
    () => "nothing was refused",
    (error: Error) => error,
  );
  if (outcome instanceof BadDiskError) return outcome.message;
  throw new Error(`expected the disk to be refused, found: ${outcome}`);
}
