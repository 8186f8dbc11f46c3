import { createCipheriv } from "node:crypto";

const KIB = 1024;
const MIB = 1024 * KIB;

/** Who the source is: the emulator that the rehearsal has too, or a gateway that is much faster. */
export type SourceName = "versitygw" | "ministack";

/** Objects that are copied from one place to another. */
export interface Workload {
  /** @example "2000x16KiB-versitygw" */
  name: string;
  source: SourceName;
  objects: number;
  /** Of each object. */
  bytes: number;
}

/** The workloads in their order; quick ones are a tenth: of the objects, or of the bytes where there are few objects. */
export function workloads({ quick }: { quick: boolean }): Workload[] {
  const share = quick ? 10 : 1;
  const small = (source: SourceName) => workload(source, 2000 / share, 16 * KIB);
  return [
    small("versitygw"),
    workload("versitygw", 20_000 / share, KIB),
    workload("versitygw", 4, Math.floor(256 / share) * MIB),
    small("ministack"),
  ];
}

function workload(source: SourceName, objects: number, bytes: number): Workload {
  const size = bytes >= MIB ? `${bytes / MIB}MiB` : `${bytes / KIB}KiB`;
  return { name: `${objects}x${size}-${source}`, source, objects, bytes };
}

/** Key of an object: a hundred to a folder, as content mostly lies. */
export function keyOf(number: number): string {
  return `content/${String(Math.floor(number / 100)).padStart(4, "0")}/${String(number).padStart(6, "0")}.bin`;
}

/**
 * Bytes of an object from an offset on: a stream of random ones that is of this object alone, so that a copy
 * which has another's bytes, or its own in another order, is found.
 *
 * @param offset a multiple of 16
 */
export function contentOf(number: number, offset: number, length: number): Buffer {
  const start = Buffer.alloc(16);
  start.writeUInt32BE(number);
  start.writeBigUInt64BE(BigInt(offset / 16), 8);
  return createCipheriv("aes-128-ctr", Buffer.alloc(16), start).update(Buffer.alloc(length));
}
