import { setTimeout as delay } from "node:timers/promises";
import { type BlobLeaseClient, type BlockBlobClient, RestError } from "@azure/storage-blob";
import { blobText } from "./blob-text.ts";
import type { StateDocument } from "./state-document.ts";

/** How long a run that was killed keeps others away; Azure leases for 15 to 60 seconds ("Lease Blob"). */
const LEASE_SECONDS = 30;

/** How long writing the state may take; a step ends so much before the lease. */
const WRITE_MILLISECONDS = 5000;

/** How long a step may take before the state is written. */
export const STEP_MILLISECONDS = LEASE_SECONDS * 1000 - WRITE_MILLISECONDS;

/** After so long a lease that nobody renews any more is over, and was asked for again. */
export const LEFT_LEASE_MILLISECONDS = LEASE_SECONDS * 1000 + WRITE_MILLISECONDS;

/** Between two questions for a lease that somebody else holds. */
const ASK_MILLISECONDS = 1000;

/** Azure's words for a lease that is another one now, or none any more ("Lease Blob", status 409). */
const LOST = ["LeaseIdMismatchWithLeaseOperation", "LeaseNotPresentWithLeaseOperation", "LeaseLost"];

/** The sole right to act and to write the state, for as long as it is held. */
export interface StateLease extends AsyncDisposable {
  /** The state as it is; empty before the first run. */
  read(): Promise<string>;
  /** @throws Error when the lease is lost, or Azure can't be reached */
  write(state: StateDocument): Promise<void>;
  /** Has the lease last as long as if it were new. @throws Error when it is lost, or may be */
  renew(): Promise<void>;
}

/**
 * Leases the state, which is made if there is none.
 *
 * @param patience how long a lease of somebody else's is waited for, in milliseconds
 * @returns undefined while somebody else holds it
 */
export async function leaseState(blob: BlockBlobClient, patience = 0): Promise<StateLease | undefined> {
  const lease = blob.getBlobLeaseClient();
  const deadline = performance.now() + patience;
  while (!(await acquire(blob, lease))) {
    if (performance.now() >= deadline) return undefined;
    await delay(ASK_MILLISECONDS);
  }
  return {
    read: () => blobText(blob, AbortSignal.timeout(STEP_MILLISECONDS)),
    write: async (state) => {
      const text = JSON.stringify(state, undefined, 2);
      const options = {
        conditions: { leaseId: lease.leaseId },
        // Not the step's own signal: that its time was up must be written down too.
        abortSignal: AbortSignal.timeout(WRITE_MILLISECONDS),
        blobHTTPHeaders: { blobContentType: "application/json" },
      };
      await blob.upload(text, Buffer.byteLength(text), options).catch((error: Error) => {
        throw new Error(`the state "${state.detail}" can't be written: ${error.message}`, { cause: error });
      });
    },
    renew: async () => {
      await lease.renewLease({ abortSignal: AbortSignal.timeout(WRITE_MILLISECONDS) });
    },
    [Symbol.asyncDispose]: async () => {
      // One that is lost is somebody else's already, or nobody's.
      await lease.releaseLease().catch((error) => {
        if (!LOST.includes(codeOf(error) ?? "")) throw error;
      });
    },
  };
}

/** @returns whether the lease was to be had */
async function acquire(blob: BlockBlobClient, lease: BlobLeaseClient): Promise<boolean> {
  const abortSignal = AbortSignal.timeout(STEP_MILLISECONDS);
  const ask = () => lease.acquireLease(LEASE_SECONDS, { abortSignal });
  try {
    await ask().catch(async (error) => {
      if (codeOf(error) !== "BlobNotFound") throw error;
      await create(blob, abortSignal);
      await ask();
    });
    return true;
  } catch (error) {
    if (codeOf(error) === "LeaseAlreadyPresent") return false;
    throw error;
  }
}

async function create(blob: BlockBlobClient, abortSignal: AbortSignal): Promise<void> {
  try {
    await blob.upload("", 0, { conditions: { ifNoneMatch: "*" }, abortSignal });
  } catch (error) {
    // Two first runs at once.
    if (codeOf(error) !== "BlobAlreadyExists" && codeOf(error) !== "LeaseIdMissing") throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof RestError ? error.code : undefined;
}
