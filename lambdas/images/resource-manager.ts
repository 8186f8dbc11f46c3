import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";

/** Where Azure's own Resource Manager answers; sovereign clouds have others. */
const PUBLIC_RESOURCE_MANAGER = "https://management.azure.com";

/** The scope of its tokens, which stays the same wherever it answers. */
const SCOPE = `${PUBLIC_RESOURCE_MANAGER}/.default`;

/** What Azure's Resource Manager refused. */
export class ResourceManagerError extends Error {
  override readonly name = "ResourceManagerError";
}

/** Azure's Resource Manager, as far as images need it: what takes minutes is begun, and looked at later. */
export class ResourceManager {
  readonly #endpoint: string;
  readonly #pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 8000 },
  });
  readonly #client = createDefaultHttpClient();

  /** @param endpoint @default the public Resource Manager */
  constructor(credential: TokenCredential, endpoint = PUBLIC_RESOURCE_MANAGER) {
    this.#endpoint = endpoint;
    this.#pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: SCOPE }));
  }

  /** What there is; undefined when there is nothing. */
  get(id: string, apiVersion: string): Promise<unknown> {
    return this.#send("GET", id, apiVersion);
  }

  async put(id: string, apiVersion: string, body: object): Promise<void> {
    await this.#send("PUT", id, apiVersion, body);
  }

  async patch(id: string, apiVersion: string, body: object): Promise<void> {
    await this.#send("PATCH", id, apiVersion, body);
  }

  /** Begins to delete it, if it is there. */
  async delete(id: string, apiVersion: string): Promise<void> {
    await this.#send("DELETE", id, apiVersion);
  }

  post(id: string, apiVersion: string): Promise<unknown> {
    return this.#send("POST", id, apiVersion);
  }

  async #send(method: HttpMethods, id: string, apiVersion: string, body?: object): Promise<unknown> {
    const url = new URL(id, this.#endpoint);
    url.searchParams.set("api-version", apiVersion);
    const request = createPipelineRequest({
      ...{ url: url.href, method },
      ...(body && { body: JSON.stringify(body), headers: createHttpHeaders({ "content-type": "application/json" }) }),
    });
    const { status, bodyAsText: text } = await this.#pipeline.sendRequest(this.#client, request);
    if (status === 404 && (method === "GET" || method === "DELETE")) return undefined;
    if (status < 300) return text ? JSON.parse(text) : undefined;
    throw new ResourceManagerError(`${method} ${id} was answered with ${status}: ${text?.slice(0, 1000)}`);
  }
}
