import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { run } from "../tools/run.ts";

/** Where the kernel hands packets to a program, on every Linux that can. */
const TUNNEL_DEVICE = "/dev/net/tun";

/**
 * Why this machine cannot have real tunnels; undefined where it can.
 *
 * @param tunnelDevice where packets are handed over
 * @example "no process here may make network namespaces: …"
 */
export async function whyNoTunnels(tunnelDevice = TUNNEL_DEVICE): Promise<string | undefined> {
  if (process.platform !== "linux") return `network namespaces are Linux's, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return "only root may make network namespaces; this runs as another user";
  const rights = constants.R_OK | constants.W_OK;
  const device = await access(tunnelDevice, rights).catch((error: NodeJS.ErrnoException) => error.code);
  if (device) return `${tunnelDevice} may not be opened (${device})`;
  const probe = ["--mount", "--net", "--pid", "--fork", "true"];
  return run("unshare", probe).then(
    () => undefined,
    (error: Error) => `no process here may make network namespaces: ${error.message}`,
  );
}
