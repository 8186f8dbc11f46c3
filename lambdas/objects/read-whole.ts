import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { checksumOf } from "./checksum.ts";
import type { Checksum, State } from "./store.ts";

/** What was read is not what the source says it has. */
export class Corrupted extends Error {}

/** Reads a small object whole. @throws Corrupted when its bytes are not those that the source speaks of */
export async function readWhole(body: Readable, state: State): Promise<{ content: Buffer; checksum: Checksum }> {
  const content = Buffer.allocUnsafe(state.bytes);
  let filled = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (filled + chunk.length > content.length) throw lengthDiffers(state.bytes, filled + chunk.length);
    filled += chunk.copy(content, filled);
  }
  if (filled < content.length) throw lengthDiffers(state.bytes, filled);
  const { algorithm } = state.checksum ?? { algorithm: "crc32" };
  const value = algorithm === "md5" ? createHash("md5").update(content).digest("hex") : checksumOf(algorithm, content);
  return { content, checksum: confirmed({ algorithm, value }, state) };
}

/** The checksum as it was found. @throws Corrupted when the source tells another of the same kind */
export function confirmed(found: Checksum, { checksum }: State): Checksum {
  if (checksum?.algorithm === found.algorithm && checksum.value !== found.value) {
    throw new Corrupted(
      `expected the ${found.algorithm} ${checksum.value} that the source tells, found ${found.value}`,
    );
  }
  return found;
}

export function lengthDiffers(expected: number, found: number): Corrupted {
  return new Corrupted(`expected ${expected} bytes, found ${found > expected ? `${found} and more` : found}`);
}
