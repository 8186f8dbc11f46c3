import { type BlockBlobClient, RestError } from "@azure/storage-blob";
import { blobText } from "./blob-text.ts";
import type { StateDocument } from "./state-document.ts";

/** How long a run that was killed keeps others away; Azure leases for 15 to 60 seconds ("Lease Blob"). */
const LEASE_SECONDS = 30;

/** How long writing the state may take; a run ends so much before its lease. */
const WRITE_MILLISECONDS = 5000;

/** How long a run may take before it writes the state. */
export const RUN_MILLISECONDS = LEASE_SECONDS * 1000 - WRITE_MILLISECONDS;

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

/** Leases the state, which is made if there is none; undefined while somebody else holds it. */
export async function leaseState(blob: BlockBlobClient, abortSignal: AbortSignal): Promise<StateLease | undefined> {
  const lease = blob.getBlobLeaseClient();
  const acquire = () => lease.acquireLease(LEASE_SECONDS, { abortSignal });
  try {
    await acquire().catch(async (error) => {
      if (codeOf(error) !== "BlobNotFound") throw error;
      await create(blob, abortSignal);
      await acquire();
    });
  } catch (error) {
    if (codeOf(error) === "LeaseAlreadyPresent") return undefined;
    throw error;
  }
  return {
    read: () => blobText(blob, abortSignal),
    write: async (state) => {
      const text = JSON.stringify(state, undefined, 2);
      const options = {
        conditions: { leaseId: lease.leaseId },
        // Not the run's own signal: that its time was up must be written down too.
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
