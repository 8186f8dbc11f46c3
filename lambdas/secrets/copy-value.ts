import { Permanent } from "../objects/failure.ts";
import type { CopyValue } from "./secret-state.ts";

/** The longest value of a vault's secret in bytes: "25k" ("About Azure Key Vault secrets"). Secrets Manager takes 65,536. */
export const LONGEST_VALUE = 25_000;

/** How whoever reads a copy of binary data knows that it has to be decoded. */
export const BASE64 = "application/octet-stream;base64";

/**
 * The value of a secret as its copy has it: a text as it is, binary data as base64, and what it is as its content type.
 *
 * @throws Permanent when it is longer than a vault takes; the message tells how long it is, and nothing of it
 */
export function copyValueOf(source: { text: string } | { binary: Uint8Array }): CopyValue {
  if ("binary" in source) {
    const value = Buffer.from(source.binary).toString("base64");
    return within({ value, contentType: BASE64 }, `${source.binary.length} bytes, which are ${value.length} as base64`);
  }
  const contentType = isJson(source.text) ? "application/json" : "text/plain";
  return within({ value: source.text, contentType }, `${Buffer.byteLength(source.text)} bytes`);
}

function within(copy: CopyValue, size: string): CopyValue {
  if (Buffer.byteLength(copy.value) <= LONGEST_VALUE) return copy;
  throw new Permanent(
    `the secret has ${size}, and a vault takes ${LONGEST_VALUE}: divide it into several, or keep it elsewhere and take its ` +
      "tag away; its former copy stays",
  );
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
