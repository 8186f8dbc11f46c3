import { mkdtemp, open, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DiskTool } from "./tools/qemu.ts";

/** Bytes of a server's disk here: no whole MiB, as no disk needs to be one. */
const DISK_BYTES = 5 * 2 ** 20 + 4096;

/** How a server's disk is made. */
export interface ServerDiskArgs {
  /** Version of the app on it. @example "42" */
  app: string;
  /** What its system says when it is started. @default that it is up */
  console?: string;
}

/**
 * Makes the disk of a server as AWS exports it, a dynamic VHD: what is on it says which app it holds, and how it boots.
 *
 * @param file gets the disk, whole from the first moment on
 */
export async function makeServerDisk(qemu: DiskTool, file: string, { app, ...more }: ServerDiskArgs): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "server-disk-"));
  try {
    const raw = join(folder, "disk.raw");
    const disk = await open(raw, "w");
    await disk.truncate(DISK_BYTES);
    const told = { app, console: more.console ?? "[  OK  ] Reached target Multi-User System.\nshop login: " };
    await disk.write(`${JSON.stringify(told)}\0`, 0);
    await disk.write(Buffer.alloc(4096, app), 0, 4096, 3 * 2 ** 20);
    await disk.close();
    const made = join(folder, "disk.vhd");
    await qemu.run("convert", "-f", "raw", "-O", "vpc", "-o", "subformat=dynamic,force_size=on", raw, made);
    await rename(made, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
