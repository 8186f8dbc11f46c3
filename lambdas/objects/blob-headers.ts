import type { IncomingHttpHeaders } from "node:http";
import { commonState, withPrefix } from "./answer-headers.ts";
import { fromBlobMetadata, toBlobMetadata } from "./metadata.ts";
import type { Description, Expected, SourceRecord, State } from "./store.ts";

/**
 * The blob index tag of a tombstone: roles compare tags, and so keep tombstones from the public
 * (components/standby/public-reading.ts).
 */
export const TOMBSTONE_TAG = { dr_gone: "yes" };

/** Begins the headers of metadata. */
const METADATA = "x-ms-meta-";

/** What stands under a name, by the headers of an answer to HEAD or GET. */
export function stateOf(headers: IncomingHttpHeaders): State {
  const { headers: served, ...common } = commonState(headers);
  const { headers: kept, ...carried } = fromBlobMetadata(withPrefix(headers, METADATA));
  const md5 = (headers["content-md5"] ?? headers["x-ms-blob-content-md5"])?.toString();
  return {
    ...common,
    ...carried,
    version: headers["x-ms-version-id"]?.toString() ?? "",
    headers: { ...served, ...kept },
    ...(md5 && { checksum: { algorithm: "md5", value: Buffer.from(md5, "base64").toString("hex") } }),
  };
}

/** How a blob is to be served, and of what it is, as headers of a write. */
export function describe(description: Omit<Description, "record"> & { record?: SourceRecord; gone?: boolean }) {
  const { headers } = description;
  const metadata = Object.entries(toBlobMetadata(description));
  return {
    "x-ms-blob-content-type": headers.contentType,
    "x-ms-blob-content-encoding": headers.contentEncoding,
    "x-ms-blob-content-language": headers.contentLanguage,
    "x-ms-blob-content-disposition": headers.contentDisposition,
    "x-ms-blob-cache-control": headers.cacheControl,
    ...Object.fromEntries(metadata.map(([name, value]) => [METADATA + name, value])),
  };
}

/** What has to be so for a write to be carried out. */
export function condition(expected: Expected): Record<string, string> {
  return expected === "nothing" ? { "if-none-match": "*" } : { "if-match": `"${expected.etag}"` };
}
