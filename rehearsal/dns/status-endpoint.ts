import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { HealthCheckObservation } from "@aws-sdk/client-route-53";
import { XMLBuilder } from "fast-xml-parser";
import { type Decision, type Endpoint, type Reply, serveHttp } from "../local/balancer.ts";
import type { Certificate } from "../local/certificate.ts";
import type { HostCertificate } from "../local/host-certificate.ts";
import type { DataPlane } from "./data-plane.ts";

const NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/";

/** GetHealthCheckStatus. */
const STATUS = /^\/2013-04-01\/healthcheck\/([^/?]+)\/status$/;

export interface StatusEndpointOptions {
  /** Where the emulator answers. */
  emulatorUrl: string;
  /** What is shown here, and what the emulator shows. */
  certificate: Certificate;
  /** Knows the checks, and what their checkers saw. */
  plane: Pick<DataPlane, "health" | "statusOf" | "sync">;
}

/**
 * Serves Route 53's control plane: everything goes to the emulator, which checks signature and rights; only what it
 * does not have, GetHealthCheckStatus, is answered by the checkers. While the emulator is dead nothing is answered.
 */
export class StatusEndpoint implements Disposable {
  readonly #endpoint: Endpoint;

  private constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  static async start(options: StatusEndpointOptions): Promise<StatusEndpoint> {
    // The one for whichever name: clients meet it by its address.
    const shown: HostCertificate = { names: ["localhost"], ...options.certificate, covers: () => true };
    const endpoint = await serveHttp({
      tls: { certificates: () => [shown] },
      decide: (request) => decide(request, options),
    });
    return new StatusEndpoint(endpoint);
  }

  /** For AWS_ENDPOINT_URL_ROUTE_53. */
  get url(): string {
    return `https://${this.#endpoint.host}:${this.#endpoint.port}`;
  }

  [Symbol.dispose](): void {
    this.#endpoint.close();
  }
}

async function decide(request: IncomingMessage, options: StatusEndpointOptions): Promise<Decision> {
  const { headers, method, url = "/" } = request;
  const { hostname, port } = new URL(options.emulatorUrl);
  const ca = options.certificate.certificate;
  const [, id] = (method === "GET" && STATUS.exec(url)) || [];
  if (id === undefined) {
    return { upstream: { host: hostname, port: Number(port), ca, headers, change: (answered) => answered } };
  }
  const refused = await refusal(request, options);
  if (refused) return { reply: refused };
  return { reply: await statusReply(id, options.plane) };
}

async function statusReply(id: string, plane: StatusEndpointOptions["plane"]): Promise<Reply> {
  // A check that was made a moment ago may not be copied yet.
  if (!plane.health().has(id)) await plane.sync();
  const check = plane.health().get(id);
  if (!check) return failure(404, "NoSuchHealthCheck", `No health check exists with the specified ID ${id}.`);
  // "You can't use GetHealthCheckStatus to get the status of a calculated health check" (its reference).
  if (check.config.Type === "CALCULATED") {
    return failure(400, "InvalidInput", `${id} is a calculated health check, which has no status to get.`);
  }
  return { status: 200, headers: { "content-type": "text/xml" }, body: shown(plane.statusOf(id)) };
}

/** What the emulator says of who asks: it knows no such action, but looks at signature and rights before. */
async function refusal({ headers, url }: IncomingMessage, options: StatusEndpointOptions): Promise<Reply | undefined> {
  const { certificate, emulatorUrl } = options;
  try {
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      const ca = certificate.certificate;
      httpsRequest(emulatorUrl, { path: url, headers, ca, agent: false }, resolve).on("error", reject).end();
    });
    const chunks: Buffer[] = [];
    for await (const chunk of reply) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    if (reply.statusCode === 400 && body.includes("Unknown Route53 endpoint")) return undefined;
    return { status: reply.statusCode ?? 502, headers: { "content-type": "text/xml" }, body };
  } catch {
    return failure(503, "ServiceUnavailable", "The control plane does not answer.");
  }
}

function shown(observations: readonly HealthCheckObservation[]): string {
  const HealthCheckObservation = observations.map(({ Region, IPAddress, StatusReport }) => ({
    Region,
    IPAddress,
    StatusReport: { Status: StatusReport?.Status, CheckedTime: StatusReport?.CheckedTime?.toISOString() },
  }));
  return xml("GetHealthCheckStatusResponse", { HealthCheckObservations: { HealthCheckObservation } });
}

function failure(status: number, Code: string, Message: string): Reply {
  const body = xml("ErrorResponse", { Error: { Type: "Sender", Code, Message }, RequestId: crypto.randomUUID() });
  return { status, headers: { "content-type": "text/xml" }, body };
}

function xml(root: string, content: object): string {
  return new XMLBuilder({ ignoreAttributes: false }).build({ [root]: { "@_xmlns": NAMESPACE, ...content } });
}
