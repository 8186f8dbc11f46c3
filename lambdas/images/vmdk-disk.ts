import { promisify } from "node:util";
import { inflate as inflateBy } from "node:zlib";
import { BadDiskError } from "./bad-disk.ts";
import type { Disk, Piece, RangedFile } from "./disk.ts";
import { SECTOR } from "./vhd-footer.ts";
import { readSparseHeader, type SparseHeader } from "./vmdk-header.ts";

const inflate = promisify(inflateBy);

/** What is read at once; whoever reads it has it compressed and as it is at the same time, in bytes. */
const PIECE_BYTES = 2 ** 20;

/** Before a compressed grain: its first sector of the disk, 8 bytes, and its length, 4 ("Compressed Grains"). */
const MARKER_BYTES = 12;

/** By how much deflate makes a grain longer that cannot be made shorter: 5 bytes for each 16 KiB, and 6 (zlib's compressBound). */
const DEFLATE_OVERHEAD = 2 * SECTOR;

/** Where a file that was written from its beginning to its end has its header, before an empty sector. */
const FOOTER_FROM_END = 2 * SECTOR;

/** A grain that was never written, and one that holds zeros. */
const [UNWRITTEN, ZERO] = [0, 1];

/** Where the grains of a disk are in its file, in sectors. */
interface Grains {
  header: SparseHeader;
  places: Uint32Array;
  /** Up to where a grain may reach in the file, by its place: where the next one begins. */
  ends: Map<number, number>;
}

/**
 * Opens a VMDK of one sparse file, each grain of which may be compressed, as ExportImage delivers it.
 *
 * @throws BadDiskError when it is not whole, or another kind of VMDK
 */
export async function openVmdk(file: RangedFile): Promise<Disk> {
  const header = await readHeader(file);
  await requireWhole(file, header);
  const places = await readPlaces(file, header);
  const grains = { header, places, ends: endsOf(places, header, file) };
  return {
    bytes: header.bytes,
    *pieces(from) {
      const pieceBytes = Math.max(PIECE_BYTES, header.grainBytes);
      for (let offset = Math.floor(from / pieceBytes) * pieceBytes; offset < header.bytes; offset += pieceBytes) {
        const length = Math.min(pieceBytes, header.bytes - offset);
        if (grainsIn(grains, { offset, length }).some((grain) => (places[grain] ?? 0) > ZERO)) yield { offset, length };
      }
    },
    read: (piece, room) => readGrains(file, grains, piece, room),
  };
}

async function readHeader(file: RangedFile): Promise<SparseHeader> {
  const header = readSparseHeader(await readWithin(file, 0, SECTOR, "header"));
  if (header.directoryAt !== undefined) return header;
  const last = readSparseHeader(await readWithin(file, file.bytes - FOOTER_FROM_END, SECTOR, "footer"));
  if (last.directoryAt !== undefined) return last;
  throw new BadDiskError(`expected the end of ${file.name} to say where its directory is, it does not; export again`);
}

/** @throws BadDiskError when it is one of several files, or holds only what differs from another disk */
async function requireWhole(file: RangedFile, { description: { at, length } }: SparseHeader): Promise<void> {
  if (length === 0) return;
  const words = (await readWithin(file, at, length, "description")).toString("latin1").replace(/\0.*$/s, "");
  const parent = /^\s*parentCID\s*=\s*(\w+)/im.exec(words)?.[1];
  if (parent !== undefined && parent.toLowerCase() !== "ffffffff") {
    throw new BadDiskError(`expected a whole VMDK in ${file.name}, found only its differences from another one`);
  }
  const kind = /^\s*createType\s*=\s*"(\w+)"/im.exec(words)?.[1];
  if (kind !== undefined && kind !== "streamOptimized" && kind !== "monolithicSparse") {
    throw new BadDiskError(`expected a VMDK of one sparse file in ${file.name}, found one of the kind ${kind}`);
  }
}

async function readPlaces(file: RangedFile, header: SparseHeader): Promise<Uint32Array> {
  const { bytes, grainBytes, tableEntries, directoryAt = 0 } = header;
  const grains = Math.ceil(bytes / grainBytes);
  const tables = Math.ceil(grains / tableEntries);
  const directory = await readWithin(file, directoryAt, tables * 4, "directory");
  const places = new Uint32Array(grains);
  for (let table = 0; table < tables; table++) {
    const at = directory.readUInt32LE(table * 4) * SECTOR;
    if (at === 0) continue;
    const first = table * tableEntries;
    const entries = Math.min(tableEntries, grains - first);
    const read = await readWithin(file, at, entries * 4, "table");
    for (let entry = 0; entry < entries; entry++) places[first + entry] = read.readUInt32LE(entry * 4);
  }
  return places;
}

