import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";

/**
 * Hands a request on to a registry without TLS, and its answer back. The registry is told the host that it was asked at,
 * so that where it says to go on is there too.
 *
 * @returns the answer, once it is handed back
 */
export async function handOn(
  origin: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<IncomingMessage> {
  const { hostname, port } = new URL(origin);
  const { authorization: _, ...headers } = incoming.headers;
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request({ hostname, port, method: incoming.method, path: incoming.url, headers }, resolve);
    sent.on("error", reject);
    pipeline(incoming, sent).catch(reject);
  });
  const found = await answer;
  outgoing.writeHead(found.statusCode ?? 502, found.headers);
  await pipeline(found, outgoing);
  return found;
}

/** Refuses a request as registries do ("Errors" of the distribution specification). */
export function refuse(outgoing: ServerResponse, status: number, code: string, message: string, headers = {}): void {
  const body = JSON.stringify({ errors: [{ code, message }] });
  outgoing.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
}
