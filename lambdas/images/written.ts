import { createHash } from "node:crypto";
import { z } from "zod";
import type { Run } from "./data-runs.ts";

/** What has been written of a disk, in a few words however large it is. */
export const WRITTEN = z.object({
  /** All bytes. */
  bytes: z.number().int().nonnegative(),
  /** A digest of all stretches but the last, which may grow yet. */
  digest: z.string(),
  last: z.object({ offset: z.number().int(), length: z.number().int() }).optional(),
});
export type Written = z.infer<typeof WRITTEN>;

export const NOTHING: Written = { bytes: 0, digest: "" };

/** Adds a stretch that begins where the last one ends, or after it; stretches that touch are one. */
export function withRun({ bytes, digest, last }: Written, run: Run): Written {
  const all = bytes + run.length;
  if (last && last.offset + last.length === run.offset) {
    return { bytes: all, digest, last: { offset: last.offset, length: last.length + run.length } };
  }
  return { bytes: all, digest: last ? folded(digest, last) : digest, last: { ...run } };
}

/** Whether the very same stretches were written. */
export function isSame(one: Written, other: Written): boolean {
  const { last, digest, bytes } = one;
  return (
    bytes === other.bytes &&
    digest === other.digest &&
    last?.offset === other.last?.offset &&
    last?.length === other.last?.length
  );
}

function folded(digest: string, { offset, length }: Run): string {
  return createHash("sha256").update(`${digest} ${offset} ${length}`).digest("hex").slice(0, 32);
}
