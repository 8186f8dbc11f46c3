import { cached } from "./cache.ts";
import { commandsIn, fetchPackages } from "./debian.ts";
import { MissingTool, type Report, run } from "./run.ts";

const PACKAGES = ["qemu-utils"];

/** What makes, converts and compares disks. */
export interface DiskTool {
  /** Runs `qemu-img` to its end. */
  run(...args: string[]): Promise<string>;
  /** The command line that starts it. */
  command: string[];
  /** @example "qemu-img version 10.2.0" */
  version: string;
}

/**
 * `qemu-img`: the one on the PATH, else Debian's, unpacked beside the system, which stays as it is.
 *
 * @throws MissingTool when it is on no PATH and cannot be fetched
 */
export async function findQemuImg(report: Report, signal: AbortSignal): Promise<DiskTool> {
  const onPath = await tool(["qemu-img"], signal).catch(() => undefined);
  if (onPath) return onPath;
  const root = await cached(`qemu-debian-${process.arch}`, async (folder) => {
    await fetchPackages(PACKAGES, folder, report, signal);
    await tool(commandsIn(folder)("qemu-img"), signal);
  }).catch((error) => {
    if (signal.aborted) throw error;
    throw new MissingTool(
      "qemu-img was not found and could not be fetched; the disks of the tests are made by it: install it (Debian's " +
        `qemu-utils), or let apt-get reach deb.debian.org, and run this again.\n${error.message}`,
      { cause: error },
    );
  });
  return tool(commandsIn(root)("qemu-img"), signal);
}

async function tool(command: string[], signal: AbortSignal): Promise<DiskTool> {
  const [program = "", ...first] = command;
  const [version = ""] = (await run(program, [...first, "--version"], { signal })).split("\n");
  return { command, version, run: (...args) => run(program, [...first, ...args]) };
}
