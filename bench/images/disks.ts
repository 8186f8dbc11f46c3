import { open } from "node:fs/promises";
import { join } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import type { DiskTool } from "../../rehearsal/tools/qemu.ts";
import { contentOf } from "../objects/workloads.ts";

const MIB = 2 ** 20;

/** A disk that is carried. */
export interface DiskWorkload {
  /** @example "20GiB-64MiB" */
  name: string;
  bytes: number;
  /** Stretches of data, of 1 MiB each, spread evenly over the disk. */
  stretches: number;
}

/** A large disk with little on it, and a small one that is half full; a quick bench has the first, smaller. */
export function disks(quick: boolean): DiskWorkload[] {
  const sparse = quick ? 4 : 20;
  const first = { name: `${sparse}GiB-64MiB`, bytes: sparse * 1024 * MIB, stretches: 64 };
  return quick ? [first] : [first, { name: "1GiB-512MiB", bytes: 1024 * MIB, stretches: 512 }];
}

/** Where a stretch begins: within a block, as files on a disk do. */
export function placeOf({ bytes, stretches }: DiskWorkload, stretch: number): number {
  return Math.floor(bytes / stretches / MIB) * MIB * stretch + (stretch % 4) * 4096;
}

/** Makes the disk as AWS exports it, a dynamic VHD. @returns its file */
export async function makeDisk(qemu: DiskTool, folder: string, workload: DiskWorkload): Promise<string> {
  const raw = join(folder, `${workload.name}.raw`);
  const file = await open(raw, "w");
  await file.truncate(workload.bytes);
  for (let stretch = 0; stretch < workload.stretches; stretch++) {
    // The last one ends with the disk.
    const length = Math.min(MIB, workload.bytes - placeOf(workload, stretch));
    await file.write(contentOf(stretch, 0, length), 0, length, placeOf(workload, stretch));
  }
  await file.close();
  const vhd = join(folder, `${workload.name}.vhd`);
  await qemu.run("convert", "-f", "raw", "-O", "vpc", "-o", "subformat=dynamic,force_size=on", raw, vhd);
  return vhd;
}

/** @throws Error when the blob is not the disk: of another size, without its footer, or with other bytes in it */
export async function verifyDisk(container: ContainerClient, blob: string, workload: DiskWorkload): Promise<void> {
  const client = container.getPageBlobClient(blob);
  const { contentLength } = await client.getProperties();
  if (contentLength !== workload.bytes + 512) {
    throw new Error(`expected a blob of ${workload.bytes + 512} bytes, found ${contentLength}`);
  }
  const footer = await client.downloadToBuffer(workload.bytes, 512);
  if (footer.toString("latin1", 0, 8) !== "conectix") throw new Error("expected a footer at the end, found none");
  for (let stretch = 0; stretch < workload.stretches; stretch += 7) {
    const at = placeOf(workload, stretch);
    const length = Math.min(65_536, workload.bytes - at);
    const found = await client.downloadToBuffer(at, length);
    if (!found.equals(contentOf(stretch, 0, length))) throw new Error(`the blob differs from the disk at ${at}`);
  }
}

/** Bytes of pages that a blob holds. */
export async function pagesOf(container: ContainerClient, blob: string): Promise<number> {
  let bytes = 0;
  for await (const { start, end } of container.getPageBlobClient(blob).listPageRanges()) bytes += end - start + 1;
  return bytes;
}
