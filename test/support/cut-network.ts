import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Stands before a server, at its address and another port, so that its certificate fits, and can lose the network. */
export class CutNetwork {
  readonly port: number;
  readonly #listener: Server;
  readonly #sockets: Set<Socket>;
  #isCut = false;

  private constructor(listener: Server, sockets: Set<Socket>, port: number) {
    this.#listener = listener;
    this.#sockets = sockets;
    this.port = port;
    listener.on("connection", (incoming) => {
      if (this.#isCut) incoming.destroy();
    });
  }

  /** @param target the server behind */
  static async before({ address, port }: { address: string; port: number }): Promise<CutNetwork> {
    const sockets = new Set<Socket>();
    const listener = createServer((incoming) => {
      const onward = connect(port, address);
      for (const [socket, other] of [
        [incoming, onward],
        [onward, incoming],
      ] as const) {
        sockets.add(socket);
        socket.on("error", () => {});
        socket.on("close", () => {
          sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    }).listen(0, address);
    await once(listener, "listening");
    return new CutNetwork(listener, sockets, (listener.address() as { port: number }).port);
  }

  /** Cuts every connection, and lets none through from now on. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  heal(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.#listener.close();
  }
}