/** @throws BadDiskError when a grain lies where none can be */
function endsOf(places: Uint32Array, { grainBytes, compressed }: SparseHeader, file: RangedFile): Map<number, number> {
  const inOrder = places.filter((place) => place > ZERO).sort();
  const least = compressed ? MARKER_BYTES : grainBytes;
  const ends = new Map<number, number>();
  for (const [index, place] of inOrder.entries()) {
    const end = (inOrder[index + 1] ?? Math.ceil(file.bytes / SECTOR)) * SECTOR;
    if (place * SECTOR + least > Math.min(end, file.bytes)) {
      const beyond = place * SECTOR + least > file.bytes;
      const why = beyond ? "the file is cut off" : "two grains lie in the same place";
      throw new BadDiskError(
        `expected a grain of ${least} bytes or more at ${place * SECTOR} of ${file.name}, found no room for it: ${why}; export again`,
      );
    }
    ends.set(place, Math.min(end, file.bytes));
  }
  return ends;
}

function grainsIn({ header: { grainBytes } }: Grains, { offset, length }: Piece): number[] {
  const first = offset / grainBytes;
  return Array.from({ length: Math.ceil(length / grainBytes) }, (_, index) => first + index);
}

/** A grain and where it is stored, in bytes of the file. */
interface Stored {
  grain: number;
  from: number;
  to: number;
}

/** Written from its beginning to its end, the file has what belongs together in one place; else grains are read one by one. */
async function readGrains(file: RangedFile, grains: Grains, piece: Piece, room?: Buffer): Promise<Buffer> {
  const { grainBytes } = grains.header;
  const content = (room ?? Buffer.allocUnsafe(piece.length)).subarray(0, piece.length).fill(0);
  const stored = grainsIn(grains, piece).flatMap((grain) => storedAt(grains, grain));
  const [from, to] = [Math.min(...stored.map((each) => each.from)), Math.max(...stored.map((each) => each.to))];
  const together = to - from <= 2 * Math.max(PIECE_BYTES, grainBytes) ? await file.read(from, to - from) : undefined;
  for (const each of stored) {
    const bytes =
      together?.subarray(each.from - from, each.to - from) ?? (await file.read(each.from, each.to - each.from));
    const grain = grains.header.compressed ? await inflated(bytes, each, grains.header, file) : bytes;
    grain.copy(content, each.grain * grainBytes - piece.offset);
  }
  return content;
}

function storedAt({ header: { grainBytes, compressed }, places, ends }: Grains, grain: number): Stored[] {
  const place = places[grain] ?? UNWRITTEN;
  if (place <= ZERO) return [];
  const from = place * SECTOR;
  const most = compressed ? MARKER_BYTES + grainBytes + DEFLATE_OVERHEAD : grainBytes;
  return [{ grain, from, to: Math.min(ends.get(place) ?? 0, from + most) }];
}

/** @throws BadDiskError when what is stored is no whole grain, or another one */
async function inflated(
  bytes: Buffer,
  { grain, from }: Stored,
  header: SparseHeader,
  file: RangedFile,
): Promise<Buffer> {
  const damaged = (found: string, cause?: unknown) =>
    new BadDiskError(`expected grain ${grain} of the VMDK at ${from} of ${file.name}, found ${found}; export again`, {
      cause,
    });
  const sector = Number(bytes.readBigUInt64LE(0));
  if (sector !== (grain * header.grainBytes) / SECTOR) throw damaged(`one of sector ${sector}`);
  const end = MARKER_BYTES + bytes.readUInt32LE(8);
  if (end > bytes.length) throw damaged(`${end} bytes, where ${bytes.length} have room`);
  try {
    return await inflate(bytes.subarray(MARKER_BYTES, end), { maxOutputLength: header.grainBytes });
  } catch (error) {
    throw damaged((error as Error).message, error);
  }
}

async function readWithin(file: RangedFile, offset: number, length: number, what: string): Promise<Buffer> {
  if (offset >= 0 && offset + length <= file.bytes) return file.read(offset, length);
  throw new BadDiskError(
    `expected the ${what} of the VMDK at ${offset} of ${file.name}, found the end at ${file.bytes}: it is cut off; export again`,
  );
}
