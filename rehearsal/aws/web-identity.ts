import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request as httpsRequest } from "node:https";
import { paginateListFunctions } from "@aws-sdk/client-lambda";
import { type CryptoKey, generateKeyPair, SignJWT } from "jose";
import type { Certificate } from "../local/certificate.ts";
import type { Doors } from "../local/doors.ts";
import type { AwsCloud, AwsEndpoint } from "./cloud.ts";

/**
 * Outbound web identity federation, which the emulator has only in name: its tokens speak of the account's
 * root, whoever asks. This issuer signs tokens in the form of AWS's own, with the caller's role as subject.
 */
export class WebIdentity {
  /** Of the form that AWS gives every account that enables the feature. */
  readonly issuer: string;
  readonly publicKey: CryptoKey;
  readonly #privateKey: CryptoKey;
  enabled = false;

  private constructor(issuer: string, keys: { publicKey: CryptoKey; privateKey: CryptoKey }) {
    this.issuer = issuer;
    this.publicKey = keys.publicKey;
    this.#privateKey = keys.privateKey;
  }

  static async create(): Promise<WebIdentity> {
    return new WebIdentity(`https://${crypto.randomUUID()}.tokens.sts.global.api.aws`, await generateKeyPair("RS256"));
  }

  async issue(subject: string, audience: string, seconds: number): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: "RS256", typ: "JWT" })
      .setIssuer(this.issuer)
      .setSubject(subject)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${seconds}s`)
      .sign(this.#privateKey);
  }
}

/**
 * Serves STS: everything goes to the emulator, which checks signature and rights; only the token of
 * GetWebIdentityToken is the issuer's own.
 *
 * @param connect the local AWS, for looking up who a caller is; called at the first request
 * @param doors where it is met
 */
export async function serveSts(
  endpoint: AwsEndpoint,
  certificate: Certificate,
  webIdentity: WebIdentity,
  connect: (region: string) => AwsCloud,
  doors: Doors,
): Promise<{ url: string; close(): void }> {
  const server = createServer({ cert: certificate.certificate, key: certificate.key }, async (incoming, outgoing) => {
    try {
      await answer(incoming, outgoing);
    } catch (error) {
      outgoing.writeHead(500).end(String(error));
    }
  });

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bytesOf(incoming);
    const parameters = new URLSearchParams(body.toString());
    const reply = await forward(endpoint, certificate, incoming, body);
    if (parameters.get("Action") !== "GetWebIdentityToken" || reply.status !== 200) {
      outgoing.writeHead(reply.status, { "content-type": "text/xml" }).end(reply.body);
      return;
    }
    if (!webIdentity.enabled) {
      outgoing.writeHead(400, { "content-type": "text/xml" }).end(FEDERATION_DISABLED);
      return;
    }
    const [, accessKey = "", region = ""] =
      /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(incoming.headers.authorization ?? "") ?? [];
    const subject = await roleOf(connect(region), accessKey);
    const token = await webIdentity.issue(
      subject,
      parameters.get("Audience.member.1") ?? "",
      Number(parameters.get("DurationSeconds") ?? 300),
    );
    const theirs = /<WebIdentityToken>[^<]*</;
    outgoing
      .writeHead(200, { "content-type": "text/xml" })
      .end(reply.body.replace(theirs, `<WebIdentityToken>${token}<`));
  }

  const { port, close } = await doors.listen(server);
  return { url: `https://127.0.0.1:${port}`, close };
}

/**
 * The role behind a function's access key. The emulator derives the key from the function and its role and
 * tells nobody whose it is, so the keys of all functions are derived again and compared.
 */
async function roleOf(cloud: AwsCloud, accessKey: string): Promise<string> {
  for await (const page of paginateListFunctions({ client: cloud.lambda }, {})) {
    for (const { FunctionArn, Role } of page.Functions ?? []) {
      const digest = createHash("sha256").update(`${FunctionArn}:${Role}`).digest("hex");
      if (accessKey === `ASIA${digest.slice(0, 16).toUpperCase()}`) return Role ?? "";
    }
  }
  throw new Error(`no function of the local AWS has the access key ${accessKey}`);
}

function forward(
  endpoint: AwsEndpoint,
  certificate: Certificate,
  incoming: IncomingMessage,
  body: Buffer,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { method, headers } = incoming;
    const path = incoming.url;
    httpsRequest(endpoint.url, { method, path, headers, ca: certificate.certificate }, async (reply) => {
      resolve({ status: reply.statusCode ?? 502, body: (await bytesOf(reply)).toString() });
    })
      .on("error", reject)
      .end(body);
  });
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const FEDERATION_DISABLED =
  '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>' +
  "<Code>OutboundWebIdentityFederationDisabled</Code>" +
  "<Message>Outbound web identity federation is not enabled for this account.</Message></Error></ErrorResponse>";
