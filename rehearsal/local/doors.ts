import type { Server, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { listenAt } from "./ports.ts";

/** How long a port of one's own may be taken when it is to be opened again, in milliseconds. */
const PATIENCE = 5000;

/** From one try at it to the next, in milliseconds. */
const PAUSE = 50;

/** A server that is met at a port of the loopback. */
export interface Door {
  port: number;
  close(): void;
}

/**
 * The ports at which this process answers for a cloud. All at once they can be shut: connections are cut, and
 * whoever comes is refused as where nobody runs; then opened again, each at the port that it had.
 */
export class Doors {
  readonly #doors = new Map<Server, { port: number; inside: Set<Socket> }>();
  #shut = false;

  /** Has a server listen; where the doors are shut, nobody gets in yet. */
  async listen(server: Server): Promise<Door> {
    const inside = new Set<Socket>();
    server.on("connection", (socket: Socket) => {
      inside.add(socket);
      socket.once("close", () => inside.delete(socket));
      // What breaks while nobody waits for it, such as a TLS handshake, is the other end's affair.
      socket.on("error", () => {});
    });
    const port = await listenAt(server);
    this.#doors.set(server, { port, inside });
    if (this.#shut) cut(server, inside);
    const close = () => {
      this.#doors.delete(server);
      cut(server, inside);
    };
    return { port, close };
  }

  get isShut(): boolean {
    return this.#shut;
  }

  /** Cuts everybody off, and refuses whoever comes from now on. */
  shut(): void {
    this.#shut = true;
    for (const [server, { inside }] of this.#doors) cut(server, inside);
  }

  /** Lets people in again. @throws Error when a port has been taken meanwhile */
  async open(): Promise<void> {
    this.#shut = false;
    await Promise.all([...this.#doors].map(([server, { port }]) => reopen(server, port)));
    // Whoever shut them meanwhile could not close what did not listen yet.
    if (this.#shut) this.shut();
  }
}

async function reopen(server: Server, port: number): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (!server.listening) {
    try {
      await listenAt(server, port);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(PAUSE);
    }
  }
}

function cut(server: Server, inside: ReadonlySet<Socket>): void {
  if (server.listening) server.close();
  for (const socket of inside) socket.destroy();
}
