import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import pLimit from "p-limit";
import type { Budget } from "./budget.ts";
import { type PartChecks, partChecks } from "./checksum.ts";
import { Unfinished } from "./failure.ts";
import { collectPieces } from "./garbage.ts";
import { confirmed, lengthDiffers } from "./read-whole.ts";
import {
  type Checksum,
  type Description,
  type Expected,
  type Parts,
  PULLED,
  type Source,
  type State,
  type Target,
} from "./store.ts";

/** Parts of one object that are on their way at once, while a third is read. */
const PARTS_IN_FLIGHT = 2;

/** Parts that the target fetches at once: they take nothing here. */
const PULLED_AT_ONCE = 8;

/** One large object on its way. */
export interface Passage {
  source: Source;
  target: Target;
  key: string;
  state: State;
  description: Description;
  expected: Expected;
  budget: Budget;
  /** When to stop, on the clock of `performance.now()`, though the object is not whole. */
  deadline: number;
  /** Whether the target is asked to fetch the bytes itself; what it cannot fetch passes through here. */
  pull: boolean;
  /** Whether all parts are brought again, because those that are there came to a wrong checksum. */
  afresh: boolean;
  /** Called before anything is written. @throws Fenced */
  mayWrite(): Promise<void>;
}

/** How far an object has come. */
interface Progress {
  parts: Parts;
  partBytes: number;
  checks: PartChecks;
  /** What each part was written with, by its number; empty while it is not there. */
  ids: string[];
  /** Checksum of each part; a part that the target fetched for an earlier invocation has none. */
  sums: (string | undefined)[];
}

/**
 * Carries a large object part by part, in as much memory as a few parts take. What an earlier invocation has brought
 * is not brought again.
 *
 * @throws Unfinished when the time is up; what was brought stays for the next one
 * @throws Corrupted when what was read is not what the source speaks of; nothing shows then
 */
export async function carryParts(passage: Passage): Promise<void> {
  const { target, key, state, description, expected } = passage;
  await passage.mayWrite();
  const parts = await target.parts(key, state, description);
  const partBytes = target.partBytes(state.bytes);
  const there = passage.afresh ? new Map<number, string>() : parts.there;
  const ids = Array.from({ length: Math.ceil(state.bytes / partBytes) }, (_, number) => there.get(number) ?? "");
  const crc64 = passage.pull || state.checksum?.algorithm === "crc64nvme";
  const sums = ids.map((id) => (id === "" || id === PULLED ? undefined : id));
  const progress = { parts, partBytes, checks: partChecks(crc64 ? "crc64nvme" : "crc32"), ids, sums };

  if (passage.pull) await pullParts(passage, progress);
  const md5 = ids.includes("") ? await streamParts(passage, progress) : undefined;
  const found = md5 ?? wholeOf(progress, state);
  const checksum = found && confirmed(found, state);
  await passage.mayWrite();
  await parts.commit(ids, checksum, expected);
}

/** Checksum of an object whose parts are all there, if that of each is known. */
function wholeOf({ checks, sums, partBytes }: Progress, { bytes }: State): Checksum | undefined {
  const known = sums.filter((sum) => sum !== undefined);
  if (known.length < sums.length) return undefined;
  return { algorithm: checks.algorithm, value: checks.combine(known, partBytes, bytes) };
}

/** Has the target fetch what it can of the parts that are not there. */
async function pullParts({ source, key, state, deadline }: Passage, progress: Progress): Promise<void> {
  const { parts, partBytes, ids, sums } = progress;
  const url = await source.sign?.(key, state);
  if (url === undefined || !parts.pull) return;
  const limit = pLimit(PULLED_AT_ONCE);
  let goOn = true;
  const pull = async (number: number) => {
    if (!goOn || performance.now() > deadline) return;
    const offset = number * partBytes;
    sums[number] = await parts.pull?.(number, url, offset, Math.min(partBytes, state.bytes - offset));
    if (sums[number] === undefined) goOn = false;
    else ids[number] = PULLED;
  };
  await Promise.all(ids.flatMap((id, number) => (id === "" ? [limit(() => pull(number))] : [])));
  throwUnfinished(ids, deadline);
}

/**
 * Reads from the first missing part to the end, and writes every part that is missing.
 *
 * @returns the MD5, when that is what the source tells and all of it was read here: no parts make an MD5
 */
async function streamParts(
  { source, key, state, budget, deadline }: Passage,
  { parts, partBytes, checks, ids, sums }: Progress,
): Promise<Checksum | undefined> {
  let number = ids.indexOf("");
  const offset = number * partBytes;
  const md5 = offset === 0 && state.checksum?.algorithm === "md5" ? createHash("md5") : undefined;
  const body = await source.openAt(key, state, offset);
  const writes = new Set<Promise<void>>();
  try {
    for await (const { content, release } of cut(body, state.bytes - offset, partBytes, budget)) {
      md5?.update(content);
      const id = checks.of(content);
      const write = (ids[number] === id ? Promise.resolve() : parts.write(number, content, id))
        .finally(release)
        .then(() => {
          writes.delete(write);
        });
      // One that fails stays among the writes, so its failure is met below; until then nobody need be alarmed.
      write.catch(() => {});
      sums[number] = id;
      ids[number++] = id;
      writes.add(write);
      if (writes.size >= PARTS_IN_FLIGHT) await Promise.race(writes);
      if (performance.now() > deadline) {
        await Promise.all(writes);
        throwUnfinished(ids, deadline);
      }
    }
    await Promise.all(writes);
  } finally {
    body.destroy();
    await Promise.allSettled(writes);
  }
  return md5 && { algorithm: "md5", value: md5.digest("hex") };
}

function throwUnfinished(ids: string[], deadline: number): void {
  const there = ids.filter((id) => id !== "").length;
  if (there < ids.length && performance.now() > deadline) {
    throw new Unfinished(`${there} of ${ids.length} parts are there`);
  }
}

/** Cuts a stream into parts, each of which holds its share of the budget until it is released. */
async function* cut(body: Readable, bytes: number, partBytes: number, budget: Budget) {
  let left = bytes;
  let part: Awaited<ReturnType<typeof room>> | undefined;
  try {
    for await (let chunk of body as AsyncIterable<Buffer>) {
      if (chunk.length > left) throw lengthDiffers(bytes, bytes - left + chunk.length);
      while (chunk.length > 0) {
        part ??= await room(Math.min(partBytes, left), budget);
        const taken = chunk.copy(part.content, part.filled);
        part.filled += taken;
        left -= taken;
        chunk = chunk.subarray(taken);
        if (part.filled === part.content.length) {
          const { content, release } = part;
          part = undefined;
          collectPieces();
          yield { content, release };
        }
      }
    }
    if (left > 0) throw lengthDiffers(bytes, bytes - left);
  } finally {
    part?.release();
  }
}

/** Buffers of parts that are done with: to allocate them anew for each part would leave hundreds of MiB to be collected. */
const spare: Buffer[] = [];

/** Spare buffers that are kept: what one object has in use. */
const MOST_SPARE = PARTS_IN_FLIGHT + 1;

async function room(bytes: number, budget: Budget) {
  const giveBack = await budget.take(bytes);
  const found = spare.findIndex((one) => one.length >= bytes);
  const [buffer = Buffer.allocUnsafeSlow(bytes)] = found < 0 ? [] : spare.splice(found, 1);
  const release = () => {
    if (spare.length < MOST_SPARE) spare.push(buffer);
    giveBack();
  };
  return { content: buffer.subarray(0, bytes), filled: 0, release };
}
