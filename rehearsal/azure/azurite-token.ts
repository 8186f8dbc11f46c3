import { STORAGE_AUDIENCE } from "./azurite-client.ts";

/**
 * A token such as Entra's, of which Azurite looks at the issuer, the audience and the times, not at the signature: for
 * whoever works with Azurite alone.
 *
 * @param seconds for how long it holds
 */
export function azuriteToken(seconds: number): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    aud: STORAGE_AUDIENCE,
    iss: "https://sts.windows.net/99999999-8888-4777-8666-555544443333/",
    iat: now - 60,
    nbf: now - 60,
    exp: now + seconds,
  };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  return [encode({ alg: "RS256", typ: "JWT" }), encode(claims), "c2lnbmF0dXJl"].join(".");
}
