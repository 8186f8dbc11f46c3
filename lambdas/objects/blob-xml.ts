import { XMLParser } from "fast-xml-parser";
import type { Listed } from "./store.ts";

/** A blob as a listing has it. */
export interface ListedBlob extends Omit<Listed, "key" | "record" | "gone"> {
  name: string;
  metadata: Record<string, string>;
}

// Values stay text as they are: a name that looks like a number is a name, and blanks are part of it.
const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: false,
  processEntities: true,
  htmlEntities: true,
  isArray: (name) => name === "Blob" || name === "Block",
  // The parser throws at these, and anybody at the standby may give such a name to metadata, of which none is needed.
  transformTagName: (name) => (["__proto__", "constructor", "prototype"].includes(name) ? `_${name}` : name),
});

interface BlobElement {
  Name: string | { "#text": string; "@_Encoded"?: string };
  Properties: Record<string, string>;
  Metadata?: Record<string, string> | string;
}

/** Reads the answer to List Blobs. */
export function readBlobPage(xml: string): { blobs: ListedBlob[]; next: string } {
  const { EnumerationResults: results } = parser.parse(xml);
  const blobs: BlobElement[] = results?.Blobs?.Blob ?? [];
  return { next: textOf(results?.NextMarker), blobs: blobs.map(readBlob) };
}

function readBlob({ Name, Properties, Metadata }: BlobElement): ListedBlob {
  const md5 = textOf(Properties["Content-MD5"]);
  return {
    name: nameOf(Name),
    etag: textOf(Properties.Etag).replaceAll('"', ""),
    bytes: Number(Properties["Content-Length"]),
    modified: new Date(textOf(Properties["Last-Modified"])),
    metadata: typeof Metadata === "object" ? lowerCased(Metadata) : {},
    ...(md5 && { md5: Buffer.from(md5, "base64").toString("hex") }),
  };
}

/** A name that XML cannot hold comes encoded ("List Blobs"). */
function nameOf(name: BlobElement["Name"]): string {
  if (typeof name === "string") return name;
  return name["@_Encoded"] === "true" ? decodeURIComponent(name["#text"]) : name["#text"];
}

/** As headers have them: a listing keeps the case in which they were written. */
function lowerCased(metadata: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), textOf(value)]));
}

/** Reads the uncommitted blocks of the answer to Get Block List. */
export function readBlockList(xml: string): { id: string; bytes: number }[] {
  const blocks = parser.parse(xml).BlockList?.UncommittedBlocks?.Block ?? [];
  return blocks.map(({ Name, Size }: { Name: string; Size: string }) => ({ id: textOf(Name), bytes: Number(Size) }));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
