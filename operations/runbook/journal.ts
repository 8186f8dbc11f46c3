import type { ContainerClient } from "@azure/storage-blob";
import { z } from "zod";
import { blobText } from "../../lambdas/standby/blob-text.ts";

/** Folder of the journals in the control container. */
const FOLDER = "operations/";

export const OPERATIONS = ["declare", "drill", "failback", "undeclare"] as const;
export type OperationName = (typeof OPERATIONS)[number];

const journalStep = z.object({
  id: z.string(),
  title: z.string(),
  /** `left`: it failed, and can wait. */
  status: z.enum(["due", "running", "done", "failed", "left"]),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  /** The step's last word. */
  said: z.string().optional(),
  error: z.string().optional(),
});
export type JournalStep = z.infer<typeof journalStep>;

/** What became of one operation, step by step; kept on Azure, where it outlives AWS and the operator's machine. */
export const journal = z.object({
  version: z.literal(1),
  name: z.enum(OPERATIONS),
  workload: z.string(),
  /** What was declared, where it is about that. */
  disaster: z.string().optional(),
  by: z.string(),
  why: z.string().optional(),
  /** Moments are by the operator's clock, in ISO 8601. */
  startedAt: z.string(),
  endedAt: z.string().optional(),
  status: z.enum(["running", "done", "failed"]),
  steps: z.array(journalStep),
  /** What it found, where it is a report too: a drill's. */
  report: z.record(z.string(), z.unknown()).optional(),
});
export type Journal = z.infer<typeof journal>;

/** The journals of a workload's operations, in the standby's control container. */
export class Journals {
  readonly #container: ContainerClient;

  constructor(container: ContainerClient) {
    this.#container = container;
  }

  async write(kept: Journal, abortSignal: AbortSignal): Promise<void> {
    const text = `${JSON.stringify(kept, undefined, 2)}\n`;
    await this.#container.getBlockBlobClient(nameOf(kept)).upload(text, Buffer.byteLength(text), {
      abortSignal,
      blobHTTPHeaders: { blobContentType: "application/json" },
    });
  }

  /** All that can be read, the newest first. */
  async list(abortSignal: AbortSignal): Promise<Journal[]> {
    const read = (await this.#names(abortSignal)).map((blob) => this.#read(blob, abortSignal));
    return (await Promise.all(read)).filter((each) => each !== undefined);
  }

  async #names(abortSignal: AbortSignal): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of this.#container.listBlobsFlat({ prefix: FOLDER, abortSignal })) names.push(name);
    return names.sort().toReversed();
  }

  /** One that a later version wrote, or that was damaged, hides no other. */
  async #read(blob: string, abortSignal: AbortSignal): Promise<Journal | undefined> {
    const text = await blobText(this.#container.getBlobClient(blob), abortSignal);
    try {
      return journal.parse(JSON.parse(text));
    } catch {
      return undefined;
    }
  }
}

/** Names sort by time. */
function nameOf({ startedAt, name }: Journal): string {
  return `${FOLDER}${startedAt.replaceAll(/[-:]/g, "")}-${name}.json`;
}
