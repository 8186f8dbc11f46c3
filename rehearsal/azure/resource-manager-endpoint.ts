import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Certificate } from "../local/certificate.ts";
import type { Doors } from "../local/doors.ts";
import { serveHttps } from "../local/https.ts";
import { isAllowed } from "./access.ts";
import { ArmRefused } from "./arm-refused.ts";
import type { Authority } from "./authority.ts";
import type { ComputeAnswer, ComputeImages } from "./compute-images.ts";
import { usagesOf } from "./compute-usages.ts";
import { FLEXIBLE_SERVERS, type FlexibleServers, type Operation } from "./flexible-servers.ts";
import { type Resource, type ResourceManager, typeOf } from "./resource-manager.ts";

/** The audience of tokens for Azure's control plane. */
export const MANAGEMENT_AUDIENCE = "https://management.azure.com";

/** Properties that stand beside `properties` in the Resource Manager's answers, not in them. */
const ENVELOPE = ["name", "type", "location", "tags", "kind", "sku", "identity", "zones", "managedBy"];

/** What only Pulumi's inputs have. */
const NOT_OF_AZURE = ["azureApiVersion", "resourceGroupName"];

/** What is asked for, besides of what and by whom. */
interface Asked {
  method: string;
  action: string | undefined;
  /** Name of a server's parameter. */
  parameter: string | undefined;
  body: Record<string, unknown>;
}

interface Answer {
  status: number;
  body?: object;
  /** What is answered instead of JSON. */
  text?: string;
  headers?: Record<string, string>;
}

/**
 * The Resource Manager over HTTPS, for whoever runs in the local Azure: reads of every resource and of the quotas,
 * and the operations on database servers and their parameters. It heeds the caller's role assignments.
 */
export class ResourceManagerEndpoint {
  readonly #resources: ResourceManager;
  readonly #authority: Authority;
  readonly #servers: FlexibleServers;
  readonly #images: ComputeImages;
  #close: () => void = () => {};
  url = "";

  private constructor(
    resources: ResourceManager,
    authority: Authority,
    servers: FlexibleServers,
    images: ComputeImages,
  ) {
    this.#images = images;
    this.#resources = resources;
    this.#authority = authority;
    this.#servers = servers;
  }

  static async start(
    resources: ResourceManager,
    authority: Authority,
    servers: FlexibleServers,
    images: ComputeImages,
    certificate: Certificate,
    doors: Doors,
  ): Promise<ResourceManagerEndpoint> {
    const endpoint = new ResourceManagerEndpoint(resources, authority, servers, images);
    const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) =>
      reply(outgoing, await endpoint.#answer(incoming).catch(refusal));
    const { url, close } = await serveHttps(certificate, answer, doors);
    endpoint.url = url;
    endpoint.#close = close;
    return endpoint;
  }

  close(): void {
    this.#close();
  }

  async #answer(incoming: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(incoming.url ?? "/", this.url);
    const [, secret = ""] = CONSOLE.exec(pathname) ?? [];
    const said = this.#images.consoleOf(secret);
    // Whoever has the address may read, as with a signed one.
    if (said !== undefined) return { status: 200, text: said };
    const principal = await this.#principalOf(incoming);
    const version = searchParams.get("api-version");
    if (!version) {
      const message = "The api-version query parameter (?api-version=) is required for all requests.";
      throw new ArmRefused(400, "MissingApiVersionParameter", message);
    }
    const path = decodeURIComponent(pathname).replace(/\/$/, "");
    const method = incoming.method ?? "GET";
    const [, name] = OPERATION.exec(path) ?? [];
    if (name !== undefined) return this.#operation(principal, path, name);

    const [, location] = USAGES.exec(path) ?? [];
    if (method === "GET" && location !== undefined) return this.#usages(principal, location);

