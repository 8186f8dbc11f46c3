import { crc32 } from "node:zlib";
import { Crc64Nvme, combineCrc32, combineCrc64 } from "./crc.ts";

/** How the parts of an object are checked, so that the checksum of the whole comes of those of its parts. */
export interface PartChecks {
  algorithm: "crc32" | "crc64nvme";
  /** Checksum of one part, in 16 hexadecimal digits. */
  of(content: Buffer): string;
  /** Checksum of the whole. @param values of its parts, which are of one length but for the last */
  combine(values: readonly string[], partBytes: number, bytes: number): string;
}

const CRC32: PartChecks = {
  algorithm: "crc32",
  of: (content) => crc32(content).toString(16).padStart(16, "0"),
  combine: (values, partBytes, bytes) =>
    fold(values, partBytes, bytes, (one, other, length) =>
      combineCrc32(Number.parseInt(one, 16), Number.parseInt(other, 16), length).toString(16),
    )
      .slice(-8)
      .padStart(8, "0"),
};

const CRC64: PartChecks = {
  algorithm: "crc64nvme",
  of: (content) => new Crc64Nvme().update(content).digest(),
  combine: (values, partBytes, bytes) => fold(values, partBytes, bytes, combineCrc64),
};

/** The checks that an algorithm makes; both are taken of parts, and put together. */
export function partChecks(algorithm: PartChecks["algorithm"]): PartChecks {
  return algorithm === "crc32" ? CRC32 : CRC64;
}

/** Checksum of a content in one piece, in as many digits as its algorithm has. */
export function checksumOf(algorithm: PartChecks["algorithm"], content: Buffer): string {
  return partChecks(algorithm).combine([partChecks(algorithm).of(content)], content.length, content.length);
}

/** Both CRCs of no bytes. */
const NOTHING = "0".repeat(16);

function fold(
  [first = NOTHING, ...rest]: readonly string[],
  partBytes: number,
  bytes: number,
  combine: (one: string, other: string, length: number) => string,
): string {
  const lengthOf = (index: number) => Math.min(partBytes, bytes - index * partBytes);
  return rest.reduce((whole, value, index) => combine(whole, value, lengthOf(index + 1)), first);
}
