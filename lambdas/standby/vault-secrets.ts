import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { z } from "zod";

/** What a token for Key Vault is asked for. */
const SCOPE = "https://vault.azure.net/.default";

/** The oldest API that is still without an end ("Key Vault REST API", Get Secret). */
const API_VERSION = "7.4";

const answer = z.object({ value: z.string() });

/** The vault does not let us read the secret. */
export class ForbiddenError extends Error {}

/** The secrets of key vaults, as far as an identity may read them. */
export class VaultSecrets {
  readonly #pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 2, retryDelayInMs: 500, maxRetryDelayInMs: 4000 },
  });
  readonly #client = createDefaultHttpClient();

  constructor(credential: TokenCredential) {
    this.#pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: SCOPE }));
  }

  /**
   * The value of a secret's newest version; undefined when there is no such secret.
   *
   * @throws ForbiddenError also for a secret that is not there: a vault asks first who may read it
   * @param secretId its address, without a version @example "https://shop.vault.azure.net/secrets/primary-replicator"
   */
  async read(secretId: string, abortSignal: AbortSignal): Promise<string | undefined> {
    const url = `${secretId}?api-version=${API_VERSION}`;
    const request = createPipelineRequest({ url, method: "GET", abortSignal });
    const { status, bodyAsText } = await this.#pipeline.sendRequest(this.#client, request);
    const text = bodyAsText ?? "";
    if (status === 404) return undefined;
    if (status === 403) throw new ForbiddenError(`GET ${secretId} was answered with 403: ${text.slice(0, 500)}`);
    // What it holds is for no log.
    if (status !== 200) throw new Error(`GET ${secretId} was answered with ${status}: ${text.slice(0, 500)}`);
    return answer.parse(JSON.parse(text)).value;
  }
}
