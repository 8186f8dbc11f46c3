import { createHash } from "node:crypto";

/** The longest name that a vault takes ("About keys, secrets, and certificates", Objects, identifiers, and versioning). */
const LONGEST_NAME = 127;

/** What a name of Secrets Manager is made of (CreateSecret). */
const SOURCE_NAME = /^[\w/+=.@-]{1,512}$/;

/** What stands behind a hyphen for each sign that a vault's name cannot have; a letter there is a capital. */
const SIGNS: Readonly<Record<string, string>> = {
  "-": "-",
  "/": "1",
  _: "2",
  "+": "3",
  "=": "4",
  ".": "5",
  "@": "6",
};
const BEHIND_HYPHEN = new Map(Object.entries(SIGNS).map(([sign, code]) => [code, sign]));

/** Begins the name of a copy whose source's is too long to be written out; no name that is written out begins so. */
const DIGEST = "-9";

/**
 * The name of a secret's copy in the vault, in its alphabet of letters, digits and hyphens.
 *
 * Small letters and digits stay, a hyphen is doubled, a capital has one before it, and any other sign is a hyphen and a
 * digit: so no two secrets have one copy, although names in a vault have no case, and a name can be read back. One that
 * becomes longer than 127 is a digest instead, and can be read back from the copy's tags only.
 *
 * @example copyNameOf("shop/Api-key") // "shop-1-api--key"
 * @throws Error for what is no name of Secrets Manager
 */
export function copyNameOf(sourceName: string): string {
  if (!isSourceName(sourceName)) {
    throw new Error(`expected a name of Secrets Manager, 1 to 512 of A-Z a-z 0-9 /_+=.@-, found ${sourceName}`);
  }
  const written = sourceName.replace(/[^a-z0-9]/g, (sign) => `-${SIGNS[sign] ?? sign.toLowerCase()}`);
  if (written.length <= LONGEST_NAME) return written;
  return `${DIGEST}${createHash("sha256").update(sourceName).digest("hex")}`;
}

/** The secret that a copy's name tells; undefined for a digest, and for a name that {@link copyNameOf} never gives. */
export function sourceNameOf(copyName: string): string | undefined {
  // Vaults give names back as they were first written, and take them in any case.
  const name = copyName.toLowerCase();
  const read = name.replace(/-(.?)/g, (_, code: string) => BEHIND_HYPHEN.get(code) ?? code.toUpperCase());
  return isSourceName(read) && copyNameOf(read) === name ? read : undefined;
}

/** Whether Secrets Manager takes it for a name. */
export function isSourceName(name: string): boolean {
  return SOURCE_NAME.test(name);
}
