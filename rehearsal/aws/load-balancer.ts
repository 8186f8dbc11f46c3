import type { IncomingMessage } from "node:http";
import { type Decision, type Endpoint, type Reply, serveHttp } from "../local/balancer.ts";
import type { Doors } from "../local/doors.ts";
import type { HostCertificate } from "../local/host-certificate.ts";
import type { Names } from "../local/names.ts";
import type { Pool } from "../local/pool.ts";

/** What a listener or a rule does with a request, in the form of the Pulumi type's `defaultActions` and `actions`. */
export interface Action {
  type: string;
  targetGroupArn?: string;
  forward?: { targetGroups: { arn: string }[] };
  redirect?: Partial<Record<"protocol" | "port" | "host" | "path" | "query", string>> & { statusCode: string };
  fixedResponse?: { contentType: string; messageBody?: string; statusCode?: string };
}

export interface Condition {
  pathPattern?: { values: string[] };
  hostHeader?: { values: string[] };
  httpRequestMethod?: { values: string[] };
}

export interface Rule {
  priority: number;
  conditions: Condition[];
  actions: Action[];
}

export interface ListenerSettings {
  /** The load balancer's host and port, as people know them. */
  host: string;
  port: number;
  /** The certificate to end TLS with; without one it listens to HTTP. */
  certificate: HostCertificate | undefined;
  actions: Action[];
}

/** What listeners of a local AWS share. */
export interface Surroundings {
  names: Names;
  /** Where they are met. */
  doors: Doors;
  /** Target groups by ARN. */
  pools: ReadonlyMap<string, Pool>;
}

/** One listener of an Application Load Balancer, at the host and the port that people know. */
export class LoadBalancerListener {
  readonly #names: Names;
  readonly #doors: Doors;
  readonly #pools: ReadonlyMap<string, Pool>;
  readonly rules = new Map<string, Rule>();
  #settings: ListenerSettings;
  #endpoint: Endpoint | undefined;

  constructor({ names, doors, pools }: Surroundings, settings: ListenerSettings) {
    this.#names = names;
    this.#doors = doors;
    this.#pools = pools;
    this.#settings = settings;
  }

  get host(): string {
    return this.#settings.host;
  }

  async open(): Promise<void> {
    const { certificate, host, port } = this.#settings;
    const tls = certificate && { certificates: () => [this.#settings.certificate as HostCertificate] };
    this.#endpoint = await serveHttp({ tls, doors: this.#doors, decide: (request) => this.#decide(request) });
    this.#names.set(host, port, this.#endpoint);
  }

  /** Brings the listener to other settings; requests are lost only where it has to be opened anew. */
  async change(settings: ListenerSettings): Promise<void> {
    const former = this.#settings;
    const same = former.port === settings.port && !former.certificate === !settings.certificate;
    if (!same) this.close();
    this.#settings = settings;
    if (!same) await this.open();
  }

  close(): void {
    this.#endpoint?.close();
    this.#names.delete(this.#settings.host, this.#settings.port);
  }

  #decide(request: IncomingMessage): Decision {
    const rules = [...this.rules.values()].sort((a, b) => a.priority - b.priority);
    const rule = rules.find(({ conditions }) => conditions.every((condition) => meets(request, condition)));
    const action = (rule?.actions ?? this.#settings.actions).at(-1);
    if (action?.redirect) return { reply: redirect(request, action.redirect, this.#settings) };
    if (action?.fixedResponse) return { reply: fixed(action.fixedResponse) };
    const arn = action?.targetGroupArn ?? action?.forward?.targetGroups[0]?.arn ?? "";
    const pool = this.#pools.get(arn);
    return pool ? { forward: pool } : { reply: { status: 503 } };
  }
}

function meets(request: IncomingMessage, { pathPattern, hostHeader, httpRequestMethod }: Condition): boolean {
  const [path = "/"] = (request.url ?? "/").split("?", 1);
  const [host = ""] = (request.headers.host ?? "").split(":", 1);
  return (
    (!pathPattern || pathPattern.values.some((pattern) => wildcard(pattern, "").test(path))) &&
    (!hostHeader || hostHeader.values.some((pattern) => wildcard(pattern, "i").test(host))) &&
    (!httpRequestMethod || httpRequestMethod.values.includes(request.method ?? ""))
  );
}

/** `*` stands for any characters, `?` for one (Listener rules, condition types). */
function wildcard(pattern: string, flags: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, flags);
}

/** What is not given stays as the request has it; `#{…}` puts a part of the request in (Redirect actions). */
function redirect(
  request: IncomingMessage,
  action: NonNullable<Action["redirect"]>,
  settings: ListenerSettings,
): Reply {
  const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
  const [host = ""] = (request.headers.host ?? "").split(":", 1);
  const protocol = settings.certificate ? "HTTPS" : "HTTP";
  const parts: Record<string, string> = { protocol, port: String(settings.port), host, path: path.slice(1), query };
  const fill = (text: string) => text.replaceAll(/#\{(\w+)\}/g, (_, name: string) => parts[name] ?? "");
  const to = {
    protocol: fill(action.protocol ?? "#{protocol}").toLowerCase(),
    host: fill(action.host ?? "#{host}"),
    port: fill(action.port ?? "#{port}"),
    path: fill(action.path ?? "/#{path}"),
    query: fill(action.query ?? "#{query}"),
  };
  const location = `${to.protocol}://${to.host}:${to.port}${to.path}${to.query ? `?${to.query}` : ""}`;
  return { status: Number(action.statusCode.replace("HTTP_", "")), headers: { location } };
}

function fixed({ contentType, messageBody, statusCode }: NonNullable<Action["fixedResponse"]>): Reply {
  return { status: Number(statusCode ?? 200), headers: { "content-type": contentType }, body: messageBody };
}
