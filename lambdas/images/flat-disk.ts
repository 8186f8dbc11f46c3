import { type Disk, PIECE_BYTES, type RangedFile } from "./disk.ts";
import { SECTOR } from "./vhd-footer.ts";

/** A file that holds the disk as it is. */
export function flatDisk(file: RangedFile, bytes: number): Disk {
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
