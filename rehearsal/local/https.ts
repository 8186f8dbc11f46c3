import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Certificate } from "./certificate.ts";
import { Doors } from "./doors.ts";

/** A server that answers over HTTPS on a free port of the loopback. */
export interface HttpsService {
  port: number;
  /** Without a slash at the end. */
  url: string;
  close(): void;
}

/**
 * Serves over HTTPS with the run's certificate; a handler that fails answers 500 with its error.
 *
 * @param doors whose outages it shares; none by default
 */
export async function serveHttps(
  certificate: Certificate,
  handle: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>,
  doors = new Doors(),
): Promise<HttpsService> {
  const server = createServer({ cert: certificate.certificate, key: certificate.key }, (incoming, outgoing) => {
    handle(incoming, outgoing).catch((error) => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(500).end(String(error));
    });
  });
  // A large object takes as long as it takes.
  server.requestTimeout = 0;
  const { port, close } = await doors.listen(server);
  return { port, url: `https://127.0.0.1:${port}`, close };
}
