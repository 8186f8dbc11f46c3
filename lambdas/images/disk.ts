import { BadDiskError } from "./bad-disk.ts";
import {
  bitmapBytes,
  clearUnwritten,
  type DynamicHeader,
  HEADER_BYTES,
  readDynamicHeader,
  readTable,
} from "./vhd-blocks.ts";
import { looksLikeFooter, readFooter, SECTOR } from "./vhd-footer.ts";

/** The most that is read of a disk at once, and what Azure takes in one Put Page, in bytes. */
export const PIECE_BYTES = 4 * 2 ** 20;

/** What a piece of a disk is read into, in bytes: the map before a block goes along with it. */
export const ROOM_BYTES = PIECE_BYTES + 64 * 1024;

/** A file of which any part can be read. */
export interface RangedFile {
  /** @example "s3://shop-images/exports/export-ami-0123456789abcdef0.vhd" */
  readonly name: string;
  readonly bytes: number;
  /** @param room what it is read into, and what is returned is a part of @default memory of its own */
  read(offset: number, length: number, room?: Buffer): Promise<Buffer>;
}

/** A part of a disk that may hold something else than zeros. */
export interface Piece {
  offset: number;
  length: number;
}

/** What is in a disk's file. */
export interface Disk {
  /** What it holds, in bytes. */
  readonly bytes: number;
  /** The parts that may hold something, in their order, from an offset on; all else is zeros. */
  pieces(from: number): Generator<Piece>;
  /** @param room of {@link ROOM_BYTES}, which what is returned is a part of @default memory of its own */
  read(piece: Piece, room?: Buffer): Promise<Buffer>;
}

/** What ExportImage is asked for, and RAW for what others have made. */
export type DiskFormat = "vhd" | "raw";

/** @throws BadDiskError when the file is not whole, or not of that format */
export async function openDisk(file: RangedFile, format: DiskFormat): Promise<Disk> {
  if (format === "raw") return flatDisk(file, file.bytes);
  if (file.bytes < 2 * SECTOR) {
    throw new BadDiskError(`expected a VHD in ${file.name}, found ${file.bytes} bytes; export again`);
  }
  const footer = readFooter(await file.read(file.bytes - SECTOR, SECTOR));
  if (footer.kind === "fixed") {
    if (file.bytes === footer.bytes + SECTOR) return flatDisk(file, footer.bytes);
    throw new BadDiskError(
      `expected ${footer.bytes + SECTOR} bytes in ${file.name}, as its footer tells, found ${file.bytes}; export again`,
    );
  }
  if (footer.kind === "differencing") {
    throw new BadDiskError(`expected a whole VHD in ${file.name}, found only its differences from another one`);
  }
  return dynamicDisk(file, footer);
}

/** A file that holds the disk as it is. */
function flatDisk(file: RangedFile, bytes: number): Disk {
  return {
    bytes: Math.ceil(bytes / SECTOR) * SECTOR,
    *pieces(from) {
      for (let offset = from; offset < bytes; offset += PIECE_BYTES) {
        yield { offset, length: Math.min(PIECE_BYTES, bytes - offset) };
      }
    },
    async read({ offset, length }, room) {
      const content = await file.read(offset, length, room);
      const missing = -length & (SECTOR - 1);
      return missing === 0 ? content : Buffer.concat([content, Buffer.alloc(missing)]);
    },
  };
}

async function dynamicDisk(file: RangedFile, footer: { bytes: number; headerAt: number }): Promise<Disk> {
  const { bytes, headerAt } = footer;
  // The footer stands at both ends, so that whoever cut the file off is seen.
  const [copy, head] = await Promise.all([file.read(0, SECTOR), readWithin(file, headerAt, HEADER_BYTES, "header")]);
  if (!looksLikeFooter(copy)) throw new BadDiskError(`expected ${file.name} to begin as a VHD does; export again`);
  const header = readDynamicHeader(head, bytes);
  const places = readTable(await readWithin(file, header.tableAt, header.blocks * 4, "table"), header, file.bytes);
  return {
    bytes,
    *pieces(from) {
      const { blockBytes } = header;
      const pieceBytes = Math.min(PIECE_BYTES, blockBytes);
      for (let offset = Math.floor(from / pieceBytes) * pieceBytes; offset < bytes; offset += pieceBytes) {
        if (places[Math.floor(offset / blockBytes)] === undefined) continue;
        yield { offset, length: Math.min(pieceBytes, bytes - offset) };
      }
    },
    read: (piece, room) => readBlock(file, header, places, piece, room),
  };
}

async function readBlock(
  file: RangedFile,
  { blockBytes }: DynamicHeader,
  places: (number | undefined)[],
  { offset, length }: Piece,
  room?: Buffer,
): Promise<Buffer> {
  const block = Math.floor(offset / blockBytes);
  const within = offset - block * blockBytes;
  const at = places[block] ?? 0;
  const map = bitmapBytes(blockBytes);
  // Map and block in one, unless the block is larger than what is read at once.
  const [bitmap, content] =
    blockBytes <= PIECE_BYTES
      ? await file.read(at, map + length, room).then((both) => [both.subarray(0, map), both.subarray(map)] as const)
      : await Promise.all([file.read(at, map), file.read(at + map + within, length, room)]);
  clearUnwritten(content, bitmap, within / SECTOR);
  return content;
}

async function readWithin(file: RangedFile, offset: number, length: number, what: string): Promise<Buffer> {
  if (offset + length <= file.bytes - SECTOR) return file.read(offset, length);
  throw new BadDiskError(
    `expected the ${what} of the VHD at ${offset} of ${file.name}, found the end at ${file.bytes}: it is cut off; export again`,
  );
}
