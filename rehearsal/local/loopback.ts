import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** So many addresses are tried before it counts as impossible; one is taken by chance hardly ever. */
const TRIES = 8;

/**
 * An address of the loopback on which nobody listens at the port, drawn from the whole of 127.0.0.0/8: so two
 * servers, and two runs, can both have the port that people know, each on an address of its own.
 *
 * @throws Error when the port is taken on every address, or the machine has 127.0.0.1 only
 */
export async function freeAddress(port: number): Promise<string> {
  let problem: string | undefined;
  for (let tried = 0; tried < TRIES; tried++) {
    // Not from 127.0.0.0/16, of which systems take addresses for themselves (127.0.0.53, 127.0.1.1).
    const address = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
    problem = await hindrance(address, port);
    if (problem === undefined) return address;
  }
  throw new Error(
    `port ${port} was free on none of ${TRIES} addresses of the loopback (${problem}): end what listens on it on ` +
      "every address, or have it listen on its own address only; a machine that has 127.0.0.1 only (macOS) needs more",
  );
}

/** Why nobody can listen there; undefined when it is free. */
function hindrance(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
      .once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      .listen(port, address, () => server.close(() => resolve(undefined)));
  });
}
