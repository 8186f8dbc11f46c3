/** What a Linux says on its serial console when it is up ("systemd.special", and getty's prompt). */
const UP =
  /\blogin: *$|Reached target .*(Multi-User System|multi-user\.target|Graphical Interface)|Cloud-init v\..* finished/m;

/** What it says when it will never be. */
const LOST =
  /Kernel panic - not syncing.*|Entering emergency mode.*|You are in (?:emergency|rescue) mode.*|.*does not exist\.? Dropping to a shell.*|No bootable device.*|error: no such (?:device|partition).*/m;

/** How a boot goes. */
export type Boot = { state: "booting" } | { state: "up" } | { state: "lost"; reason: string };

/** Judges a boot by all that was said on the console so far. */
export function judgeBoot(log: string): Boot {
  if (UP.test(log)) return { state: "up" };
  const lost = LOST.exec(log)?.[0];
  return lost === undefined ? { state: "booting" } : { state: "lost", reason: lost.trim().slice(0, 200) };
}
