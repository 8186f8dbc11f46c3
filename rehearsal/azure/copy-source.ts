import { createHash } from "node:crypto";
import { type IncomingHttpHeaders, type IncomingMessage, request as requestOpenly } from "node:http";
import { request } from "node:https";
import { Transform } from "node:stream";
import { rootCertificates } from "node:tls";
import { Crc64Nvme } from "../../lambdas/objects/crc.ts";
import { strangers } from "../local/strangers.ts";
import { Refused } from "./blob-refusal.ts";

const MIB = 1024 * 1024;

/** Most bytes of what is pulled ("Put Blob From URL", "Put Block From URL"). */
const MOST = { blob: 5000 * MIB, block: 4000 * MIB };

/** How long a source may be silent, in milliseconds. */
const PATIENCE = 30_000;

/** What of the source's own headers a blob keeps that is made from it ("Put Blob From URL"). */
const KEPT = ["content-type", "content-encoding", "content-language", "content-disposition", "cache-control"];

/** Headers about the source, which is no business of who stores its bytes. */
const ABOUT_SOURCE = /^x-ms-(copy-source|source-|requires-sync)/;

/** What a source gave, on its way to the store. */
export interface Pulled {
  body: Transform;
  /** Headers of the request with which it is stored. */
  headers: Record<string, unknown>;
  /** Checksum of what has gone through. */
  crc64(): string;
}

/**
 * Pulls what a client asks to be stored from a URL, for Put Blob From URL and Put Block From URL.
 *
 * @param asked the client's headers, their names in small letters
 * @param ca certificate that is trusted besides the usual ones
 * @throws Refused
 */
export async function pull(asked: IncomingHttpHeaders, kind: "blob" | "block", ca: string): Promise<Pulled> {
  if (Number(asked["content-length"] ?? 0) !== 0) {
    throw new Refused(400, "InvalidHeaderValue", "The value for one of the HTTP headers is not in the correct format.");
  }
  const source = await open(asked, ca);
  const length = Number(source.headers["content-length"]);
  const { statusCode: status = 502 } = source;
  const partial = asked["x-ms-source-range"] !== undefined;
  if (status === 412)
    throw discarded(source, new Refused(412, "SourceConditionNotMet", "The source condition is not met."));
  if (status !== (partial ? 206 : 200) || !Number.isFinite(length)) throw discarded(source, unverified(source));
  if (length > MOST[kind]) {
    const message = "The request body is too large and exceeds the maximum permissible limit.";
    throw discarded(source, new Refused(413, "RequestBodyTooLarge", message));
  }
  const headers = Object.fromEntries(Object.entries(asked).filter(([name]) => !ABOUT_SOURCE.test(name)));
  if (kind === "blob" && asked["x-ms-copy-source-blob-properties"] !== "false") {
    for (const name of KEPT) headers[`x-ms-blob-${name}`] ??= source.headers[name];
  }
  const crc = new Crc64Nvme();
  // It may fail before anybody takes from it, who then finds the error there.
  const body = checked(asked, crc).on("error", () => {});
  source.on("error", (error) => body.destroy(error)).pipe(body);
  source.on("aborted", () => body.destroy(unverified()));
  body.on("close", () => source.destroy());
  return { body, headers: { ...given(headers), "content-length": length }, crc64: () => inHeader(crc) };
}

function open(asked: IncomingHttpHeaders, ca: string): Promise<IncomingMessage> {
  const url = new URL(String(asked["x-ms-copy-source"]));
  const headers = given({
    range: asked["x-ms-source-range"],
    authorization: asked["x-ms-copy-source-authorization"],
    // A blob endpoint takes tokens from this version on.
    "x-ms-version": asked["x-ms-copy-source-authorization"] && asked["x-ms-version"],
    "if-match": asked["x-ms-source-if-match"],
    "if-none-match": asked["x-ms-source-if-none-match"],
    "if-modified-since": asked["x-ms-source-if-modified-since"],
    "if-unmodified-since": asked["x-ms-source-if-unmodified-since"],
  });
  return new Promise((resolve, reject) => {
    const refused = () => reject(unverified());
    const options = { headers, timeout: PATIENCE };
    const call =
      url.protocol === "http:"
        ? requestOpenly(url, options, resolve)
        : request(url, { ...options, agent: strangers([...rootCertificates, ca].join("\n")) }, resolve);
    call
      .on("timeout", () => call.destroy(new Error("the source is silent")))
      .on("error", refused)
      .end();
  });
}

/**
 * Lets bytes through as they come, and ends only when they are those that the client expects: the last ones wait
 * until that is sure, for with them the store has all that it was told to wait for.
 */
function checked(asked: IncomingHttpHeaders, crc: Crc64Nvme): Transform {
  const { "x-ms-source-content-crc64": crc64, "x-ms-source-content-md5": md5 } = asked;
  const hash = md5 === undefined ? undefined : createHash("md5");
  let last = Buffer.alloc(0);
  return new Transform({
    transform(chunk, _encoding, done) {
      crc.update(chunk);
      hash?.update(chunk);
      const ready = last;
      last = chunk;
      done(null, ready);
    },
    flush(done) {
      const message = "The value specified in the request did not match with the value calculated by the server.";
      if (crc64 !== undefined && crc64 !== inHeader(crc)) done(new Refused(400, "Crc64Mismatch", message));
      else if (hash && md5 !== hash.digest("base64")) done(new Refused(400, "Md5Mismatch", message));
      else done(null, last);
    },
  });
}

/** As Azure's headers have it: eight bytes, the least significant first, in base64. */
function inHeader(crc: Crc64Nvme): string {
  return Buffer.from(crc.digest(), "hex").reverse().toString("base64");
}

/** The source refused, or could not be reached; its own status where it is the source's refusal ("Copy Blob From URL"). */
export function unverified(source?: { statusCode?: number; headers: IncomingHttpHeaders }): Refused {
  const status = source?.statusCode ?? 0;
  const message =
    status === 0
      ? "Could not verify the copy source within the specified time."
      : `Could not verify the copy source: it was answered with ${status}.`;
  const headers = given({
    "x-ms-copy-source-status-code": status === 0 ? undefined : String(status),
    "x-ms-copy-source-error-code": source?.headers["x-ms-error-code"],
  });
  return new Refused(status >= 400 && status < 500 ? status : 500, "CannotVerifyCopySource", message, headers);
}

function discarded(source: IncomingMessage, error: Refused): Refused {
  source.destroy();
  return error;
}

function given(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}
