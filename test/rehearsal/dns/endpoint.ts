import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import type { HostCertificate } from "../../../rehearsal/local/host-certificate.ts";

/** Something that health checks ask: answers as it is told, and keeps what it was asked. */
export class Endpoint implements AsyncDisposable {
  status = 200;
  body = "";
  /** What it was asked, oldest first. */
  readonly asked: { url: string; headers: IncomingMessage["headers"]; at: number }[] = [];
  /** Names that TLS clients asked for. */
  readonly names: string[] = [];
  /** Answers instead, when it is given. */
  act: RequestListener | undefined;
  readonly #server;

  constructor(certificate?: HostCertificate) {
    const listener: RequestListener = (incoming, outgoing) => {
      this.asked.push({ url: incoming.url ?? "", headers: incoming.headers, at: performance.now() });
      if (this.act) this.act(incoming, outgoing);
      else outgoing.writeHead(this.status).end(this.body);
    };
    this.#server = certificate
      ? createHttpsServer({ cert: certificate.certificate, key: certificate.key }, listener)
      : createServer(listener);
    this.#server.on("secureConnection", ({ servername }: TLSSocket & { servername?: string | false }) => {
      if (servername) this.names.push(servername);
    });
  }

  /** Begins to answer, at a port of the loopback. */
  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): { host: string; port: number } {
    return { host: "127.0.0.1", port: this.port };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
