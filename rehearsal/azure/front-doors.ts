import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { type Decision, type Endpoint, serveHttp, type Upstream } from "../local/balancer.ts";
import type { Certificate } from "../local/certificate.ts";
import type { Doors } from "../local/doors.ts";
import { type HostCertificate, issueForHosts } from "../local/host-certificate.ts";
import type { Address, Names } from "../local/names.ts";
import type { Authority } from "./authority.ts";
import type { BlobService } from "./blob-service.ts";
import { applyHeaders, type HeaderAction } from "./front-door-headers.ts";
import { type Match, match, originOf, PROFILES, type Route, type RuleSettings } from "./front-door-routes.ts";
import type { ResourceManager } from "./resource-manager.ts";

/** Nothing is served here ("Our services aren't available right now"). */
const NOTHING: Decision = { reply: { status: 404, body: "Front Door has no route for this." } };

/** The origin cannot be reached at all (Troubleshoot Azure Front Door, 503). */
const NO_ORIGIN: Decision = { reply: { status: 503, body: "Front Door has no origin for this." } };

/**
 * The edge of every Front Door: takes requests for endpoints and custom domains over HTTP and HTTPS, and sends
 * them on to the origins, signed in as the identity of the origin group where it has one.
 *
 * It caches nothing and probes nothing. A custom domain is served from the first day: nobody here asks DNS for its
 * proof.
 */
export class FrontDoors {
  readonly #resources: ResourceManager;
  readonly #authority: Authority;
  readonly #blobs: BlobService;
  readonly #names: Names;
  readonly #certificate: Certificate;
  readonly #doors: Doors;
  /** Certificates of endpoints and custom domains, by their ids in small letters. */
  readonly #certificates = new Map<string, HostCertificate>();
  #edges: { secure: Endpoint; open: Endpoint } | undefined;

  constructor(args: {
    resources: ResourceManager;
    authority: Authority;
    blobs: BlobService;
    names: Names;
    certificate: Certificate;
    /** Where its edges are met. */
    doors: Doors;
  }) {
    this.#resources = args.resources;
    this.#authority = args.authority;
    this.#blobs = args.blobs;
    this.#names = args.names;
    this.#certificate = args.certificate;
    this.#doors = args.doors;
  }

  /** Serves an endpoint at the host that Front Door made up for it. */
  async openEndpoint(id: string, host: string): Promise<void> {
    this.#edges ??= await this.#serve();
    await this.openDomain(id, host);
    this.#names.set(host, 443, this.#edges.secure);
    this.#names.set(host, 80, this.#edges.open);
  }

