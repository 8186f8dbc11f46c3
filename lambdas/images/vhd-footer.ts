import { BadDiskError } from "./bad-disk.ts";
import { geometryOf } from "./vhd-geometry.ts";

/** Bytes of a sector, of a footer, and of the pages of a page blob. */
export const SECTOR = 512;

/** Every place and name here is of "Virtual Hard Disk Image Format Specification", version 1.0, "Hard Disk Footer Format". */
const COOKIE = "conectix";
const CHECKSUM_AT = 64;
const VERSION = 0x0001_0000;

/** Bit 1 is reserved, and always set. */
const NO_FEATURES = 0x0000_0002;

/** Where the header would be of a disk that has none. */
const NOWHERE = 0xffff_ffff_ffff_ffffn;

/** Times are counted in seconds from the beginning of the year 2000. */
const EPOCH_SECONDS = Date.UTC(2000, 0, 1) / 1000;

const KINDS = { 2: "fixed", 3: "dynamic", 4: "differencing" } as const;

/** What the end of a VHD tells of it. */
export interface Footer {
  kind: (typeof KINDS)[keyof typeof KINDS];
  /** What the disk holds, in bytes. */
  bytes: number;
  /** Where the header of a dynamic disk begins. */
  headerAt: number;
}

/** Whether these bytes begin as a footer does. */
export function looksLikeFooter(sector: Buffer): boolean {
  return sector.toString("latin1", 0, COOKIE.length) === COOKIE;
}

/** @throws BadDiskError when this is no whole footer of a disk that can be read by itself */
export function readFooter(sector: Buffer): Footer {
  if (sector.length !== SECTOR || !looksLikeFooter(sector)) {
    throw new BadDiskError(
      "expected a VHD with a footer at its end, found none: it is cut off, or no VHD; export again",
    );
  }
  const expected = checksumOf(sector, CHECKSUM_AT);
  const found = sector.readUInt32BE(CHECKSUM_AT);
  if (found !== expected) {
    throw new BadDiskError(
      `expected the footer of the VHD to have the checksum ${expected}, found ${found}; export again`,
    );
  }
  const number = sector.readUInt32BE(60);
  const kind = KINDS[number as keyof typeof KINDS];
  if (!kind) throw new BadDiskError(`expected a VHD of type 2 (fixed) or 3 (dynamic), found type ${number}`);
  const bytes = Number(sector.readBigUInt64BE(48));
  if (bytes === 0 || bytes % SECTOR !== 0 || !Number.isSafeInteger(bytes)) {
    throw new BadDiskError(`expected a VHD of whole sectors of ${SECTOR} bytes, found ${bytes} bytes`);
  }
  return { kind, bytes, headerAt: Number(sector.readBigUInt64BE(16)) };
}

/**
 * The footer of a fixed VHD.
 *
 * @param bytes what the disk holds
 * @param id 16 bytes that are this disk's alone
 */
export function fixedFooter(bytes: number, id: Buffer, made: Date): Buffer {
  const footer = Buffer.alloc(SECTOR);
  footer.write(COOKIE, 0, "latin1");
  footer.writeUInt32BE(NO_FEATURES, 8);
  footer.writeUInt32BE(VERSION, 12);
  footer.writeBigUInt64BE(NOWHERE, 16);
  footer.writeUInt32BE(Math.max(0, Math.floor(made.getTime() / 1000) - EPOCH_SECONDS), 24);
  // Readers take the size from the geometry, which is no exact one, unless the maker is one that they know better of:
  // Hyper-V ("win ", of the tenth version, on "Wi2k").
  footer.write("win ", 28, "latin1");
  footer.writeUInt32BE(0x000a_0000, 32);
  footer.write("Wi2k", 36, "latin1");
  footer.writeBigUInt64BE(BigInt(bytes), 40);
  footer.writeBigUInt64BE(BigInt(bytes), 48);
  const { cylinders, heads, sectorsPerTrack } = geometryOf(bytes / SECTOR);
  footer.writeUInt16BE(cylinders, 56);
  footer.writeUInt8(heads, 58);
  footer.writeUInt8(sectorsPerTrack, 59);
  footer.writeUInt32BE(2, 60);
  id.copy(footer, 68, 0, 16);
  footer.writeUInt32BE(checksumOf(footer, CHECKSUM_AT), CHECKSUM_AT);
  return footer;
}

/** The one's complement of the sum of all bytes but those of the checksum itself. @param at where that is */
export function checksumOf(structure: Buffer, at: number): number {
  let sum = 0;
  for (let index = 0; index < structure.length; index++) {
    if (index < at || index >= at + 4) sum += structure[index] ?? 0;
  }
  return ~sum >>> 0;
}