    const [, id = path, action] = method === "POST" ? (/^(.*)\/([^/]+)$/.exec(path) ?? []) : [];
    const right = action ? `${action}/action` : RIGHTS[method];
    this.#authorize(principal, id, `${actionsOf(id)}/${right}`);
    if (method === "GET" && LIST.test(id)) return this.#list(id);
    if (this.#images.answers(method, id)) {
      return this.#shownAnswer(await this.#images.answer({ method, id, action, body: await bodyOf(incoming) }));
    }
    const [, server = id, parameter] = CONFIGURATION.exec(id) ?? [];
    const resource = this.#resources.get(server);
    if (!resource) throw new ArmRefused(404, "ResourceNotFound", `The Resource '${server}' was not found.`);
    if (method === "GET") {
      const shown = parameter === undefined ? this.#shown(resource) : this.#configuration(resource, parameter);
      return { status: 200, body: await shown };
    }
    const asked = { method, action, parameter, body: await bodyOf(incoming) };
    return this.#accepted(this.#begin(asked, resource), version);
  }

  #shownAnswer({ status, shown, body }: ComputeAnswer): Answer {
    const resource = shown === undefined ? undefined : this.#resources.get(shown);
    if (resource) return { status, body: this.#shown(resource) };
    const { serialConsoleLogBlobUri: secret } = (body ?? {}) as Record<string, unknown>;
    return { status, body: secret ? { serialConsoleLogBlobUri: `${this.url}/consoles/${secret}` } : body };
  }

  async #principalOf({ headers }: IncomingMessage): Promise<string> {
    const [scheme, token = ""] = (headers.authorization ?? "").split(" ");
    const principal = scheme === "Bearer" ? await this.#authority.principalOf(token, MANAGEMENT_AUDIENCE) : undefined;
    if (principal) return principal;
    throw new ArmRefused(
      401,
      "AuthenticationFailed",
      "Authentication failed: expected a bearer token for Azure's API.",
    );
  }

  #authorize(principal: string, scope: string, action: string): void {
    if (isAllowed(this.#resources, principal, scope, [action])) return;
    const message = `The client '${principal}' does not have authorization to perform action '${action}' over scope '${scope}'.`;
    throw new ArmRefused(403, "AuthorizationFailed", message);
  }

  #begin({ method, action, parameter, body }: Asked, { id }: Resource): Operation {
    if (typeOf(id) === FLEXIBLE_SERVERS.toLowerCase()) {
      if (action === "start") return this.#servers.start(id);
      if (action === "stop") return this.#servers.stop(id);
      if (action === "resetGtid") return this.#servers.resetGtid(id, textIn(body, "gtidSet"));
      if (method === "PUT" && parameter !== undefined) {
        return this.#servers.configure(id, parameter, textIn(body.properties, "value"));
      }
    }
    throw new ArmRefused(
      501,
      "NotImplemented",
      `The local Resource Manager has no ${method} ${action ?? ""} of ${id}.`,
    );
  }

  async #configuration({ id }: Resource, name: string): Promise<object> {
    const properties = await this.#servers.configuration(id, name);
    const place = `${id}/configurations/${name}`;
    if (properties) return { id: place, name, properties };
    throw new ArmRefused(404, "ServerParameterNotFound", `The Resource '${place}' was not found.`);
  }

  #operation(principal: string, path: string, name: string): Answer {
    this.#authorize(principal, this.#resources.id("").slice(0, -1), `${typeOf(path)}/read`);
    const operation = this.#servers.operation(name);
    if (!operation) throw new ArmRefused(404, "ResourceNotFound", `There is no operation ${name}.`);
    if (!path.includes("/operationResults/")) return { status: 200, body: shownOperation(operation) };
    return { status: operation.status === "InProgress" ? 202 : 204 };
  }

  /** What is used of the subscription's quotas of processors. */
  #usages(principal: string, location: string): Answer {
    this.#authorize(principal, this.#resources.id("").slice(0, -1), "Microsoft.Compute/locations/usages/read");
    return { status: 200, body: { value: usagesOf(this.#resources, location) } };
  }

  #list(path: string): Answer {
    const parent = path.slice(0, path.lastIndexOf("/"));
    if (!this.#resources.get(parent)) {
      throw new ArmRefused(404, "ParentResourceNotFound", `The parent resource '${parent}' was not found.`);
    }
    return { status: 200, body: { value: this.#resources.below(path).map((each) => this.#shown(each)) } };
  }

  /** Where the caller may ask how it goes. */
  #accepted({ name, location }: Operation, version: string): Answer {
    const at = (page: string) =>
      `${this.url}${this.#resources.id(`providers/Microsoft.DBforMySQL/locations/${location}/${page}/${name}`)}?api-version=${version}`;
    const headers = {
      "azure-asyncoperation": at("azureAsyncOperation"),
      location: at("operationResults"),
      "retry-after": "1",
    };
    return { status: 202, headers };
  }

  #shown({ id, properties }: Resource): object {
    const entries = Object.entries(properties).filter(([key]) => !NOT_OF_AZURE.includes(key));
    const state = typeOf(id) === FLEXIBLE_SERVERS.toLowerCase() ? { state: this.#servers.state(id) } : {};
    return {
      id,
      ...Object.fromEntries(entries.filter(([key]) => ENVELOPE.includes(key))),
      properties: { ...Object.fromEntries(entries.filter(([key]) => !ENVELOPE.includes(key))), ...state },
    };
  }
}

const OPERATION = /\/locations\/[^/]+\/(?:azureAsyncOperation|operationResults)\/([^/]+)$/i;

const USAGES = /^\/subscriptions\/[^/]+\/providers\/Microsoft\.Compute\/locations\/([^/]+)\/usages$/i;

/** The versions of a gallery's image: the one list that is asked for here. */
const LIST = /\/galleries\/[^/]+\/images\/[^/]+\/versions$/i;

const CONSOLE = /^\/consoles\/([0-9a-f-]+)$/;

const CONFIGURATION = /^(.+\/flexibleServers\/[^/]+)\/configurations\/([^/]+)$/i;

/** What the actions on a resource begin with. */
function actionsOf(id: string): string {
  return id.includes("/providers/") ? typeOf(id) : "Microsoft.Resources/subscriptions/resourceGroups";
}

/** What a caller must be allowed to do to a resource. */
const RIGHTS: Readonly<Record<string, string>> = { GET: "read", PATCH: "write", PUT: "write", DELETE: "delete" };

/** The location is where it is kept, not part of it. */
function shownOperation({ location: _, ...operation }: Operation): object {
  return operation;
}

function refusal(error: unknown): Answer {
  const { status, code, message } =
    error instanceof ArmRefused ? error : { status: 500, code: "InternalServerError", message: String(error) };
  return { status, body: { error: { code, message } } };
}

/** @throws ArmRefused when it is no JSON object */
async function bodyOf(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await text(incoming);
  try {
    return body === "" ? {} : Object(JSON.parse(body));
  } catch {
    throw new ArmRefused(
      400,
      "InvalidRequestContent",
      "The request content was invalid and could not be deserialized.",
    );
  }
}

/** @throws ArmRefused when there is no such text */
function textIn(holder: unknown, name: string): string {
  const value = (holder as Record<string, unknown> | undefined)?.[name];
  if (typeof value === "string") return value;
  throw new ArmRefused(400, "InvalidParameterValue", `Expected a text as ${name}, found ${JSON.stringify(value)}.`);
}

function reply(outgoing: ServerResponse, { status, body, text: plain, headers }: Answer): void {
  const type = plain === undefined ? "application/json" : "text/plain";
  outgoing.writeHead(status, { "content-type": type, ...headers });
  outgoing.end(plain ?? (body && JSON.stringify(body)));
}
