import { BadDiskError } from "./bad-disk.ts";
import { type Disk, PIECE_BYTES, type Piece, type RangedFile } from "./disk.ts";
import { flatDisk } from "./flat-disk.ts";
import {
  bitmapBytes,
  clearUnwritten,
  type DynamicHeader,
  HEADER_BYTES,
  readDynamicHeader,
  readTable,
} from "./vhd-blocks.ts";
import { looksLikeFooter, readFooter, SECTOR } from "./vhd-footer.ts";

/** Opens a fixed or a dynamic VHD. @throws BadDiskError when it is not whole, or none */
export async function openVhd(file: RangedFile): Promise<Disk> {
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
