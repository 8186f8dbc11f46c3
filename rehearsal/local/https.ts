import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificate } from "./certificate.ts";

/** A server that answers over HTTPS on a free port of the loopback. */
export interface HttpsService {
  port: number;
  /** Without a slash at the end. */
  url: string;
  close(): void;
}

/** Serves over HTTPS with the run's certificate; a handler that fails answers 500 with its error. */
export async function serveHttps(
  certificate: Certificate,
  handle: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>,
): Promise<HttpsService> {
  const server = createServer({ cert: certificate.certificate, key: certificate.key }, (incoming, outgoing) => {
    handle(incoming, outgoing).catch((error) => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(500).end(String(error));
    });
  });
  // A large object takes as long as it takes.
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port, url: `https://127.0.0.1:${port}`, close };
}
