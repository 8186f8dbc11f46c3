import { BadDiskError } from "./bad-disk.ts";
import { checksumOf, SECTOR } from "./vhd-footer.ts";

/** Bytes of the header of a dynamic disk. */
export const HEADER_BYTES = 1024;

/** Every place here is of "Virtual Hard Disk Image Format Specification", "Dynamic Disk Header Format". */
const COOKIE = "cxsparse";
const CHECKSUM_AT = 36;

/** How the table says that a block was never written. */
const UNUSED = 0xffff_ffff;

/** The largest table that is read: of 16 TiB in blocks of 2 MiB, which takes 32 MiB of memory. */
const MOST_BLOCKS = 8 * 2 ** 20;

/** Where a dynamic disk says what is where. */
export interface DynamicHeader {
  tableAt: number;
  blocks: number;
  /** What each block holds, in bytes; the last one may reach beyond the disk. */
  blockBytes: number;
}

/** @param diskBytes what the disk holds, as its footer tells @throws BadDiskError when this is no whole header of it */
export function readDynamicHeader(header: Buffer, diskBytes: number): DynamicHeader {
  if (header.length !== HEADER_BYTES || header.toString("latin1", 0, COOKIE.length) !== COOKIE) {
    throw new BadDiskError(
      "expected the header of a dynamic VHD, found something else: the file is damaged; export again",
    );
  }
  const expected = checksumOf(header, CHECKSUM_AT);
  const found = header.readUInt32BE(CHECKSUM_AT);
  if (found !== expected) {
    throw new BadDiskError(
      `expected the header of the VHD to have the checksum ${expected}, found ${found}; export again`,
    );
  }
  const read = {
    tableAt: Number(header.readBigUInt64BE(16)),
    blocks: header.readUInt32BE(28),
    blockBytes: header.readUInt32BE(32),
  };
  const needed = Math.ceil(diskBytes / read.blockBytes);
  if (read.blockBytes < SECTOR || !Number.isInteger(Math.log2(read.blockBytes)) || read.blocks < needed) {
    throw new BadDiskError(
      `expected blocks enough for a disk of ${diskBytes} bytes, found ${read.blocks} of ${read.blockBytes} bytes; export again`,
    );
  }
  if (needed > MOST_BLOCKS) throw new BadDiskError(`expected at most ${MOST_BLOCKS} blocks in a VHD, found ${needed}`);
  return { ...read, blocks: needed };
}

/** Bytes of the map that stands before a block, a bit for each of its sectors, padded to a sector. */
export function bitmapBytes(blockBytes: number): number {
  return Math.ceil(blockBytes / SECTOR / 8 / SECTOR) * SECTOR;
}

/**
 * Where the blocks of a dynamic disk are in its file, map first; undefined for one that was never written.
 *
 * @param table as it stands in the file
 * @param fileBytes all bytes of the file, the footer's too
 * @throws BadDiskError when a block lies where none can be
 */
export function readTable(table: Buffer, header: DynamicHeader, fileBytes: number): (number | undefined)[] {
  const length = bitmapBytes(header.blockBytes) + header.blockBytes;
  const places = Array.from({ length: header.blocks }, (_, block) => {
    const sector = table.readUInt32BE(block * 4);
    return sector === UNUSED ? undefined : sector * SECTOR;
  });
  const inOrder = places.filter((at) => at !== undefined).sort((one, other) => one - other);
  for (const [index, at] of inOrder.entries()) {
    const end = inOrder[index + 1] ?? fileBytes - SECTOR;
    if (at + length > end) {
      const beyond = index === inOrder.length - 1;
      const why = beyond ? "the file is cut off" : "two blocks lie in the same place";
      throw new BadDiskError(
        `expected a block of ${length} bytes at ${at} of the VHD, found ${end - at}: ${why}; export again`,
      );
    }
  }
  return places;
}

/** Clears the sectors that the map says were never written: what stands there is not the disk's. */
export function clearUnwritten(content: Buffer, bitmap: Buffer, firstSector: number): void {
  for (let sector = 0; sector * SECTOR < content.length; sector++) {
    const bit = firstSector + sector;
    const byte = bitmap[bit >> 3] ?? 0;
    // Eight written sectors at a time, which is what nearly all are.
    if (byte === 0xff && (bit & 7) === 0) sector += 7;
    else if ((byte & (0x80 >> (bit & 7))) === 0) content.fill(0, sector * SECTOR, (sector + 1) * SECTOR);
  }
}
