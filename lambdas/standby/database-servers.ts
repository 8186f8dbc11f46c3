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
import { z } from "zod";
import type { Preparation } from "./follower-preparation.ts";
import type { Action, SeenServer } from "./next-step.ts";

/** Where Azure's own Resource Manager answers; sovereign clouds have others. */
export const PUBLIC_RESOURCE_MANAGER = "https://management.azure.com";

/** The scope of its tokens, which stays the same wherever it answers. */
const SCOPE = `${PUBLIC_RESOURCE_MANAGER}/.default`;

/** The newest stable API of Microsoft.DBforMySQL/flexibleServers that has all that is used here. */
const API_VERSION = "2023-12-30";

const serverAnswer = z.preprocess(
  parseJson,
  z.object({ properties: z.object({ state: z.string(), replicationRole: z.string().default("None") }) }),
);

/** The MySQL Flexible Servers of Azure, as far as the controller sees and moves them. */
export class DatabaseServers {
  readonly #endpoint: string;
  readonly #credential: TokenCredential;
  readonly #pipeline = createPipelineFromOptions({
    // Short, for the next run comes in a minute anyway.
    retryOptions: { maxRetries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 4000 },
  });
  readonly #client = createDefaultHttpClient();

  /** @param endpoint @default the public Resource Manager */
  constructor(credential: TokenCredential, endpoint = PUBLIC_RESOURCE_MANAGER) {
    this.#credential = credential;
    this.#endpoint = endpoint;
    this.#pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential: this.#credential, scopes: SCOPE }));
  }

  /** A server as it is now; undefined when there is none. */
  async read(serverId: string, signal: AbortSignal): Promise<SeenServer | undefined> {
    const response = await this.#send("GET", serverId, signal);
    if (response.status === 404) return undefined;
    const text = response.bodyAsText ?? "";
    const answer = serverAnswer.safeParse(text);
    if (answer.success) return answer.data.properties;
    throw new Error(
      `GET ${serverId}: expected a server, found ${text.slice(0, 500)}\n${z.prettifyError(answer.error)}`,
    );
  }

  /** Has Azure begin what takes minutes; it is under way, not done, when this returns. */
  async begin(action: Action, serverId: string, signal: AbortSignal): Promise<void> {
    await this.#send("POST", `${serverId}/${action}`, signal);
  }

  /** Has Azure do what a server needs to follow another one; it is under way, not done, when this returns. */
  async prepare(preparation: Preparation, serverId: string, signal: AbortSignal): Promise<void> {
    if (preparation.kind === "gtids") {
      return void (await this.#send("POST", `${serverId}/resetGtid`, signal, { gtidSet: preparation.gtid }));
    }
    const { name, value } = preparation;
    const properties = { value, source: "user-override" };
    await this.#send("PUT", `${serverId}/configurations/${name}`, signal, { properties });
  }

  async #send(method: HttpMethods, path: string, signal: AbortSignal, body?: object): Promise<PipelineResponse> {
    const url = new URL(`${path}?api-version=${API_VERSION}`, this.#endpoint).href;
    const request = createPipelineRequest({
      ...{ url, method, abortSignal: signal },
      ...(body && { body: JSON.stringify(body), headers: createHttpHeaders({ "content-type": "application/json" }) }),
    });
    let response: PipelineResponse;
    try {
      response = await this.#pipeline.sendRequest(this.#client, request);
    } catch (error) {
      throw new Error(`${method} ${path}: ${reasonOf(error, signal)}`, { cause: error });
    }
    if (response.status < 300 || (method === "GET" && response.status === 404)) return response;
    throw new Error(`${method} ${path} was answered with ${response.status}: ${response.bodyAsText?.slice(0, 1000)}`);
  }
}

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown, { aborted }: AbortSignal): string {
  return aborted ? "no good answer in time; Azure throttles, or cannot be reached" : (error as Error).message;
}
