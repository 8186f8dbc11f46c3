import { createHash } from "node:crypto";
import type { State } from "./store.ts";

/** What the blocks of one state of a source have in common: another state is another upload. 12 bytes. */
export function uploadOf({ etag, version }: Pick<State, "etag" | "version">): Buffer {
  const of = JSON.stringify([etag, version]);
  return createHash("sha256").update(of).digest().subarray(0, 12);
}

/**
 * A block's id: upload, number, and what its part is known by. All ids of a blob must be of one length.
 *
 * @param id 16 hexadecimal digits
 */
export function blockId(upload: Buffer, number: number, id: string): string {
  const bytes = Buffer.alloc(upload.length + 12);
  upload.copy(bytes);
  bytes.writeUInt32BE(number, upload.length);
  bytes.write(id, upload.length + 4, "hex");
  return bytes.toString("base64");
}

/** The part of an upload that a block is; undefined when it is of another. */
export function partOf(blockid: string, upload: Buffer): { number: number; id: string } | undefined {
  const bytes = Buffer.from(blockid, "base64");
  if (bytes.length !== upload.length + 12 || !bytes.subarray(0, upload.length).equals(upload)) return undefined;
  return { number: bytes.readUInt32BE(upload.length), id: bytes.toString("hex", upload.length + 4) };
}
