import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Where a relay listens, or whom it calls: a socket in the file system, or an address. */
export type Place = { path: string } | { host: string; port: number };

/** Hands connections on, byte for byte. A socket in the file system is met from every network namespace. */
export class Relay implements AsyncDisposable {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #connections = 0;

  private constructor(to: Place) {
    this.#server = createServer({ allowHalfOpen: true }, (caller) => this.#handOn(caller, to));
  }

  /** @throws Error when nobody can listen there */
  static async start(from: Place, to: Place): Promise<Relay> {
    const relay = new Relay(to);
    relay.#server.listen(from);
    await once(relay.#server, "listening");
    return relay;
  }

  /** Connections that were taken so far. */
  get connections(): number {
    return this.#connections;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #handOn(caller: Socket, to: Place): void {
    this.#connections += 1;
    const called = connect({ ...to, allowHalfOpen: true });
    const pair = [caller, called];
    for (const socket of pair) {
      this.#open.add(socket.setNoDelay());
      // Who loses the one side has lost the other.
      socket
        .on("error", () => {})
        .once("close", () => {
          this.#open.delete(socket);
          for (const each of pair) each.destroy();
        });
    }
    caller.pipe(called);
    called.pipe(caller);
  }
}
