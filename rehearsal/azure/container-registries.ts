import type { IncomingMessage, ServerResponse } from "node:http";
import { ACCEPTED } from "../../lambdas/containers/manifest.ts";
import type { Certificate } from "../local/certificate.ts";
import type { Doors } from "../local/doors.ts";
import { type HttpsService, serveHttps } from "../local/https.ts";
import { Registries } from "../local/registries.ts";
import { handOn, refuse } from "../local/registry-proxy.ts";
import { isAllowed } from "./access.ts";
import type { Authority } from "./authority.ts";
import type { ResourceManager } from "./resource-manager.ts";

/** The audience of tokens for every registry. */
export const REGISTRY_AUDIENCE = "https://containerregistry.azure.net";

const REGISTRIES = "Microsoft.ContainerRegistry/registries";
const ACTIONS: Record<string, string> = {
  pull: `${REGISTRIES}/pull/read`,
  push: `${REGISTRIES}/push/write`,
  delete: `${REGISTRIES}/artifacts/delete`,
};

/** A token of a registry's own. */
interface Token {
  principal: string;
  /** What it opens, as `repository:action`; undefined of one that is to be exchanged. */
  opens?: ReadonlySet<string>;
}

export interface ContainerRegistriesOptions {
  resources: ResourceManager;
  authority: Authority;
  certificate: Certificate;
  /** Folder for content and logs. */
  folder: string;
  doors: Doors;
}

/**
 * The data plane of every container registry, over HTTPS: real registries, before which Entra's tokens are exchanged for
 * their own ("Azure Container Registry integration with Entra"), with what roles allow at that moment.
 */
export class ContainerRegistries implements AsyncDisposable {
  readonly #options: ContainerRegistriesOptions;
  readonly #registries: Registries;
  readonly #open = new Map<string, HttpsService>();
  readonly #tokens = new Map<string, Token>();

  constructor(options: ContainerRegistriesOptions) {
    this.#options = options;
    this.#registries = new Registries(options.folder);
  }

  async open(name: string): Promise<void> {
    const { certificate, doors } = this.#options;
    this.#open.set(name, await serveHttps(certificate, (...both) => this.#answer(name, ...both), doors));
  }

  shut(name: string): void {
    this.#open.get(name)?.close();
    this.#open.delete(name);
  }

  /** Where a registry answers, host and port. @throws Error for one that is not open */
  loginServerOf(name: string): string {
    const service = this.#open.get(name);
    if (!service) throw new Error(`there is no container registry ${name}: make it first`);
    return new URL(service.url).host;
  }

  /** The registry behind the door, which asks nobody who he is. */
  originOf(name: string): Promise<string> {
    return this.#registries.originOf(name);
  }

  /**
   * Why a principal cannot pull an image; undefined when it can.
   *
   * @param image with its registry @example "shop1a2b.azurecr.io/shop/web:1.4"
   */
  async problemOfPull(principal: string, image: string): Promise<string | undefined> {
    const [, server, repository = "", reference = ""] = /^([^/]+)\/([^:@]+)[:@](.+)$/.exec(image) ?? [];
    const name = [...this.#open.keys()].find((each) => this.loginServerOf(each) === server);
    if (name === undefined) return "there is no such registry";
    if (!this.#isAllowed(name, principal, `${repository}:pull`)) return "UNAUTHORIZED: the identity may not pull it";
    const url = `${await this.originOf(name)}/v2/${repository}/manifests/${reference}`;
    const { status } = await fetch(url, { method: "HEAD", headers: { accept: ACCEPTED } });
    return status === 200 ? undefined : `MANIFEST_UNKNOWN: it is not in the registry (status ${status})`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const service of this.#open.values()) service.close();
    await this.#registries[Symbol.asyncDispose]();
  }

  async #answer(name: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { pathname } = new URL(incoming.url ?? "/", "https://registry");
    if (incoming.method === "POST" && pathname.startsWith("/oauth2/"))
      return this.#token(name, pathname, incoming, outgoing);
    const [scheme, value = ""] = (incoming.headers.authorization ?? "").split(" ");
    const opens = scheme === "Bearer" ? this.#tokens.get(value)?.opens : undefined;
    const [, repository = ""] = /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//.exec(pathname) ?? [];
    const needed = `${repository}:${neededFor(incoming.method)}`;
    if (!opens?.has(needed)) {
      const challenge = `Bearer realm="https://${this.loginServerOf(name)}/oauth2/token",service="${name}",scope="repository:${needed}"`;
      return refuse(outgoing, 401, "UNAUTHORIZED", "authentication required", { "www-authenticate": challenge });
    }
    await handOn(await this.originOf(name), incoming, outgoing);
  }

  async #token(name: string, path: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>)).toString();
    const form = new URLSearchParams(body);
    const reply = (body: object) =>
      void outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (form.get("service") !== this.loginServerOf(name)) {
      return refuse(outgoing, 400, "BAD_REQUEST", `service: expected ${this.loginServerOf(name)}`);
    }
    if (path === "/oauth2/exchange") {
      const token = form.get("access_token") ?? "";
      const principal = await this.#options.authority.principalOf(token, REGISTRY_AUDIENCE);
      if (!principal) return refuse(outgoing, 401, "UNAUTHORIZED", "the access token is none for a registry");
      return reply({ refresh_token: this.#issue({ principal }) });
    }
    const from = this.#tokens.get(form.get("refresh_token") ?? "");
    if (!from || from.opens) return refuse(outgoing, 401, "UNAUTHORIZED", "the refresh token is none");
    const asked = form
      .getAll("scope")
      .flatMap((scope) => scope.split(" "))
      .flatMap(openedBy);
    const opens = asked.filter((each) => this.#isAllowed(name, from.principal, each));
    if (opens.length === 0) return refuse(outgoing, 401, "UNAUTHORIZED", "the principal has none of these rights");
    reply({ access_token: this.#issue({ principal: from.principal, opens: new Set(opens) }) });
  }

  #issue(token: Token): string {
    const value = crypto.randomUUID();
    this.#tokens.set(value, token);
    return value;
  }

  #isAllowed(name: string, principal: string, opened: string): boolean {
    const { resources } = this.#options;
    const registry = resources.list(REGISTRIES).find(({ id }) => id.endsWith(`/${name}`));
    const action = ACTIONS[opened.slice(opened.lastIndexOf(":") + 1)];
    return registry !== undefined && action !== undefined && isAllowed(resources, principal, registry.id, [action]);
  }
}

/** `repository:shop/web:pull,push` opens two things. */
function openedBy(scope: string): string[] {
  const [, repository = "", actions = ""] = /^repository:(.+):([a-z,]+)$/.exec(scope) ?? [];
  return actions.split(",").map((action) => `${repository}:${action}`);
}

function neededFor(method = "GET"): string {
  if (method === "GET" || method === "HEAD") return "pull";
  return method === "DELETE" ? "delete" : "push";
}
