import type { ContainerClient } from "@azure/storage-blob";
import type { Login } from "../database/connection.ts";
import { dumpNames, momentOf, STANDBY_COPY } from "../database/layout.ts";
import type { Manifest } from "../database/manifest.ts";
import type { DumpStore } from "../database/store.ts";
import { lookAt } from "../database/stored-dumps.ts";
import { textIfThere } from "./blob-text.ts";
import type { DatabaseWork } from "./database-work.ts";
import type { SeenCopy, SeenRelease } from "./hand-back.ts";
import type { Reality, SeenData } from "./next-step.ts";
import { RELEASE_BLOB, type ReleaseDocument, readRelease } from "./release-document.ts";
import type { StateDocument } from "./state-document.ts";

/** Where what is handed back is looked for. */
export interface Place {
  container: ContainerClient;
  dumps: { store: DumpStore };
  database: DatabaseWork;
}

type Found = Pick<Reality, "copy" | "release" | "notice">;

/**
 * Looks for the copy of a server's own writes, and for the word that the primary holds it.
 *
 * @param administrator of the server while it is ready: only then can be told what was written since
 */
export async function findHandBack(
  { container, dumps, database }: Place,
  data: SeenData | undefined,
  administrator: Login | undefined,
  previous: StateDocument | undefined,
  signal: AbortSignal,
): Promise<Found> {
  if (data?.tenure !== "own") return {};
  const manifest = data.paused === undefined ? undefined : await findCopy(dumps.store, data.paused, signal);
  const written = manifest && administrator ? await database.written(administrator, manifest) : [];
  const { asked, notice } = await findRequest(container, signal);
  return {
    ...(manifest && { copy: copyOf(manifest, written) }),
    ...(asked && releaseOf(asked, administrator, previous)),
    ...(notice !== undefined && { notice }),
  };
}

export function copyOf({ dump, frozen, sealedAt }: Manifest, written: string[] = []): SeenCopy {
  return { dump, gtid: frozen.gtid, at: sealedAt, written };
}

/** One that is carried out is none any more; one that was refused is not tried again while nothing can have changed. */
function releaseOf(
  { dump, requestedAt }: ReleaseDocument,
  administrator: Login | undefined,
  previous: StateDocument | undefined,
): { release?: SeenRelease } {
  const answer = previous?.release?.requestedAt === requestedAt ? previous.release : undefined;
  if (answer?.status === "released") return {};
  const refused = !administrator && answer?.status === "refused" ? answer.reason : undefined;
  return { release: { dump, requestedAt, ...(refused !== undefined && { refused }) } };
}

/** The last copy of a store that was found whole: to look at its files takes many requests, and they never change. */
const whole = new WeakMap<DumpStore, Manifest>();

/** The whole copy of that name; undefined when there is none, or not all of it. */
async function findCopy(store: DumpStore, dump: string, signal: AbortSignal): Promise<Manifest | undefined> {
  const name = dumpNames(STANDBY_COPY, dump).manifest;
  if (!(await store.list(name, signal)).some((each) => each.name === name)) return undefined;
  const known = whole.get(store);
  if (known?.dump === dump) return known;
  const { manifest, faults } = await lookAt(store, { kind: STANDBY_COPY, dump, begunAt: momentOf(dump) }, signal);
  if (!manifest || faults.length > 0) return undefined;
  whole.set(store, manifest);
  return manifest;
}

async function findRequest(
  container: ContainerClient,
  signal: AbortSignal,
): Promise<{ asked?: ReleaseDocument; notice?: string }> {
  const text = await textIfThere(container.getBlobClient(RELEASE_BLOB), signal);
  try {
    return text === undefined ? {} : { asked: readRelease(text) };
  } catch (error) {
    return { notice: (error as Error).message };
  }
}
