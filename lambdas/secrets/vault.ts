import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import * as z from "zod/mini";
import { RefusedError } from "../objects/rest.ts";
import type { Copy, CopyValue } from "./secret-state.ts";

/** What a token for Key Vault is asked for. */
const SCOPE = "https://vault.azure.net/.default";

/** The oldest API that is still without an end ("Key Vault REST API"). */
const API_VERSION = "7.4";

/** The most secrets of one page (Get Secrets, maxresults). */
const PAGE = 25;

/** The longest that one request may take with its tries and the waits that the vault asks for, in milliseconds. */
const PATIENCE = 20_000;

/** A page of secrets: of each its newest version, without the value (Get Secrets). */
const LISTING = z.object({
  value: z._default(
    z.array(
      z.object({
        id: z.string(),
        attributes: z.optional(z.object({ enabled: z.optional(z.boolean()) })),
        tags: z.optional(z.nullable(z.record(z.string(), z.string()))),
      }),
    ),
    [],
  ),
  nextLink: z.optional(z.nullable(z.string())),
});

/** How a vault tells what it refuses ("Key Vault REST API error codes"); the inner code is the more exact one. */
const REFUSAL = z.object({
  error: z.object({ code: z.string(), innererror: z.optional(z.nullable(z.object({ code: z.optional(z.string()) }))) }),
});

interface Asked {
  method: HttpMethods;
  /** Name of a secret, or an empty one for all. */
  secret: string;
  body?: object;
  /** For messages. @example 'PUT of "api--key"' */
  what: string;
}

/**
 * The copies in a key vault, as somebody sees them who may write them and never read their values.
 *
 * A value leaves this room in the body of one request only: no error that is thrown here has a request, a body of an
 * answer, or another error in it.
 */
export class Vault {
  readonly #uri: string;
  readonly #pipeline = createPipelineFromOptions({
    // A vault that is busy says for how long (429 with Retry-After), and that is waited for.
    retryOptions: { maxRetries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 4000 },
  });
  readonly #client = createDefaultHttpClient();

  /** @param uri where the vault answers @example "https://shop-secrets-0a1b2c3d.vault.azure.net/" */
  constructor(uri: string, credential: TokenCredential) {
    this.#uri = uri.endsWith("/") ? uri : `${uri}/`;
    this.#pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: SCOPE }));
  }

  /** All secrets of the vault that are not deleted. @throws RefusedError */
  async list(): Promise<Copy[]> {
    const copies: Copy[] = [];
    let next: string | undefined = `${this.#uri}secrets?api-version=${API_VERSION}&maxresults=${PAGE}`;
    while (next !== undefined) {
      const { value, nextLink } = LISTING.parse(JSON.parse(await this.#send(next, "GET", "GET of all secrets")));
      for (const { id, attributes, tags } of value) {
        const [, , name = ""] = new URL(id).pathname.split("/");
        copies.push({ name, enabled: attributes?.enabled ?? true, tags: tags ?? {} });
      }
      next = nextLink ? this.#own(nextLink) : undefined;
    }
    return copies;
  }

  /** Gives a copy a new version. @throws RefusedError */
  async set(name: string, { value, contentType }: CopyValue, tags: Record<string, string>): Promise<void> {
    const body = { value, contentType, tags, attributes: { enabled: true } };
    await this.#ask({ method: "PUT", secret: name, body, what: `PUT of ${JSON.stringify(name)}` });
  }

  /** Lets the newest version of a copy be read, or not, and gives it other tags where some are given. @throws RefusedError */
  async change(name: string, enabled: boolean, tags?: Record<string, string>): Promise<void> {
    const body = { attributes: { enabled }, ...(tags && { tags }) };
    // With the version left empty the newest is meant, as Azure's own command has it (Update Secret).
    await this.#ask({ method: "PATCH", secret: `${name}/`, body, what: `PATCH of ${JSON.stringify(name)}` });
  }

  #ask({ method, secret, body, what }: Asked): Promise<string> {
    return this.#send(`${this.#uri}secrets/${secret}?api-version=${API_VERSION}`, method, what, body);
  }

  async #send(url: string, method: HttpMethods, what: string, body?: object): Promise<string> {
    const request = createPipelineRequest({
      url,
      method,
      abortSignal: AbortSignal.timeout(PATIENCE),
      ...(body && { body: JSON.stringify(body) }),
    });
    request.headers.set("content-type", "application/json");
    const response = await this.#pipeline
      .sendRequest(this.#client, request)
      .catch((error: Error & { code?: string }) => {
        // The pipeline's own error has the request in it, and with it the value.
        throw Object.assign(new Error(`${what} had no answer: ${error.name}`), { code: error.code ?? error.name });
      });
    if (response.status < 300) return response.bodyAsText ?? "";
    const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
    throw new RefusedError(what, response.status, codeIn(response.bodyAsText ?? "", response.status), retryAfter);
  }

  /** The token goes nowhere but to the vault. */
  #own(link: string): string {
    if (link.startsWith(this.#uri)) return link;
    throw new Error(`expected the next page of ${this.#uri} there, found it elsewhere`);
  }
}

/** The vault's word for a refusal: of its answer this, and nothing else, is told on. */
function codeIn(text: string, status: number): string {
  try {
    const { error } = REFUSAL.parse(JSON.parse(text));
    const code = error.innererror?.code ?? error.code;
    if (/^\w{1,60}$/.test(code)) return code;
  } catch {
    // Proxies and gateways answer with pages of their own.
  }
  return `status ${status}`;
}
