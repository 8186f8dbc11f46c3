import { cached } from "./cache.ts";
import { commandsIn, fetchPackages } from "./debian.ts";
import { MissingTool, type Report, run } from "./run.ts";

/** strongSwan with what carries packets outside the kernel and with its command, a speaker of BGP, `ip`, and a shell for hooks. */
const PACKAGES = [
  ...["strongswan-charon", "libcharon-extra-plugins", "libstrongswan-standard-plugins", "strongswan-swanctl"],
  ...["bird3", "iproute2", "dash"],
];

/** What real tunnels are made of. */
export interface VpnTools {
  /** Folder that they were unpacked into. strongSwan looks for its plugins at fixed places, so it runs with this as its root. */
  root: string;
  /** The command line of a program that runs from anywhere. @example "bird", "ip" */
  command(program: string): string[];
  /** @example "BIRD version 3.1.4" */
  version: string;
}

/**
 * strongSwan, BIRD and iproute2: Debian's, unpacked beside the system, which stays as it is.
 *
 * @throws MissingTool when they cannot be fetched
 */
export async function findVpnTools(report: Report, signal: AbortSignal): Promise<VpnTools> {
  const root = await cached(`vpn-debian-${process.arch}`, async (folder) => {
    await fetchPackages(PACKAGES, folder, report, signal);
    await versionIn(folder, signal);
  }).catch((error) => {
    if (signal.aborted) throw error;
    throw new MissingTool(
      "strongSwan, BIRD and iproute2 could not be fetched; the tunnels between the sites are real here: let apt-get " +
        `reach deb.debian.org, and run this again.\n${error.message}`,
      { cause: error },
    );
  });
  return { root, command: commandsIn(root), version: await versionIn(root, signal) };
}

async function versionIn(root: string, signal: AbortSignal): Promise<string> {
  const [command = "", ...args] = commandsIn(root)("bird");
  return (await run(command, [...args, "--version"], { signal })).trim();
}
