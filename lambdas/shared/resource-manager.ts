import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";

/** Where Azure's own Resource Manager answers; sovereign clouds have others. */
const PUBLIC_RESOURCE_MANAGER = "https://management.azure.com";

/** The scope of its tokens, which stays the same wherever it answers. */
export const MANAGEMENT_SCOPE = `${PUBLIC_RESOURCE_MANAGER}/.default`;

/** What Azure's Resource Manager refused, in its own words. */
export class ResourceManagerError extends Error {
  override readonly name = "ResourceManagerError";
}

/** What goes with a request. */
interface Sent {
  body?: object;
  signal?: AbortSignal;
}

/**
 * Azure's control plane: what takes minutes is begun, and looked at later. It is asked again when it throttles or fails
 * for a moment, as long as the signal lets it.
 */
export class ResourceManager {
  readonly #endpoint: string;
  readonly #pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 4000 },
  });
  readonly #client = createDefaultHttpClient();

  /** @param endpoint @default RESOURCE_MANAGER_ENDPOINT, else the public one */
  constructor(
    credential: TokenCredential,
    endpoint = process.env.RESOURCE_MANAGER_ENDPOINT ?? PUBLIC_RESOURCE_MANAGER,
  ) {
    this.#endpoint = endpoint;
    this.#pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: MANAGEMENT_SCOPE }));
  }

  /** What there is; undefined when there is nothing. @throws ResourceManagerError when it is refused, or no JSON */
  async get(id: string, apiVersion: string, signal?: AbortSignal): Promise<unknown> {
    return this.#read(this.#url(id, apiVersion), signal);
  }

  /** All of a list, page by page; undefined when there is none. @throws ResourceManagerError when it is refused */
  async list(id: string, apiVersion: string, signal?: AbortSignal): Promise<unknown[] | undefined> {
    const all: unknown[] = [];
    let next: URL | undefined = this.#url(id, apiVersion);
    while (next) {
      const page = (await this.#read(next, signal)) as { value: unknown[]; nextLink?: string } | undefined;
      if (!page) return undefined;
      all.push(...page.value);
      next = page.nextLink ? new URL(page.nextLink) : undefined;
    }
    return all;
  }

  async put(id: string, apiVersion: string, body: object, signal?: AbortSignal): Promise<void> {
    await this.#send("PUT", this.#url(id, apiVersion), { body, signal });
  }

  async patch(id: string, apiVersion: string, body: object, signal?: AbortSignal): Promise<void> {
    await this.#send("PATCH", this.#url(id, apiVersion), { body, signal });
  }

  /** Begins an action of a resource. @param body what it is told, if anything */
  async post(id: string, apiVersion: string, body?: object, signal?: AbortSignal): Promise<unknown> {
    const url = this.#url(id, apiVersion);
    return jsonOf(await this.#send("POST", url, { body, signal }), url);
  }

  /** Begins to delete it, if it is there. */
  async delete(id: string, apiVersion: string, signal?: AbortSignal): Promise<void> {
    await this.#send("DELETE", this.#url(id, apiVersion), { signal });
  }

  #url(id: string, apiVersion: string): URL {
    const url = new URL(id, this.#endpoint);
    url.searchParams.set("api-version", apiVersion);
    return url;
  }

  async #read(url: URL, signal?: AbortSignal): Promise<unknown> {
    const response = await this.#send("GET", url, { signal });
    return response.status === 404 ? undefined : jsonOf(response, url);
  }

  async #send(method: HttpMethods, url: URL, { body, signal }: Sent): Promise<PipelineResponse> {
    const request = createPipelineRequest({
      ...{ url: url.href, method },
      ...(signal && { abortSignal: signal }),
      ...(body && { body: JSON.stringify(body), headers: createHttpHeaders({ "content-type": "application/json" }) }),
    });
    const response = await this.#pipeline.sendRequest(this.#client, request);
    const { status, bodyAsText } = response;
    if (status < 300 || (status === 404 && (method === "GET" || method === "DELETE"))) return response;
    throw new ResourceManagerError(
      `${method} ${url.pathname} was answered with ${status}: ${bodyAsText?.slice(0, 1000)}`,
    );
  }
}

/** @throws ResourceManagerError when it is none */
function jsonOf({ bodyAsText: text }: PipelineResponse, { pathname }: URL): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ResourceManagerError(`${pathname}: expected JSON, found ${text.slice(0, 500)}`, { cause });
  }
}
