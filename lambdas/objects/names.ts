/**
 * Names of blobs for keys of objects, and back.
 *
 * S3 takes any 1 to 1024 bytes of UTF-8 for a key. Azure takes most of them too, and those stay as they are;
 * but some it changes, so that two keys would share one blob, and some it refuses with 400. What a key has of
 * that is written as Braille: each byte b of its UTF-8 as the character U+2800 + b, so `docs/` becomes `docs⠯`.
 * Braille has exactly one character for each byte, all of them ordinary, assigned ones. (The Private Use Area
 * would have been the usual choice, but Azure refuses it.)
 *
 * What is written so ("Naming and referencing containers, blobs, and metadata"):
 * - a backslash, which Azure turns into a slash;
 * - a dot that ends a path segment, of several the last one, which Azure drops; `.` and `..` are among them;
 * - a slash that ends the name, and slashes from the 250th on: a name may have 254 path segments;
 * - control characters, private-use characters, non-characters, and U+FFF0 to U+FFFF;
 * - Braille itself, so that no two keys share a name.
 *
 * No name is longer than the 1024 characters that Azure takes: nothing becomes more characters than it has bytes.
 *
 * Users of the standby have to ask for the name of the blob. For nearly all keys that is the key; for `docs/` it
 * is `/docs%E2%A0%AF`. An application that puts folder markers or other such keys on a page should avoid them
 * or ask for them by this name.
 */
const BRAILLE = 0x2800;
const REFUSED = /[\\\u2800-\u28ff\ufff0-\uffff\p{Cc}\p{Co}\p{Noncharacter_Code_Point}]|\.(?=\/|$)|\/$/gu;
const SLASHES = 249;

/** The name of the blob that is the copy of a key. */
export function blobNameOf(key: string): string {
  let slashes = 0;
  return key.replace(REFUSED, braille).replaceAll("/", (slash) => (++slashes > SLASHES ? braille(slash) : slash));
}

/**
 * The key that a blob is the copy of.
 *
 * A name that no key gives, because somebody else made the blob, is a key as it stands. It is no copy then:
 * `blobNameOf` of that key is another name, and that is how to tell.
 */
export function keyOf(blobName: string): string {
  const key = blobName.replace(/[\u2800-\u28ff]+/g, text);
  return blobNameOf(key) === blobName ? key : blobName;
}

/**
 * What the names of all keys with a prefix begin with: it finds all of them, and may find some others.
 *
 * It can be shorter than the name of the prefix, because a dot or a slash at its end is written in one way where
 * the key ends, and in another where it goes on.
 */
export function blobPrefixOf(prefix: string): string {
  const goneOn = blobNameOf(`${prefix}-`);
  return goneOn.slice(0, /[./]$/.test(prefix) ? -2 : -1);
}

function braille(character: string): string {
  return Array.from(Buffer.from(character), (byte) => String.fromCharCode(BRAILLE + byte)).join("");
}

function text(written: string): string {
  return Buffer.from(Array.from(written, (character) => character.charCodeAt(0) - BRAILLE)).toString("utf8");
}