  /** Serves a custom domain, with a managed certificate; DNS says that its users come here. */
  async openDomain(id: string, host: string): Promise<void> {
    if (this.#certificates.has(id.toLowerCase())) return;
    this.#certificates.set(id.toLowerCase(), await issueForHosts(this.#certificate, [host.toLowerCase()]));
  }

  /** Ends an endpoint or a custom domain. */
  delete(id: string): void {
    const host = this.#certificates.get(id.toLowerCase())?.names[0] ?? "";
    this.#certificates.delete(id.toLowerCase());
    if (!/\/afdEndpoints\//i.test(id)) return;
    this.#names.delete(host, 443);
    this.#names.delete(host, 80);
  }

  close(): void {
    this.#edges?.secure.close();
    this.#edges?.open.close();
  }

  async #serve() {
    const certificates = () => [...this.#certificates.values()];
    const doors = this.#doors;
    const tls = { certificates };
    return {
      secure: await serveHttp({ tls, doors, decide: (request) => this.#decide(request, true) }),
      open: await serveHttp({ doors, decide: (request) => this.#decide(request, false) }),
    };
  }

  async #decide(request: IncomingMessage, secure: boolean): Promise<Decision> {
    const [host = ""] = (request.headers.host ?? "").split(":", 1);
    const [path = "/"] = (request.url ?? "/").split("?", 1);
    const found = match(this.#resources, host, path);
    if (!found) return NOTHING;
    const { supportedProtocols = ["Http", "Https"], httpsRedirect } = found.route;
    if (!secure && httpsRedirect === "Enabled") {
      return { reply: { status: 307, headers: { location: `https://${host}${request.url}` } } };
    }
    if (!supportedProtocols.includes(secure ? "Https" : "Http")) return NOTHING;
    return this.#forward(request, found, secure);
  }

  async #forward(request: IncomingMessage, found: Match, secure: boolean): Promise<Decision> {
    const { route, profileId } = found;
    const origin = originOf(this.#resources, route);
    if (!origin) return NO_ORIGIN;
    const encrypted = route.forwardingProtocol === "MatchRequest" ? secure : route.forwardingProtocol !== "HttpOnly";
    const port = Number(encrypted ? (origin.httpsPort ?? 443) : (origin.httpPort ?? 80));
    const place = this.#placeOf(String(origin.hostName), port);
    if (!place) return NO_ORIGIN;
    const actions = this.#actionsOf(route);
    const headers: OutgoingHttpHeaders = {
      ...request.headers,
      host: origin.originHostHeader || request.headers.host,
      "x-azure-fdid": String(this.#resources.get(profileId)?.properties.frontDoorId),
      "x-forwarded-for": [request.headers["x-forwarded-for"], request.socket.remoteAddress].filter(Boolean).join(", "),
      "x-forwarded-host": request.headers.host,
      "x-forwarded-proto": secure ? "https" : "http",
      ...(await this.#signIn(origin.identityId, origin.scope)),
    };
    const upstream: Upstream = {
      ...place.address,
      path: `${place.path}${found.path}${(request.url ?? "").slice(found.asked.length)}`,
      ca: encrypted ? this.#certificate.certificate : undefined,
      ...(place.isNamed && { servername: String(origin.hostName) }),
      anyName: origin.enforceCertificateNameCheck === false,
      headers: applyHeaders(headers, actions.request),
      change: (answered) => applyHeaders(answered, actions.response),
    };
    return { upstream };
  }

  /**
   * Where an origin answers here, and what stands there before its paths: blob endpoints have the account in them, and a
   * certificate for their address.
   */
  #placeOf(host: string, port: number): { address: Address; path: string; isNamed: boolean } | undefined {
    const account = this.#blobs.accountAt(host);
    if (account !== undefined) {
      const { hostname, port: own } = new URL(this.#blobs.endpointOf(account));
      return { address: { host: hostname, port: Number(own) }, path: `/${account}`, isNamed: false };
    }
    const address = this.#names.lookup(host, port);
    return address && { address, path: "", isNamed: true };
  }

  /** The token that an origin group's identity gets; none when the identity is gone. */
  async #signIn(identityId: string | undefined, scope = ""): Promise<OutgoingHttpHeaders> {
    const principal = identityId && this.#resources.get(identityId)?.properties.principalId;
    if (!principal) return {};
    const token = await this.#authority.issue(String(principal), scope.replace(/\/\.default$/, ""));
    return { authorization: `Bearer ${token}` };
  }

  /** What a route's rules do to the headers, in their order. */
  #actionsOf({ ruleSets = [] }: Route): { request: HeaderAction[]; response: HeaderAction[] } {
    const rules = ruleSets.flatMap(({ id = "" }) =>
      this.#resources
        .list(`${PROFILES}/ruleSets/rules`)
        .filter((rule) => rule.id.toLowerCase().startsWith(`${id.toLowerCase()}/`))
        .map(({ properties }) => properties as RuleSettings)
        .sort((one, other) => Number(one.order) - Number(other.order)),
    );
    const actions = rules.flatMap((rule) => rule.actions ?? []);
    const named = (name: string) =>
      actions.filter((action) => action.name === name).map(({ parameters }) => parameters as HeaderAction);
    return { request: named("ModifyRequestHeader"), response: named("ModifyResponseHeader") };
  }
}
