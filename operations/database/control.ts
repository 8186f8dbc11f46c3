import { type ContainerClient, RestError } from "@azure/storage-blob";
import { z } from "zod";
import { blobText } from "../../lambdas/standby/blob-text.ts";
import { releaseAnswer } from "../../lambdas/standby/release-document.ts";
import {
  RESTORE_BLOB,
  type RestoreDocument,
  readRestore,
  restoreAnswer,
} from "../../lambdas/standby/restore-document.ts";
import { STATE_BLOB } from "../../lambdas/standby/state-document.ts";

/**
 * What is read of the controller's state. Whatever else it tells is passed over: the controller that runs may be older or
 * newer than this command, and in a disaster it must be understood all the same.
 */
const seenState = z.object({
  status: z.string(),
  detail: z.string(),
  at: z.string(),
  planned: z
    .object({
      database: z
        .object({ target: z.enum(["stopped", "running", "promoted"]), follows: z.enum(["dumps", "primary", "nobody"]) })
        .optional(),
    })
    .optional(),
  data: z
    .object({
      loaded: z.string().optional(),
      begun: z.object({ dump: z.string(), swapping: z.boolean() }).optional(),
      tenure: z.enum(["own", "lent"]).optional(),
      restored: z.string().optional(),
      paused: z.string().optional(),
      replication: z
        .object({
          state: z.enum(["following", "connecting", "stopped", "broken"]),
          lagSeconds: z.number().optional(),
          lastError: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
  loading: z.object({ dump: z.string(), phase: z.string(), done: z.number(), of: z.number() }).optional(),
  copying: z.object({ dump: z.string(), done: z.number(), of: z.number() }).optional(),
  handedBack: z.object({ dump: z.string(), gtid: z.string(), at: z.string() }).optional(),
  restore: restoreAnswer.optional(),
  release: releaseAnswer.optional(),
  contentSince: z.string().optional(),
  setAside: z.array(z.object({ dump: z.string(), reason: z.string() })).default([]),
  lastError: z.object({ message: z.string(), at: z.string() }).optional(),
});
export type SeenState = z.infer<typeof seenState>;

/** What is read of the proof of a load. */
const seenProof = z.object({ dump: z.string(), rows: z.number(), differences: z.array(z.string()) });
export type SeenProof = z.infer<typeof seenProof>;

/** The control container, by which an operator and the controller speak with each other. */
export class Control {
  readonly #container: ContainerClient;

  constructor(container: ContainerClient) {
    this.#container = container;
  }

  /** How the controller stands. @throws Error when it never said, or says what is none */
  async state(signal: AbortSignal): Promise<SeenState> {
    const text = await this.#read(STATE_BLOB, signal);
    if (!text) {
      throw new Error(
        `expected the controller's state ${STATE_BLOB} in ${this.#container.url}, found none: it has never run. It runs each ` +
          "minute once `pulumi up --stack dr` is through; see its log (output controllerName)",
      );
    }
    const state = seenState.safeParse(parsed(text));
    if (state.success) return state.data;
    throw new Error(`expected the controller's state in ${STATE_BLOB}, found:\n${z.prettifyError(state.error)}`);
  }

  /** What was found when a dump was loaded; undefined where it is told of another one, or of none. */
  async proof(dump: string, signal: AbortSignal): Promise<SeenProof | undefined> {
    // Loaded here only, for it brings along all that the controller does.
    const { PROOF_BLOB } = await import("../../lambdas/standby/steps.ts");
    const text = await this.#read(PROOF_BLOB, signal);
    const proof = seenProof.safeParse(parsed(text ?? ""));
    return proof.success && proof.data.dump === dump ? proof.data : undefined;
  }

  /** The last request; undefined when there never was one, or it can't be read. */
  async request(signal: AbortSignal): Promise<RestoreDocument | undefined> {
    const text = await this.#read(RESTORE_BLOB, signal);
    try {
      return text === undefined ? undefined : readRestore(text);
    } catch {
      // The controller refuses it; the next one goes over it.
      return undefined;
    }
  }

  /** Asks the controller for a restore, in place of whatever was asked before. */
  async ask(request: RestoreDocument, abortSignal: AbortSignal): Promise<void> {
    const text = `${JSON.stringify(request, undefined, 2)}\n`;
    await this.#container
      .getBlockBlobClient(RESTORE_BLOB)
      .upload(text, Buffer.byteLength(text), {
        abortSignal,
        blobHTTPHeaders: { blobContentType: "application/json" },
      })
      .catch((error) => {
        throw whyRefused(error, "write", this.#container.url);
      });
  }

  /** The text of a blob; undefined when there is none. */
  async #read(name: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      return await blobText(this.#container.getBlobClient(name), signal);
    } catch (error) {
      if (error instanceof RestError && error.statusCode === 404) return undefined;
      throw whyRefused(error, "read", this.#container.url);
    }
  }
}

/** What is the matter when Azure refuses; others' errors are as they are. */
function whyRefused(error: unknown, doing: "read" | "write", url: string): unknown {
  if (!(error instanceof RestError) || (error.statusCode !== 401 && error.statusCode !== 403)) return error;
  const role = doing === "read" ? "Storage Blob Data Reader" : "Storage Blob Data Contributor";
  return new Error(
    `expected the right to ${doing} ${url}, found none (${error.code}); give yourself the role ${role} on that container`,
    { cause: error },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
