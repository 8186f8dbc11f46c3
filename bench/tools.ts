import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { cached } from "../rehearsal/tools/cache.ts";
import { fetchPackages, librariesIn } from "../rehearsal/tools/debian.ts";
import { buildGoProgram } from "../rehearsal/tools/go.ts";
import { type Report, run } from "../rehearsal/tools/run.ts";

/** The versions are pinned, so that two runs of the bench compare with the same peers. */
const RCLONE = "1.76.0";
const VERSITYGW = "1.8.0";
const AZCOPY = "10.32.2";

/** A program of others. */
export interface Tool {
  version: string;
  /** Path of the program. */
  command: string;
}

/** A tool that cannot be had here, and why. */
export interface Missing {
  missing: string;
}

/** The peer that reads S3 and writes Blob storage itself. Some four minutes to build on two cores. */
export function findRclone(report: Report, signal: AbortSignal): Promise<Tool | Missing> {
  const rclone = { package: "github.com/rclone/rclone", module: "github.com/rclone/rclone", version: `v${RCLONE}` };
  return find(RCLONE, "rclone", signal, (target) => buildGoProgram(rclone, target, report, signal));
}

/** The fast S3 server: a gateway to a folder. */
export function findVersityGw(report: Report, signal: AbortSignal): Promise<Tool | Missing> {
  const module = "github.com/versity/versitygw";
  const versitygw = { package: `${module}/cmd/versitygw`, module, version: `v${VERSITYGW}` };
  return find(VERSITYGW, "versitygw", signal, (target) => buildGoProgram(versitygw, target, report, signal));
}

/** The vendor's own peer, from the package in which the vendor's desktop tools get it. */
export function findAzCopy(report: Report, signal: AbortSignal): Promise<Tool | Missing> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return Promise.resolve({ missing: "its package is for Linux on x64 only" });
  }
  return find(AZCOPY, "azcopy", signal, async (target, folder) => {
    const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-save", "--prefix", folder];
    await run("npm", ["install", ...flags, `@azure-tools/azcopy-linux@${AZCOPY}`], { folder, signal, report });
    await chmod(join(folder, AZCOPY_IN_PACKAGE), 0o755);
    await writeFile(target, STARTS_AZCOPY, { mode: 0o755 });
    await run(target, ["--version"], { signal }).catch(() => addKeyring(folder, signal));
  });
}

const AZCOPY_IN_PACKAGE = "node_modules/@azure-tools/azcopy-linux/dist/bin/azcopy_linux_amd64";

/** It wants a desktop's keyring at its start, needed or not; what a server lacks for that lies beside it. */
const STARTS_AZCOPY = `#!/bin/sh
root=$(dirname "$0")/..
LD_LIBRARY_PATH=$root/lib exec "$root/${AZCOPY_IN_PACKAGE}" "$@"
`;

async function addKeyring(folder: string, signal: AbortSignal): Promise<void> {
  const options = { folder, signal };
  await run("apt-get", ["-o", "APT::Sandbox::User=root", "download", "libsecret-1-0"], options);
  await run("sh", ["-c", "dpkg -x libsecret-1-0_*.deb unpacked && mv unpacked/usr/lib/*-linux-gnu lib"], options);
}

/** The parallel dumper and its loader, `myloader` beside it, from Debian's packages, with their own libraries. */
export function findMyDumper(report: Report, signal: AbortSignal): Promise<Tool | Missing> {
  return orMissing(signal, async () => {
    const folder = await cached(`mydumper-debian-${process.arch}`, async (unfinished) => {
      await fetchPackages(["mydumper"], unfinished, report, signal);
      await mkdir(join(unfinished, "bin"));
      const starts = startsIn(relative(unfinished, librariesIn(unfinished)));
      for (const name of ["mydumper", "myloader"])
        await writeFile(join(unfinished, "bin", name), starts, { mode: 0o755 });
      await run(join(unfinished, "bin/mydumper"), ["--version"], { signal });
    });
    const command = join(folder, "bin/mydumper");
    const said = await run(command, ["--version"], { signal });
    return { version: /^mydumper (\S+?),/.exec(said)?.[1] ?? said, command };
  });
}

/** Its client's plug-ins, without which it can't sign in, it would look for in the system. */
function startsIn(libraries: string): string {
  return `#!/bin/sh
root=$(dirname "$0")/..
libraries=$root/${libraries}
export MARIADB_PLUGIN_DIR="$libraries/libmariadb3/plugin"
exec "$libraries"/ld-linux*.so.? --library-path "$libraries" "$root/usr/bin/$(basename "$0")" "$@"
`;
}

function find(
  version: string,
  name: string,
  signal: AbortSignal,
  make: (target: string, folder: string) => Promise<void>,
): Promise<Tool | Missing> {
  return orMissing(signal, async () => {
    const folder = await cached(`${name}-${version}`, async (unfinished) => {
      const target = join(unfinished, "bin", name);
      await mkdir(join(unfinished, "bin"), { recursive: true });
      await make(target, unfinished);
      await run(target, ["--version"], { signal });
    });
    return { version, command: join(folder, "bin", name) };
  });
}

async function orMissing(signal: AbortSignal, find: () => Promise<Tool>): Promise<Tool | Missing> {
  try {
    return await find();
  } catch (error) {
    if (signal.aborted) throw error;
    return { missing: (error as Error).message };
  }
}
