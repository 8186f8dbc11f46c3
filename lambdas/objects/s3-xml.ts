import { XMLParser } from "fast-xml-parser";
import { type Listed, toSecond } from "./store.ts";

// Values stay text as they are: a key that looks like a number is a key, and blanks are part of it.
const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => name === "Tag" || name === "Contents",
});

/** Reads the answer to GetObjectTagging. */
export function readTags(xml: string): Record<string, string> {
  const tags: { Key: string; Value: string }[] = parser.parse(xml).Tagging?.TagSet?.Tag ?? [];
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

/** Reads the answer to ListObjectsV2, whose keys come encoded as in a form; `next` is empty at the end. */
export function readObjectPage(xml: string): { objects: Listed[]; next: string } {
  const { Contents = [], NextContinuationToken = "" } = parser.parse(xml).ListBucketResult ?? {};
  return { next: NextContinuationToken, objects: (Contents as Record<string, string>[]).map(readObject) };
}

function readObject({ Key = "", ETag = "", Size, LastModified = "" }: Record<string, string>): Listed {
  return {
    key: decodeURIComponent(Key.replaceAll("+", " ")),
    etag: ETag.replaceAll('"', ""),
    bytes: Number(Size),
    modified: toSecond(new Date(LastModified)),
    gone: false,
  };
}
