import { SECTOR } from "./vhd-footer.ts";

/** A stretch of bytes. */
export interface Run {
  offset: number;
  length: number;
}

/** What is looked at for zeros at once: the block of most file systems. */
const GRAIN = 4096;

/** Fewer zeros than this between data are sent along: another request would take longer, in bytes. */
const SHORTEST_GAP = 32 * 1024;

const ZEROS = Buffer.alloc(64 * 1024);

/** The stretches that hold something, whole pages each, in their order. @param content whole pages */
export function dataRuns(content: Buffer): Run[] {
  if (content.length % SECTOR !== 0) {
    throw new RangeError(`expected whole pages of ${SECTOR} bytes, found ${content.length} bytes`);
  }
  const runs: Run[] = [];
  for (let from = 0; from < content.length; from += ZEROS.length) {
    const to = Math.min(content.length, from + ZEROS.length);
    if (isZero(content, from, to)) continue;
    for (let at = from; at < to; at += GRAIN) {
      const end = Math.min(to, at + GRAIN);
      if (!isZero(content, at, end)) extend(runs, at, end);
    }
  }
  return runs;
}

function isZero(content: Buffer, from: number, to: number): boolean {
  return content.compare(ZEROS, 0, to - from, from, to) === 0;
}

function extend(runs: Run[], from: number, to: number): void {
  const last = runs.at(-1);
  if (last && from - (last.offset + last.length) < SHORTEST_GAP) last.length = to - last.offset;
  else runs.push({ offset: from, length: to - from });
}
