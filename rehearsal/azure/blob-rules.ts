import type { BlobRequest } from "./access.ts";
import { Refused } from "./blob-refusal.ts";

/** Longest name of a blob in characters, and most parts of it between slashes (Naming and referencing containers, blobs, and metadata). */
const LONGEST_NAME = 1024;
const MOST_SEGMENTS = 254;

/** Azure reads a backslash as a slash; the others it refuses, some of them with some neighbours only. */
const UNFIT = /[\\\p{Cc}\p{Co}\p{Noncharacter_Code_Point}]/u;

/** Most metadata of a blob in bytes, names and values together ("Set Blob Metadata"). */
const MOST_METADATA = 8 * 1024;

/** Most index tags of a blob, and how long their names and values may be ("Set Blob Tags"). */
const MOST_TAGS = 10;
const LONGEST_TAG = { name: 128, value: 256 };
const TAG = /^[A-Za-z0-9 +\-./:=_]*$/;

/** Longest URL of a copy source in bytes ("Put Block From URL"). */
const LONGEST_SOURCE = 2 * 1024;

const METADATA = "x-ms-meta-";

/**
 * The rules of Azure's that Azurite lets be broken, for what is written.
 *
 * @param rawHeaders names and values by turns, as they came
 * @throws Refused with the code that Azure documents
 */
export function checkWrite({ method, blob }: BlobRequest, rawHeaders: readonly string[]): void {
  if (method !== "PUT") return;
  checkName(blob);
  const headers = pairs(rawHeaders).map(([name, value]) => [name.toLowerCase(), value] as [string, string]);
  checkMetadata(headers.filter(([name]) => name.startsWith(METADATA)));
  for (const [name, value] of headers) {
    if (name === "x-ms-tags") checkTags(value);
    if (name === "x-ms-copy-source") checkSource(value);
  }
}

/** Header names and values, which come by turns. */
export function pairs(rawHeaders: readonly string[]): [name: string, value: string][] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""] as [string, string]] : [],
  );
}

/** Whether the name of a blob, as it stands in a URL, may be one (Naming and referencing containers, blobs, and metadata). */
function checkName(path: string): void {
  const name = decoded(path);
  const segments = name.split("/");
  if (name.length > LONGEST_NAME) {
    throw new Refused(
      400,
      "OutOfRangeInput",
      "The specified resource name length is not within the permissible limits.",
    );
  }
  if (segments.length > MOST_SEGMENTS || segments.some((each) => each.endsWith(".")) || UNFIT.test(name)) {
    throw new Refused(400, "InvalidResourceName", "The specified resource name contains invalid characters.");
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new Refused(400, "InvalidUri", "The requested URI does not represent any resource on the server.");
  }
}

function checkMetadata(headers: [name: string, value: string][]): void {
  let bytes = 0;
  for (const [header, value] of headers) {
    const name = header.slice(METADATA.length);
    bytes += name.length + Buffer.byteLength(value, "latin1");
    if (name === "")
      throw new Refused(400, "EmptyMetadataKey", "The key for one of the metadata key-value pairs is empty.");
    // Names are C# identifiers, and what is in a header is ASCII (Naming and referencing containers, blobs, and metadata).
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || !/^[\t -~]*$/.test(value)) {
      const message = "The metadata specified is invalid. It has characters that are not permitted.";
      throw new Refused(400, "InvalidMetadata", message);
    }
  }
  if (bytes > MOST_METADATA) {
    throw new Refused(
      400,
      "MetadataTooLarge",
      "The size of the specified metadata exceeds the maximum size permitted.",
    );
  }
}

function checkTags(encoded: string): void {
  const tags = [...new URLSearchParams(encoded)];
  const tooLong = tags.some(([name, value]) => name.length > LONGEST_TAG.name || value.length > LONGEST_TAG.value);
  if (tags.length > MOST_TAGS || tooLong) {
    throw new Refused(400, "TagsTooLarge", "The tags specified exceed the maximum permissible limit.");
  }
  if (tags.some(([name]) => name === ""))
    throw new Refused(400, "EmptyTagName", "The name of one of the tags is empty.");
  if (new Set(tags.map(([name]) => name)).size < tags.length) {
    throw new Refused(400, "DuplicateTagNames", "The tags specified contain duplicate names.");
  }
  if (!tags.every((pair) => pair.every((part) => TAG.test(part)))) {
    throw new Refused(
      400,
      "InvalidTag",
      "The tags specified are invalid. It contains characters that are not permitted.",
    );
  }
}

function checkSource(url: string): void {
  const valid = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (!valid || Buffer.byteLength(url) > LONGEST_SOURCE) {
    const message = "The value for one of the HTTP headers is not in the correct format.";
    throw new Refused(400, "InvalidHeaderValue", `${message} HeaderName: x-ms-copy-source`);
  }
}
