import { createHash, type Hash } from "node:crypto";
import { Permanent, Unfinished } from "../objects/failure.ts";
import { RefusedError } from "../objects/rest.ts";
import type { Descriptor } from "./manifest.ts";
import { algorithmOf } from "./names.ts";
import type { Registry } from "./registry.ts";

/**
 * Bytes that are sent at once, and all that is held of a layer. Registries take more; so much costs two or three round
 * trips a second between the clouds, and a memory of some 100 MiB for four layers.
 */
export const CHUNK_BYTES = 8 * 1024 * 1024;

/** How often the bytes may fail to come, or to be taken, in a row. */
const MOST_STOPS = 5;

/** How often a layer may come damaged, or its upload be lost, before somebody has to look. */
const MOST_ATTEMPTS = 3;

/** What came is not what its digest says. */
class Damaged extends Error {}

/** The other registry has lost an upload half-way. */
class Lost extends Error {}

/** A layer's way from one repository to another. */
export interface Way {
  source: Registry;
  target: Registry;
  repository: string;
  /** When to stop, on the clock of `performance.now()`. */
  deadline: number;
  /** Bytes that are sent at once. */
  chunkBytes: number;
}

/**
 * Copies one blob, piece by piece. A cut on either side goes on where it was; what comes is checked against its
 * digest before the registry is asked to keep it, and the registry checks it again.
 *
 * @param upload where to, if the upload has begun
 * @throws Permanent when the source does not have what it names, Unfinished at the deadline
 */
export async function carryBlob(way: Way, blob: Descriptor, upload?: URL): Promise<void> {
  let begun = upload;
  for (let attempt = 1; ; attempt++) {
    try {
      return await stream(way, blob, begun ?? (await way.target.beginUpload(way.repository)));
    } catch (error) {
      const again = error instanceof Damaged || error instanceof Lost || refusedDigest(error);
      if (!again) throw error;
      if (attempt >= MOST_ATTEMPTS) {
        if (error instanceof Lost) throw error;
        throw new Permanent(`${(error as Error).message} ${MOST_ATTEMPTS} times: push the image anew`);
      }
      begun = undefined;
    }
  }
}

async function stream(way: Way, blob: Descriptor, begun: URL): Promise<void> {
  const hash = createHash(algorithmOf(blob.digest));
  let upload = begun;
  let sent = 0;
  for await (const chunk of chunksOf(way, blob)) {
    hash.update(chunk);
    const last = sent + chunk.length === blob.size;
    if (last) check(hash, blob);
    // What fits into one piece is sent with the end of its upload.
    if (last && sent === 0) return finish(way, upload, blob, chunk);
    upload = await append(way, upload, chunk, sent);
    sent += chunk.length;
  }
  if (sent === 0) check(hash, blob);
  await finish(way, upload, blob);
}

/** Ends an upload; where nobody knows what came of that, it looks. */
async function finish({ target, repository }: Way, upload: URL, { digest }: Descriptor, chunk?: Buffer): Promise<void> {
  try {
    await target.finish(repository, upload, digest, chunk);
  } catch (error) {
    const gone = error instanceof RefusedError && error.status === 404;
    if (!gone && !passes(error)) throw error;
    if (!(await target.hasBlob(repository, digest))) throw new Lost(`an upload was lost at its end`, { cause: error });
  }
}

function check(hash: Hash, { digest }: Descriptor): void {
  const found = `${algorithmOf(digest)}:${hash.digest("hex")}`;
  if (found !== digest) throw new Damaged(`expected a layer of digest ${digest}, found ${found}`);
}

/** Sends a piece; when nobody knows how much of it was taken, it asks, and sends the rest. */
async function append({ target, repository }: Way, begun: URL, chunk: Buffer, offset: number): Promise<URL> {
  let upload = begun;
  let taken = 0;
  for (let stop = 1; ; stop++) {
    try {
      return await target.append(repository, upload, chunk.subarray(taken), offset + taken);
    } catch (error) {
      if (stop >= MOST_STOPS || !passes(error)) throw error;
      const progress = await target.progress(repository, upload);
      const more = (progress?.offset ?? -1) - offset;
      if (!progress || more < 0 || more > chunk.length) throw new Lost("the registry has lost an upload half-way");
      upload = progress.upload;
      if (more === chunk.length) return upload;
      taken = more;
    }
  }
}

/** Whether another try may go well. 416 is said of bytes that are not the next ones: some were taken unheard. */
function passes(error: unknown): boolean {
  if (!(error instanceof RefusedError)) return true;
  return error.status >= 500 || error.status === 416 || error.status === 408;
}

function refusedDigest(error: unknown): boolean {
  return error instanceof RefusedError && error.code === "DIGEST_INVALID";
}

/** A blob in pieces of the same size, and the rest. */
async function* chunksOf(way: Way, blob: Descriptor): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const part of bytesOf(way, blob)) {
    let rest = part;
    while (length + rest.length >= way.chunkBytes) {
      const room = way.chunkBytes - length;
      yield Buffer.concat([...parts, rest.subarray(0, room)]);
      rest = rest.subarray(room);
      parts = [];
      length = 0;
    }
    if (rest.length > 0) parts.push(rest);
    length += rest.length;
  }
  if (length > 0) yield Buffer.concat(parts);
}

/** A blob's bytes, as many as it should have; where they stop coming it asks for the rest. */
async function* bytesOf({ source, repository, deadline }: Way, blob: Descriptor): AsyncGenerator<Buffer> {
  let read = 0;
  let stops = 0;
  while (read < blob.size) {
    try {
      const body = await source.readBlob(repository, blob.digest, read);
      if (!body)
        throw new Permanent(`the source's repository ${repository} names the layer ${blob.digest} and has it not`);
      for await (const part of body) {
        if (performance.now() > deadline) throw new Unfinished(`the layer ${blob.digest} is not whole yet`);
        read += part.length;
        if (read > blob.size) throw new Damaged(`expected ${blob.size} bytes of the layer ${blob.digest}, found more`);
        stops = 0;
        yield part;
      }
      if (read === blob.size) return;
      stops++;
    } catch (error) {
      const final = [Permanent, Unfinished, Damaged, RefusedError].some((kind) => error instanceof kind);
      if (final || ++stops >= MOST_STOPS) throw error;
      continue;
    }
    if (stops >= MOST_STOPS)
      throw new Damaged(`expected ${blob.size} bytes of the layer ${blob.digest}, found ${read}`);
  }
}
