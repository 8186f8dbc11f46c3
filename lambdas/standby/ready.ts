import type { BlobItem, ContainerClient } from "@azure/storage-blob";
import { textIfThere } from "./blob-text.ts";
import { isPromoted, type Reality } from "./next-step.ts";
import type { PlanDocument } from "./plan-document.ts";
import { READY_FILES, readyPath, readyText, SWITCHED, type Switched } from "./ready-file.ts";

/** How long it may take to bring the files up to date, in milliseconds: a promotion must not wait for them. */
const PATIENCE = 5000;

/** Of which names the standby serves what is declared; undefined of one of which that can't be told now. */
export type Readiness = Record<Switched, boolean | undefined>;

/**
 * Decides what is said publicly. A name that is not declared is never ready. Content that is declared always is: it was
 * copied before. What else moves needs the database. Once that is promoted, and seen to run, they are ready until it is
 * promoted no more: that it restarts is no reason to send users back to a primary that is declared lost.
 *
 * @param reality absent before it was looked at
 */
export function readiness({ ready: declared = [], database }: PlanDocument, reality?: Reality): Readiness {
  const promoted = reality && isReady(database, reality);
  const byDatabase = (name: Switched) => (declared.includes(name) ? promoted : false);
  return { database: byDatabase("database"), content: declared.includes("content"), site: byDatabase("site") };
}

function isReady(database: PlanDocument["database"], { data, server }: Reality): boolean | undefined {
  if (database?.target !== "promoted" || !isPromoted(database, data)) return false;
  return server?.state === "Ready" ? true : undefined;
}

/**
 * Has the public files say so, and writes each only where it says something else.
 *
 * @param website the container that the markers' website is served from
 * @returns why they don't; undefined when they do
 */
export async function keepReadyFiles(
  website: ContainerClient,
  { ready: declared = [] }: PlanDocument,
  found: Readiness,
): Promise<Error | undefined> {
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    const there = await pathsIn(website, signal);
    // Before anything is written: what is said wrongly moves users.
    for (const name of SWITCHED.filter((each) => found[each] === false && there.has(readyPath(each)))) {
      await website.getBlobClient(readyPath(name)).deleteIfExists({ abortSignal: signal });
    }
    for (const name of SWITCHED.filter((each) => found[each])) {
      await write(website, readyPath(name), readyText(name, declared), signal);
    }
    return undefined;
  } catch (error) {
    const why = signal.aborted ? "no good answer in time" : (error as Error).message;
    return new Error(`whether the standby is ready can't be said in ${website.url}: ${why}`, { cause: error });
  }
}

async function pathsIn(website: ContainerClient, abortSignal: AbortSignal): Promise<Set<string>> {
  const found: BlobItem[] = await Array.fromAsync(website.listBlobsFlat({ prefix: READY_FILES, abortSignal }));
  return new Set(found.map(({ name }) => name));
}

async function write(website: ContainerClient, path: string, text: string, abortSignal: AbortSignal): Promise<void> {
  const blob = website.getBlockBlobClient(path);
  if ((await textIfThere(blob, abortSignal)) === text) return;
  await blob.upload(text, Buffer.byteLength(text), {
    abortSignal,
    // Whoever asks is to hear what holds now.
    blobHTTPHeaders: { blobContentType: "application/json", blobCacheControl: "no-cache" },
  });
}
