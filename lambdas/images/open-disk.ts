import { BadDiskError } from "./bad-disk.ts";
import type { Disk, RangedFile } from "./disk.ts";
import { flatDisk } from "./flat-disk.ts";
import { openVhd } from "./vhd-disk.ts";
import { openVmdk } from "./vmdk-disk.ts";

/** Formats by the endings that ExportImage gives their files ("ExportImage", DiskImageFormat). */
const OPENERS: Record<string, (file: RangedFile) => Disk | Promise<Disk>> = {
  ".vhd": openVhd,
  ".vmdk": openVmdk,
  ".raw": (file) => flatDisk(file, file.bytes),
};

/** Opens a disk's file, by the format that its ending tells. @throws BadDiskError when it is not whole, or of another format */
export async function openDisk(file: RangedFile): Promise<Disk> {
  const ending = /\.\w+$/.exec(file.name)?.[0] ?? "";
  const opener = OPENERS[ending];
  if (opener) return opener(file);
  throw new BadDiskError(`expected a file that ends with ${Object.keys(OPENERS).join(", ")}, found ${file.name}`);
}
