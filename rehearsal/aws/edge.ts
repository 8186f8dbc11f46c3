import type { IncomingMessage } from "node:http";
import { type Decision, type Endpoint, serveHttp } from "../local/balancer.ts";
import type { HostCertificate } from "../local/host-certificate.ts";
import type { Hosting } from "./hosting.ts";

/** How a distribution is met. */
export interface EdgeSettings {
  /** Host that CloudFront gave it. @example "d111111abcdef8.cloudfront.net" */
  domainName: string;
  /** Names of one's own, which the certificate covers. */
  aliases: readonly string[];
  certificate: HostCertificate | undefined;
}

/** What CloudFront says when it can't serve at all (HTTP 503 status code, Service Unavailable). */
const UNAVAILABLE: Decision = {
  reply: {
    status: 503,
    headers: { server: "CloudFront", "x-cache": "Error from cloudfront" },
    body: "503 Service Unavailable",
  },
};

/**
 * Where users meet a distribution: TLS ends here, by the name that is asked for. What becomes of a request the
 * emulator decides, whose data plane goes by the distribution's own host: behaviours, policies, and the origin's
 * bucket, whose policy must let the distribution in.
 */
export class Edge {
  readonly #hosting: Hosting;
  readonly #endpoints = new Map<number, Endpoint>();
  #settings: EdgeSettings;

  private constructor(hosting: Hosting, settings: EdgeSettings) {
    this.#hosting = hosting;
    this.#settings = settings;
  }

  static async open(hosting: Hosting, settings: EdgeSettings): Promise<Edge> {
    const own = await hosting.issue(["*.cloudfront.net"]);
    const edge = new Edge(hosting, settings);
    const certificates = () => [own, ...(edge.#settings.certificate ? [edge.#settings.certificate] : [])];
    await edge.#listen(443, { certificates });
    await edge.#listen(80);
    return edge;
  }

  /** @param settings with the same host */
  change(settings: EdgeSettings): void {
    this.#settings = settings;
  }

  close(): void {
    for (const [port, endpoint] of this.#endpoints) {
      endpoint.close();
      this.#hosting.names.delete(this.#settings.domainName, port);
    }
  }

  async #listen(port: 80 | 443, tls?: { certificates(): readonly HostCertificate[] }): Promise<void> {
    const scheme = tls ? "https" : "http";
    const { doors } = this.#hosting;
    const endpoint = await serveHttp({ tls, doors, decide: (request) => this.#decide(request, scheme) });
    this.#endpoints.set(port, endpoint);
    this.#hosting.names.set(this.#settings.domainName, port, endpoint);
  }

  #decide({ headers }: IncomingMessage, scheme: "http" | "https"): Decision {
    const { domainName, aliases } = this.#settings;
    const [host = ""] = (headers.host ?? "").split(":", 1);
    // Whom no distribution has as an alias CloudFront refuses (HTTP 403 status code, alternate domain name).
    if (host !== domainName && !aliases.includes(host)) return { reply: { status: 403 } };
    if (this.#hosting.contentIsDown) return UNAVAILABLE;
    const { gateway, authority } = this.#hosting;
    return {
      upstream: {
        host: gateway.hostname,
        port: Number(gateway.port),
        ca: authority.certificate,
        headers: { ...headers, host: domainName, "x-forwarded-proto": scheme },
        change: ({ location, ...others }) =>
          location === undefined ? others : { ...others, location: String(location).replace(domainName, host) },
      },
    };
  }
}
