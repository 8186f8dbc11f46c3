import { createServer, type IncomingMessage } from "node:http";
import { Doors } from "../local/doors.ts";
import type { Authority } from "./authority.ts";
import type { ResourceManager } from "./resource-manager.ts";

/** Seconds that a token is good for; the local Entra's tokens live as long. */
const TOKEN_SECONDS = 3600;

interface Answer {
  status: number;
  body: object;
}

/**
 * Where processes of the local Azure get the tokens of their managed identities, with App Service's protocol
 * ("How to use managed identities for App Service and Azure Functions", REST endpoint reference). Each gets
 * those of the identities that it has been given, and of no others.
 */
export class IdentityEndpoint {
  readonly #resources: ResourceManager;
  readonly #authority: Authority;
  /** Resource ids of the identities behind each secret. */
  readonly #holders = new Map<string, readonly string[]>();
  #close: () => void = () => {};
  #url = "";

  private constructor(resources: ResourceManager, authority: Authority) {
    this.#resources = resources;
    this.#authority = authority;
  }

  static async start(resources: ResourceManager, authority: Authority, doors = new Doors()): Promise<IdentityEndpoint> {
    const endpoint = new IdentityEndpoint(resources, authority);
    // Without TLS, as on App Service: it is never reached from another machine.
    const server = createServer(async (incoming, outgoing) => {
      const { status, body } = await endpoint.#answer(incoming).catch(failure);
      outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    const { port, close } = await doors.listen(server);
    endpoint.#url = `http://127.0.0.1:${port}/msi/token`;
    endpoint.#close = close;
    return endpoint;
  }

  close(): void {
    this.#close();
  }

  /** What a process needs in its environment to sign in. @param identityIds resource ids of the identities it has */
  environmentFor(identityIds: readonly string[]): { IDENTITY_ENDPOINT: string; IDENTITY_HEADER: string } {
    const secret = crypto.randomUUID();
    this.#holders.set(secret, identityIds);
    return { IDENTITY_ENDPOINT: this.#url, IDENTITY_HEADER: secret };
  }

  async #answer(incoming: IncomingMessage): Promise<Answer> {
    const query = new URL(incoming.url ?? "/", this.#url).searchParams;
    const held = this.#holders.get(String(incoming.headers["x-identity-header"]));
    if (!held) return refusal(401, "The header X-IDENTITY-HEADER is not that of IDENTITY_HEADER.");
    if (query.get("api-version") !== "2019-08-01") {
      return refusal(400, `The api-version '${query.get("api-version")}' is not supported; expected 2019-08-01.`);
    }
    const resource = query.get("resource");
    if (!resource) return refusal(400, "The parameter resource is missing.");
    const clientId = query.get("client_id");
    const identity = held
      .map((id) => this.#resources.get(id))
      .find((found) => clientId !== null && found?.properties.clientId === clientId);
    if (!identity) {
      return refusal(
        400,
        "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
      );
    }
    const access_token = await this.#authority.issue(String(identity.properties.principalId), resource);
    const expires_on = String(Math.floor(Date.now() / 1000) + TOKEN_SECONDS);
    return { status: 200, body: { access_token, client_id: clientId, expires_on, resource, token_type: "Bearer" } };
  }
}

function refusal(status: number, message: string): Answer {
  return { status, body: { statusCode: status, message } };
}

function failure(error: unknown): Answer {
  return refusal(500, String(error));
}
