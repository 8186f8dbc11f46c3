import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";

/**
 * Ports that no system hands out to a connection (Linux begins at 32768, Windows and macOS at 49152): what ends and
 * comes back finds its own port free again.
 */
const LOWEST = 10_000;
const HIGHEST = 32_000;

/** So many ports are tried before it counts as impossible; one is taken by chance hardly ever. */
const TRIES = 100;

const LOOPBACK = "127.0.0.1";

/** Has a server listen on the loopback. @param port some lasting one when absent @throws Error when it can't */
export async function listenAt(server: Server, port?: number): Promise<number> {
  if (port !== undefined) return tryAt(server, port);
  for (let tried = 1; ; tried++) {
    try {
      return await tryAt(server, randomInt(LOWEST, HIGHEST));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || tried === TRIES) throw error;
    }
  }
}

/** A port for a process that may end and come back. */
export async function lastingPort(): Promise<number> {
  const server = createServer();
  const port = await listenAt(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function tryAt(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, LOOPBACK, () => {
      server.off("error", reject);
      resolve(port);
    });
  });
}
