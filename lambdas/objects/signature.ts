import { createHash, createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { encodeQuery } from "./url-text.ts";

/** Who signs. */
export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** A request without a body, and where it goes. */
export interface Unsigned {
  method: string;
  host: string;
  /** As it is sent, encoded. */
  path: string;
  /** Of the query, not encoded. */
  query: Record<string, string>;
  /** By lower-case names. */
  headers: Record<string, string>;
}

/** SHA-256 of nothing, which is what a request without a body has for content. */
const EMPTY = createHash("sha256").update("").digest("hex");

/**
 * The headers of a request to S3, with its signature ("Authenticating Requests: Using the Authorization Header").
 *
 * @param now the time of the request; S3 refuses what is a quarter of an hour off
 */
export function signed(request: Unsigned, region: string, keys: Keys, now: Date): Record<string, string> {
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.host,
    "x-amz-content-sha256": EMPTY,
    "x-amz-date": stampOf(now),
    ...(keys.sessionToken && { "x-amz-security-token": keys.sessionToken }),
  };
  const names = Object.keys(headers).sort();
  const { scope, signature } = sign({ ...request, headers }, names, EMPTY, region, keys, now);
  const authorization = `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope},SignedHeaders=${names.join(";")},Signature=${signature}`;
  return { ...headers, authorization };
}

/**
 * The query of a request that anybody may make then ("Authenticating Requests: Using Query Parameters").
 *
 * @param seconds how long it is good for, 604,800 at most
 */
export function presigned(request: Unsigned, region: string, keys: Keys, now: Date, seconds: number): string {
  const query: Record<string, string> = {
    ...request.query,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${keys.accessKeyId}/${scopeOf(now, region)}`,
    "X-Amz-Date": stampOf(now),
    "X-Amz-Expires": String(seconds),
    "X-Amz-SignedHeaders": "host",
    ...(keys.sessionToken && { "X-Amz-Security-Token": keys.sessionToken }),
  };
  const headers = { host: request.host };
  const { signature } = sign({ ...request, query, headers }, ["host"], "UNSIGNED-PAYLOAD", region, keys, now);
  return `${encodeQuery(query)}&X-Amz-Signature=${signature}`;
}

function sign(request: Unsigned, names: string[], content: string, region: string, keys: Keys, now: Date) {
  const headers = names.map((name) => `${name}:${request.headers[name]?.trim()}\n`).join("");
  const canonical = [request.method, request.path, encodeQuery(request.query), headers, names.join(";"), content];
  const scope = scopeOf(now, region);
  const hash = createHash("sha256").update(canonical.join("\n")).digest("hex");
  const text = ["AWS4-HMAC-SHA256", stampOf(now), scope, hash].join("\n");
  return {
    scope,
    signature: createHmac("sha256", dayKey(keys, region, now))
      .update(text)
      .digest("hex"),
  };
}

/** The key that all requests of a day are signed with; it takes four more hashes, so the last one is kept. */
function dayKey({ secretAccessKey }: Keys, region: string, now: Date): KeyObject {
  const of = `${secretAccessKey} ${scopeOf(now, region)}`;
  if (kept.of !== of) {
    const parts = [dayOf(now), region, "s3", "aws4_request"];
    const first: string | Buffer = `AWS4${secretAccessKey}`;
    const key = parts.reduce<string | Buffer>((key, part) => createHmac("sha256", key).update(part).digest(), first);
    kept = { of, key: createSecretKey(key as Buffer) };
  }
  return kept.key;
}

let kept: { of: string; key: KeyObject } = { of: "", key: createSecretKey(Buffer.alloc(1)) };

function scopeOf(now: Date, region: string): string {
  return `${dayOf(now)}/${region}/s3/aws4_request`;
}

/** @example "20130524T000000Z" */
function stampOf(now: Date): string {
  return `${now.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

function dayOf(now: Date): string {
  return stampOf(now).slice(0, 8);
}
