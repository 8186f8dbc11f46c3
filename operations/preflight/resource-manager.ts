import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { PUBLIC_RESOURCE_MANAGER } from "../../lambdas/standby/database-servers.ts";

/** The scope of the Resource Manager's tokens, wherever it answers. */
export const MANAGEMENT_SCOPE = `${PUBLIC_RESOURCE_MANAGER}/.default`;

/** Azure's control plane, as far as it is read. */
export class ResourceManager {
  readonly #endpoint: string;
  readonly #pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 2, retryDelayInMs: 500 } });
  readonly #client = createDefaultHttpClient();

  /** @param endpoint @default RESOURCE_MANAGER_ENDPOINT, else the public one */
  constructor(
    credential: TokenCredential,
    endpoint = process.env.RESOURCE_MANAGER_ENDPOINT ?? PUBLIC_RESOURCE_MANAGER,
  ) {
    this.#endpoint = endpoint;
    this.#pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: MANAGEMENT_SCOPE }));
  }

  /** A resource; undefined when there is none. @throws Error with Azure's own words when it is refused */
  async get(id: string, version: string, abortSignal: AbortSignal): Promise<unknown> {
    return this.#read(new URL(`${id}?api-version=${version}`, this.#endpoint), abortSignal);
  }

  /** All of a list, page by page; undefined when there is none. */
  async list(path: string, version: string, abortSignal: AbortSignal): Promise<unknown[] | undefined> {
    const all: unknown[] = [];
    let next: string | undefined = new URL(`${path}?api-version=${version}`, this.#endpoint).href;
    while (next) {
      const page = (await this.#read(new URL(next), abortSignal)) as
        | { value: unknown[]; nextLink?: string }
        | undefined;
      if (!page) return undefined;
      all.push(...page.value);
      next = page.nextLink;
    }
    return all;
  }

  async #read(url: URL, abortSignal: AbortSignal): Promise<unknown> {
    const request = createPipelineRequest({ url: url.href, method: "GET", abortSignal });
    const { status, bodyAsText } = await this.#pipeline.sendRequest(this.#client, request);
    if (status === 404) return undefined;
    if (status === 200) return JSON.parse(bodyAsText ?? "");
    throw new Error(`GET ${url.pathname} was answered with ${status}: ${bodyAsText?.slice(0, 500)}`);
  }
}
