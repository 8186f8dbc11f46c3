import { BadDiskError } from "./bad-disk.ts";
import { SECTOR } from "./vhd-footer.ts";

/** Every place here is of "Virtual Disk Format 5.0", "Hosted Sparse Extent Header"; numbers begin with their lowest byte. */
const MAGIC = "KDMV";
const COMPRESSED = 1 << 16;
const DEFLATE = 1;

/** What a transfer as text would have changed. */
const LINE_ENDS = "\n \r\n";

/** Where the directory is of a file that was written from its beginning to its end: the copy of the header there says. */
const AT_END = 0xffff_ffff_ffff_ffffn;

/** What may be of 2 MiB at most: a grain, in sectors. */
const MOST_GRAIN_SECTORS = 4096;

/** The most grains whose places are kept in memory: of 1 TiB in grains of 64 KiB, which takes 64 MiB. */
const MOST_GRAINS = 16 * 2 ** 20;

/** Where a sparse VMDK says what is where. */
export interface SparseHeader {
  /** What the disk holds, in bytes. */
  bytes: number;
  grainBytes: number;
  /** Grains in a table. */
  tableEntries: number;
  /** Where the directory of tables begins; undefined where only the end of the file tells. */
  directoryAt: number | undefined;
  /** Whether each grain is by itself compressed, with its place and length before it. */
  compressed: boolean;
  /** Where the words that describe the disk are, and their length; of length 0 where there are none. */
  description: { at: number; length: number };
}

/** @throws BadDiskError when this is no whole header of a disk that can be read by itself */
export function readSparseHeader(header: Buffer): SparseHeader {
  if (header.length !== SECTOR || header.toString("latin1", 0, MAGIC.length) !== MAGIC) {
    throw new BadDiskError("expected a VMDK, found something else: it is cut off, or no VMDK; export again");
  }
  const version = header.readUInt32LE(4);
  if (version < 1 || version > 3) throw new BadDiskError(`expected a VMDK of version 1 to 3, found ${version}`);
  if (header.toString("latin1", 73, 77) !== LINE_ENDS) {
    throw new BadDiskError("expected the line ends in the VMDK's header, found others: it was carried as a text");
  }
  const compressed = (header.readUInt32LE(8) & COMPRESSED) !== 0;
  const algorithm = header.readUInt16LE(77);
  if (compressed && algorithm !== DEFLATE) {
    throw new BadDiskError(`expected grains compressed by deflate (1), found algorithm ${algorithm}`);
  }
  const [grainSectors, tableEntries] = [sectorsAt(header, 20), header.readUInt32LE(44)];
  const bytes = sectorsAt(header, 12) * SECTOR;
  if (bytes === 0 || !isPowerOfTwo(grainSectors) || grainSectors > MOST_GRAIN_SECTORS || tableEntries === 0) {
    throw new BadDiskError(
      `expected grains of 1 to ${MOST_GRAIN_SECTORS} sectors in a VMDK, found ${grainSectors} in a disk of ${bytes} bytes`,
    );
  }
  const grainBytes = grainSectors * SECTOR;
  const grains = Math.ceil(bytes / grainBytes);
  if (grains > MOST_GRAINS) throw new BadDiskError(`expected at most ${MOST_GRAINS} grains in a VMDK, found ${grains}`);
  const directory = header.readBigUInt64LE(56);
  return {
    ...{ bytes, grainBytes, tableEntries, compressed },
    directoryAt: directory === AT_END ? undefined : Number(directory) * SECTOR,
    description: { at: sectorsAt(header, 28) * SECTOR, length: sectorsAt(header, 36) * SECTOR },
  };
}

function sectorsAt(header: Buffer, at: number): number {
  return Number(header.readBigUInt64LE(at));
}

function isPowerOfTwo(number: number): boolean {
  return Number.isInteger(Math.log2(number));
}
