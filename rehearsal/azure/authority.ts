import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { type CryptoKey, decodeJwt, errors, generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { Certificate } from "../local/certificate.ts";
import { Doors } from "../local/doors.ts";
import type { Resource, ResourceManager } from "./resource-manager.ts";

/** Somebody outside whose tokens are true: an issuer and the key that its signatures are checked with. */
export interface TrustedIssuer {
  issuer: string;
  publicKey: CryptoKey;
}

/** Life of an access token in seconds. */
const TOKEN_SECONDS = 3600;

/**
 * The local Entra: exchanges a token of a trusted issuer for one of the identity that has a federated
 * credential for exactly that issuer, subject and audience; and lets in who has a client secret.
 */
export class Authority {
  readonly #resources: ResourceManager;
  readonly #issuers: TrustedIssuer[];
  readonly #keys: { publicKey: CryptoKey; privateKey: CryptoKey };
  /** Secrets of the applications that have one, by their client ids. */
  readonly #secrets = new Map<string, string>();
  #close: () => void = () => {};
  url = "";

  private constructor(
    resources: ResourceManager,
    issuers: TrustedIssuer[],
    keys: { publicKey: CryptoKey; privateKey: CryptoKey },
  ) {
    this.#resources = resources;
    this.#issuers = issuers;
    this.#keys = keys;
  }

  static async start(
    resources: ResourceManager,
    issuers: TrustedIssuer[],
    certificate: Certificate,
    doors = new Doors(),
  ): Promise<Authority> {
    const authority = new Authority(resources, issuers, await generateKeyPair("RS256"));
    const server = createServer({ cert: certificate.certificate, key: certificate.key }, (incoming, outgoing) => {
      authority.#answer(incoming, outgoing).catch((error) => outgoing.writeHead(500).end(String(error)));
    });
    const { port, close } = await doors.listen(server);
    authority.url = `https://127.0.0.1:${port}`;
    authority.#close = close;
    return authority;
  }

  close(): void {
    this.#close();
  }

  /** Makes a client secret for a principal that is an application too, under the same id. */
  secretOf(principalId: string): string {
    const secret = this.#secrets.get(principalId) ?? crypto.randomUUID();
    this.#secrets.set(principalId, secret);
    return secret;
  }

  /** An access token of a principal, as Entra would issue it. @param audience @example "https://storage.azure.com" */
  async issue(principalId: string, audience: string): Promise<string> {
    const { tenantId } = this.#resources;
    return new SignJWT({ oid: principalId, tid: tenantId, ver: "1.0" })
      .setProtectedHeader({ alg: "RS256", typ: "JWT" })
      .setIssuer(`https://sts.windows.net/${tenantId}/`)
      .setAudience(audience)
      .setSubject(principalId)
      .setIssuedAt()
      .setNotBefore("-5s")
      .setExpirationTime(`${TOKEN_SECONDS}s`)
      .sign(this.#keys.privateKey);
  }

  /** The principal whose access token this is; undefined when it is no valid token for the audience. */
  async principalOf(token: string, audience: string): Promise<string | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#keys.publicKey, { audience });
      return String(payload.oid);
    } catch {
      return undefined;
    }
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const [, tenant = "", ...rest] = new URL(incoming.url ?? "/", this.url).pathname.split("/");
    const reply = (status: number, body: object) =>
      outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

    if (rest.join("/") === "v2.0/.well-known/openid-configuration") {
      return void reply(200, {
        token_endpoint: `${this.url}/${tenant}/oauth2/v2.0/token`,
        authorization_endpoint: `${this.url}/${tenant}/oauth2/v2.0/authorize`,
        jwks_uri: `${this.url}/${tenant}/discovery/v2.0/keys`,
        issuer: `${this.url}/${tenant}/v2.0`,
      });
    }
    if (rest.join("/") !== "oauth2/v2.0/token") return void reply(404, { error: "not_found" });

    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    try {
      const principalId = await this.#authenticate(tenant, form);
      const scope = form.get("scope") ?? "";
      if (!scope.endsWith("/.default")) {
        throw new Error(
          `AADSTS1002012: The provided value for scope ${scope} is not valid; it must end with /.default.`,
        );
      }
      const audience = scope.slice(0, -"/.default".length);
      const access_token = await this.issue(principalId, audience);
      reply(200, { token_type: "Bearer", expires_in: TOKEN_SECONDS, ext_expires_in: TOKEN_SECONDS, access_token });
    } catch (error) {
      reply(401, { error: "invalid_client", error_description: (error as Error).message });
    }
  }

  /** @returns the principal id of whoever asks; @throws Error with Entra's own code when it is nobody */
  async #authenticate(tenant: string, form: URLSearchParams): Promise<string> {
    const { tenantId } = this.#resources;
    if (tenant !== tenantId) throw new Error(`AADSTS90002: Tenant '${tenant}' not found.`);
    const clientId = form.get("client_id") ?? "";
    const secret = form.get("client_secret");
    if (secret === null) return this.#federate(clientId, form.get("client_assertion") ?? "");
    if (this.#secrets.get(clientId) !== secret) {
      throw new Error(`AADSTS7000215: Invalid client secret provided for app '${clientId}'.`);
    }
    return clientId;
  }

  async #federate(clientId: string, assertion: string): Promise<string> {
    const identity = this.#resources
      .list("Microsoft.ManagedIdentity/userAssignedIdentities")
      .find(({ properties }) => properties.clientId === clientId);
    if (!identity) throw new Error(`AADSTS700016: Application with identifier '${clientId}' was not found.`);

    const { iss, sub } = claimsOf(assertion);
    const credential = this.#matching(identity, String(iss), String(sub));
    const trusted = this.#issuers.find(({ issuer }) => issuer === iss);
    if (!trusted) throw new Error(`AADSTS50166: Request to External OIDC endpoint failed: '${iss}' publishes no keys.`);
    try {
      await jwtVerify(assertion, trusted.publicKey, { audience: credential.properties.audiences as string[] });
    } catch (error) {
      throw new Error(refusalOf(error));
    }
    return String(identity.properties.principalId);
  }

  /** Entra looks for the issuer first, then for the subject, to the letter. */
  #matching(identity: Resource, issuer: string, subject: string): Resource {
    const ofIssuer = this.#credentialsOf(identity).filter(({ properties }) => properties.issuer === issuer);
    if (ofIssuer.length === 0) throw new Error(noMatch(700211, "issuer", issuer));
    const credential = ofIssuer.find(({ properties }) => properties.subject === subject);
    if (!credential) throw new Error(noMatch(700213, "subject", subject));
    return credential;
  }

  #credentialsOf(identity: Resource): Resource[] {
    return this.#resources
      .list("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials")
      .filter(({ id }) => id.toLowerCase().startsWith(`${identity.id.toLowerCase()}/`));
  }
}

function claimsOf(assertion: string): JWTPayload {
  if (assertion === "") {
    throw new Error("AADSTS7000218: The request body must contain the following parameter: 'client_assertion'.");
  }
  try {
    return decodeJwt(assertion);
  } catch {
    throw new Error("AADSTS50027: JWT token is invalid or malformed.");
  }
}

/** Entra's words for what is wrong with an assertion of the right issuer and subject. */
function refusalOf(error: unknown): string {
  const claim = error instanceof errors.JWTClaimValidationFailed ? error.claim : undefined;
  if (error instanceof errors.JWTExpired || claim === "nbf") {
    return "AADSTS700024: Client assertion is not within its valid time range.";
  }
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === "aud") {
    return noMatch(700212, "audience", String(error.payload.aud));
  }
  return `AADSTS700027: Client assertion failed signature validation: ${(error as Error).message}.`;
}

function noMatch(code: number, part: string, value: string): string {
  return `AADSTS${code}: No matching federated identity record found for presented assertion ${part} '${value}'.`;
}
