/**
 * Texts of any kind as names and values of a blob's metadata, and back.
 *
 * Azure takes C# identifiers for names and compares them without case ("Naming and referencing containers, blobs, and
 * metadata"); values are headers, so they are ASCII, and what stands around them is cut off.
 */

/** Two underscores and two hexadecimal digits: a byte of UTF-8. */
const ESCAPES = /(?:__[0-9a-f]{2})+/g;

/** An encoded word of RFC 2047, which is how S3 itself tells values that are not ASCII. */
const ENCODED_WORD = /^=\?UTF-8\?B\?([A-Za-z0-9+/]*={0,2})\?=$/;

/**
 * A name as Azure takes it. Identifiers in lower case stay, `content_id`; of the others every byte that cannot stay
 * becomes two underscores and two digits: `cache-id` is `cache__2did`. An underscore stays between letters or digits.
 *
 * No name that comes of this begins with `dr_`: those are the replicator's own. Nor is it one that XML parsers refuse,
 * for fear of what it is to JavaScript: one such blob, and no list that it is in could be read.
 */
export function encodeName(name: string): string {
  const most = name.replace(/[^a-z0-9_]|(?<![a-z0-9])_|_(?![a-z0-9])/gu, escaped);
  return most.replace(/^[0-9]|^d(?=r_)|^[cp](?=(?:onstructor|rototype)$)/, escaped) || "__";
}

/** The name that was encoded so; a name that somebody else wrote, and that no name is encoded as, is itself. */
export function decodeName(written: string): string {
  const text = (escapes: string) => Buffer.from(escapes.replaceAll("_", ""), "hex").toString();
  const name = written === "__" ? "" : written.replace(ESCAPES, text);
  return encodeName(name) === written ? name : written;
}

/**
 * A value as a header takes it. Printable ASCII without blanks around it stays; everything else, and what looks like
 * an encoded word itself, becomes an encoded word: `ü` is `=?UTF-8?B?w7w=?=`. An empty value does too: Azure drops
 * metadata without a value.
 */
export function encodeValue(value: string): string {
  const plain = /^[!-~]([ -~]*[!-~])?$/.test(value) && !ENCODED_WORD.test(value);
  return plain ? value : `=?UTF-8?B?${Buffer.from(value).toString("base64")}?=`;
}

/** The value that was encoded so; whatever is no encoded word of UTF-8 is itself. */
export function decodeValue(written: string): string {
  const base64 = ENCODED_WORD.exec(written)?.[1];
  if (base64 === undefined) return written;
  const bytes = Buffer.from(base64, "base64");
  const value = bytes.toString();
  return Buffer.from(value).equals(bytes) ? value : written;
}

function escaped(character: string): string {
  return Buffer.from(character).toString("hex").replace(/../g, "__$&");
}
