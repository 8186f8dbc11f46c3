import { createHash } from "node:crypto";
import { z } from "zod";
import { dataRuns } from "./data-runs.ts";
import { type Disk, type Piece, ROOM_BYTES } from "./disk.ts";
import type { PageBlob } from "./page-blob.ts";
import { fixedFooter, SECTOR } from "./vhd-footer.ts";
import { isSame, NOTHING, WRITTEN, type Written, withRun } from "./written.ts";

/** Azure takes only disks of whole MiB ("Prepare a Windows or Linux VHD for Azure", its size without the footer). */
const DISK_UNIT = 2 ** 20;

/** Pieces that are read or written at once; each takes 4 MiB of memory. */
const PARALLEL = 6;

/** Pieces after which the progress is noted: what is written twice, when a run is ended from outside, is no more. */
const NOTE_EVERY = 64;

/** What is asked for at once when it is compared: a list of all pages of a large disk takes too long to make. */
const COMPARED_AT_ONCE = 2 ** 30;

/** Where it is written down how far a disk has come. */
export interface Notes {
  /** What was noted last, if anything was. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}

/** How far a disk has come, so that any run goes on where the last one ended. */
const PROGRESS = z.object({
  /** Which content this is of: a blob that was begun for another one begins again. */
  source: z.string(),
  /** All before it is there. */
  next: z.number().int(),
  written: WRITTEN,
  whole: z.boolean(),
});
type Progress = z.infer<typeof PROGRESS>;

export interface CarryArgs {
  disk: Disk;
  /** What the content can be known by: its ETag. */
  source: string;
  blob: Pick<PageBlob, "name" | "create" | "write" | "written">;
  /** Its own; not in the blob's metadata, each change of which would be another version of all of it to Azure. */
  notes: Notes;
  /** Now, for the footer. */
  made: Date;
  /** When to stop and let another run go on, as `performance.now()` counts. */
  deadline: number;
}

/** What a run came to. */
export interface Carried {
  /** Whether all of it is there, compared, and closed by its footer. */
  whole: boolean;
  /** What the disk holds in Azure, without the footer, in bytes. */
  diskBytes: number;
  /** All before it is there. */
  next: number;
  /** Bytes that were sent of it, by all runs. */
  sent: number;
}

/** What is in the blob is not what was sent. */
export class NotSameError extends Error {
  override readonly name = "NotSameError";
}

/**
 * Carries a disk into a page blob, as a fixed VHD: only what is no zero, and only until the deadline.
 *
 * The footer goes last, when Azure's own list of pages has shown that all that was sent is there, and nothing else; of
 * each page Azure compared the MD5 when it took it. To read it all back would cost its way out of Azure. So a blob
 * with a footer is whole, and no other one boots.
 *
 * @throws NotSameError when the pages are others; the blob then begins again
 */
export async function carry(args: CarryArgs): Promise<Carried> {
  const { disk, notes, deadline } = args;
  const diskBytes = Math.ceil(disk.bytes / DISK_UNIT) * DISK_UNIT;
  let progress = await begin(args, diskBytes);
  if (!progress.whole) {
    progress = await sendPieces(args, progress);
    if (progress.next >= disk.bytes && performance.now() < deadline) progress = await close(args, progress, diskBytes);
    await notes.write(JSON.stringify(progress));
  }
  const { whole, next, written } = progress;
  return { whole, diskBytes, next, sent: written.bytes };
}

/** What was noted of an earlier run of the same content; else the blob is made anew. */
async function begin({ blob, notes, source }: CarryArgs, diskBytes: number): Promise<Progress> {
  const noted = readProgress(await notes.read());
  if (noted?.source === source) return noted;
  const fresh = { source, next: 0, written: NOTHING, whole: false };
  await blob.create(diskBytes + SECTOR);
  return fresh;
}

function readProgress(notes: string | undefined): Progress | undefined {
  if (notes === undefined) return undefined;
  try {
    return PROGRESS.safeParse(JSON.parse(notes)).data;
  } catch {
    return undefined;
  }
}

/** Several pieces are on their way at once, and are counted in their order. */
async function sendPieces(args: CarryArgs, from: Progress): Promise<Progress> {
  const { disk, notes, deadline } = args;
  const underWay: { piece: Piece; room: Buffer; sent: Promise<Written> }[] = [];
  // Used again and again: what is left to be collected may be several times what is needed.
  const rooms: Buffer[] = Array.from({ length: PARALLEL }, () => Buffer.allocUnsafe(ROOM_BYTES));
  let progress = from;
  let unnoted = 0;
  const settleFirst = async () => {
    const first = underWay.shift();
    if (!first) return;
    const written = await first.sent;
    rooms.push(first.room);
    progress = { ...progress, next: first.piece.offset + first.piece.length, written };
    unnoted += 1;
    if (unnoted < NOTE_EVERY) return;
    await notes.write(JSON.stringify(progress));
    unnoted = 0;
  };
  let before = Promise.resolve(from.written);
  try {
    for (const piece of disk.pieces(from.next)) {
      if (performance.now() >= deadline) {
        while (underWay.length > 0) await settleFirst();
        return progress;
      }
      const soFar = before;
      const room = rooms.pop() ?? Buffer.allocUnsafe(ROOM_BYTES);
      const runs = sendPiece(args, piece, room);
      before = Promise.all([soFar, runs]).then(([written, sent]) => sent.reduce(withRun, written));
      // Whoever waits for it meets the error; until then it is nobody's.
      before.catch(() => {});
      underWay.push({ piece, room, sent: before });
      if (underWay.length >= PARALLEL) await settleFirst();
    }
    while (underWay.length > 0) await settleFirst();
  } finally {
    await Promise.allSettled(underWay.map(({ sent }) => sent));
  }
  return { ...progress, next: disk.bytes };
}

async function sendPiece({ disk, blob }: CarryArgs, piece: Piece, room: Buffer) {
  const content = await disk.read(piece, room);
  const runs = dataRuns(content);
  for (const { offset, length } of runs) {
    await blob.write(piece.offset + offset, content.subarray(offset, offset + length));
  }
  return runs.map(({ offset, length }) => ({ offset: piece.offset + offset, length }));
}

/** Compares what is there with what was sent, and writes the footer. */
async function close(
  { blob, notes, source, made }: CarryArgs,
  progress: Progress,
  diskBytes: number,
): Promise<Progress> {
  let there = NOTHING;
  for (let offset = 0; offset < diskBytes; offset += COMPARED_AT_ONCE) {
    const within = { offset, length: Math.min(COMPARED_AT_ONCE, diskBytes - offset) };
    there = (await blob.written(within)).reduce(withRun, there);
  }
  if (!isSame(there, progress.written)) {
    await notes.write("{}");
    throw new NotSameError(
      `expected ${progress.written.bytes} bytes of pages in ${blob.name}, in the places where they were sent to, found ` +
        `${there.bytes} in others: somebody else writes it, or Azure lost some; the next try begins anew`,
    );
  }
  // The same content makes the same disk, whoever closes it.
  const id = createHash("sha256").update(`${blob.name} ${source}`).digest().subarray(0, 16);
  await blob.write(diskBytes, fixedFooter(diskBytes, id, made));
  return { ...progress, whole: true };
}
