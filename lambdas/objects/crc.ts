/**
 * CRC-64/NVME, S3's own checksum of whole objects ("Checking object integrity in Amazon S3"), and the CRC of a
 * whole from the CRCs of its pieces, for objects that are read in parts.
 *
 * CRC-32 itself is node:zlib's. The AWS SDK has a CRC-64 too (@aws-sdk/checksums/crc); it takes byte after byte
 * and tells the outcome by promise, and this one is twice as fast (measured: 1,000 MiB/s to its 400).
 */

/** The polynomial of CRC-64/NVME, its lowest power first, as all these CRCs have it. */
const NVME = 0x9a6c9329ac4bc9b5n;
/** The polynomial of CRC-32, likewise (RFC 1952). */
const IEEE = 0xedb88320n;

/**
 * What a byte does to the CRC, by how many bytes follow it in its group of eight ("slicing-by-8"), upper and lower
 * half apart: numbers of 32 bits are what the engine is fast with.
 */
const UPPER = new Int32Array(8 * 256);
const LOWER = new Int32Array(8 * 256);
fillTables();

/** A CRC-64/NVME of bytes that come piece after piece. */
export class Crc64Nvme {
  #upper = -1;
  #lower = -1;

  /** Takes the next bytes. */
  update(bytes: Uint8Array): this {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let upper = this.#upper;
    let lower = this.#lower;
    let at = 0;
    for (; at + 8 <= bytes.length; at += 8) {
      const first = lower ^ view.getInt32(at, true);
      const last = upper ^ view.getInt32(at + 4, true);
      const i7 = 0x700 | (first & 255);
      const i6 = 0x600 | ((first >>> 8) & 255);
      const i5 = 0x500 | ((first >>> 16) & 255);
      const i4 = 0x400 | (first >>> 24);
      const i3 = 0x300 | (last & 255);
      const i2 = 0x200 | ((last >>> 8) & 255);
      const i1 = 0x100 | ((last >>> 16) & 255);
      const i0 = last >>> 24;
      upper = up(i7) ^ up(i6) ^ up(i5) ^ up(i4) ^ up(i3) ^ up(i2) ^ up(i1) ^ up(i0);
      lower = low(i7) ^ low(i6) ^ low(i5) ^ low(i4) ^ low(i3) ^ low(i2) ^ low(i1) ^ low(i0);
    }
    for (; at < bytes.length; at++) {
      const index = (lower ^ view.getUint8(at)) & 255;
      lower = ((lower >>> 8) | (upper << 24)) ^ low(index);
      upper = (upper >>> 8) ^ up(index);
    }
    this.#upper = upper;
    this.#lower = lower;
    return this;
  }

  /** The CRC of the bytes so far, in 16 hexadecimal digits. */
  digest(): string {
    return hex(~this.#upper) + hex(~this.#lower);
  }
}

/** The CRC-64/NVME of these bytes alone, in 16 hexadecimal digits. */
export function crc64nvme(bytes: Uint8Array): string {
  return new Crc64Nvme().update(bytes).digest();
}

const shiftedNvme = shifting(NVME, 64);
const shiftedIeee = shifting(IEEE, 32);

/** The CRC-64/NVME of two pieces one after the other, from that of each and the bytes of the second. */
export function combineCrc64(crc1: string, crc2: string, length2: number): string {
  const combined = shiftedNvme(BigInt(`0x${crc1}`), length2) ^ BigInt(`0x${crc2}`);
  return combined.toString(16).padStart(16, "0");
}

/** The CRC-32 of two pieces one after the other, from that of each and the bytes of the second. */
export function combineCrc32(crc1: number, crc2: number, length2: number): number {
  return Number(shiftedIeee(BigInt(crc1), length2) ^ BigInt(crc2));
}

/**
 * What becomes of a CRC when so many zero bytes follow. As polynomials: the CRC times x to the power of eight for
 * each byte, modulo the polynomial. The powers for 1, 2, 4 … bytes, up to the 53 bits that a number holds, are ready,
 * so it takes one multiplication for each bit that is set in the length (as in zlib's crc32_combine).
 */
function shifting(polynomial: bigint, bits: number): (crc: bigint, bytes: number) => bigint {
  const one = 1n << BigInt(bits - 1);
  const times = (a: bigint, b: bigint): bigint => {
    let product = 0n;
    for (let bit = one, power = b; bit > 0n; bit >>= 1n) {
      if (a & bit) product ^= power;
      power = power & 1n ? (power >> 1n) ^ polynomial : power >> 1n;
    }
    return product;
  };
  const powers: bigint[] = [];
  for (let bit = 0, power = one >> 8n; bit < 53; bit++, power = times(power, power)) powers.push(power);
  return (crc, bytes) => {
    const length = BigInt(bytes);
    return powers.reduce(
      (shifted, power, bit) => ((length >> BigInt(bit)) & 1n ? times(power, shifted) : shifted),
      crc,
    );
  };
}

function fillTables(): void {
  const polynomial = [Number(NVME >> 32n), Number(NVME & 0xffffffffn)] as const;
  for (let byte = 0; byte < 256; byte++) {
    let upper = 0;
    let lower = byte;
    for (let bit = 0; bit < 8; bit++) {
      const odd = -(lower & 1);
      lower = ((lower >>> 1) | (upper << 31)) ^ (odd & polynomial[1]);
      upper = (upper >>> 1) ^ (odd & polynomial[0]);
    }
    UPPER[byte] = upper;
    LOWER[byte] = lower;
  }
  for (let index = 256; index < UPPER.length; index++) {
    const upper = up(index - 256);
    const lower = low(index - 256);
    UPPER[index] = (upper >>> 8) ^ up(lower & 255);
    LOWER[index] = ((lower >>> 8) | (upper << 24)) ^ low(lower & 255);
  }
}

function up(index: number): number {
  return UPPER[index] as number;
}

function low(index: number): number {
  return LOWER[index] as number;
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
