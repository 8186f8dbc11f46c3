import { Resolver } from "node:dns/promises";
import { setTimeout as delay } from "node:timers/promises";

/** Between two questions, in milliseconds. */
const LOOK = 1000;

/** What answers for names. */
export type Asking = Pick<Resolver, "resolveCname">;

/**
 * A resolver that asks the machine's servers of names, or those of DNS_SERVERS.
 *
 * @param timeout milliseconds until a server is asked again, once
 * @param servers addresses with ports, separated by commas @example "127.0.0.1:5353,[::1]:5353"
 */
export function resolver(timeout = 2000, servers = process.env.DNS_SERVERS): Resolver {
  const made = new Resolver({ timeout, tries: 2 });
  if (servers) made.setServers(servers.split(",").map((server) => server.trim()));
  return made;
}

/** Names have no case, and may end with the root's dot. */
export function plainHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}

/**
 * The host that users are sent to for a name.
 *
 * @returns undefined where the name is no alias of any host
 * @throws Error when no resolver answers
 */
export async function hostOf(name: string, asking: Asking = resolver()): Promise<string | undefined> {
  try {
    const [host] = await asking.resolveCname(name);
    return host && plainHost(host);
  } catch (error) {
    if (["ENODATA", "ENOTFOUND"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw new Error(`expected an answer for ${name}, found none (${(error as Error).message})`, { cause: error });
  }
}

/**
 * Waits until a name leads to one of these hosts.
 *
 * @throws the signal's reason when it does not in time
 */
export async function untilAnswered(
  name: string,
  hosts: readonly string[],
  { report, signal }: { report(line: string): void; signal: AbortSignal },
): Promise<void> {
  const wanted = hosts.map(plainHost);
  for (;;) {
    const host = await hostOf(name).catch((error: Error) => error);
    if (typeof host === "string" && wanted.includes(host)) return;
    report(host instanceof Error ? host.message : `${name} leads to ${host ?? "nowhere"}`);
    await delay(LOOK, undefined, { signal });
  }
}
