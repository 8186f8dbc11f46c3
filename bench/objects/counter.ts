import { Agent, request } from "node:https";
import { pipeline } from "node:stream/promises";
import type { Certificate } from "../../rehearsal/local/certificate.ts";
import { serveHttps } from "../../rehearsal/local/https.ts";

/** How often each operation was asked for, by its name. */
export type Counts = Record<string, number>;

/** What a request asks for, in the words of both services. @param url path and query */
export function operationOf(method: string, url: string): string {
  const { searchParams } = new URL(url, "https://host");
  const [, ...path] = url
    .split("?", 1)
    .join("")
    .split("/")
    .filter((part) => part !== "");
  const detail = searchParams.get("comp") ?? searchParams.get("restype") ?? "";
  if (detail === "list" || (method === "GET" && path.length === 0 && detail === "")) return "list";
  // Nothing below a bucket, or below an account's container: a question about the place itself.
  const place = path.length === 0 || detail === "container" ? "place" : detail;
  return [method, place].filter((part) => part !== "").join(" ");
}

/** A way to a service that counts what passes. */
export interface Counter extends Disposable {
  /** Where it answers, without a slash at the end. */
  url: string;
  counts: Counts;
}

/** Counts what is asked of `upstream`; everything passes as it is, the host's name too, for it is signed. */
export async function countRequests(upstream: string, certificate: Certificate): Promise<Counter> {
  const counts: Counts = {};
  const agent = new Agent({ keepAlive: true, ca: certificate.certificate });
  const { port } = new URL(upstream);
  const { url, close } = await serveHttps(certificate, async (incoming, outgoing) => {
    const operation = operationOf(incoming.method ?? "", incoming.url ?? "/");
    counts[operation] = (counts[operation] ?? 0) + 1;
    await new Promise<void>((resolve, reject) => {
      const { method, url: path, headers } = incoming;
      const onward = request({ host: "127.0.0.1", port, agent, method, path, headers }, (reply) => {
        outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
        pipeline(reply, outgoing).then(resolve, reject);
      });
      pipeline(incoming, onward).catch(reject);
    });
  });
  return {
    url,
    counts,
    [Symbol.dispose]: () => {
      close();
      agent.destroy();
    },
  };
}
