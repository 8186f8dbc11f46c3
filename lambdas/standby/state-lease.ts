import { type BlockBlobClient, RestError } from "@azure/storage-blob";
import { blobText } from "./blob-text.ts";

/** How long a run that was killed keeps others away; Azure leases for 15 to 60 seconds ("Lease Blob"). */
const LEASE_SECONDS = 30;

/** How long writing the state may take; a run ends so much before its lease. */
const WRITE_MILLISECONDS = 5000;

/** How long a run may take before it writes the state. */
export const RUN_MILLISECONDS = LEASE_SECONDS * 1000 - WRITE_MILLISECONDS;

/** The sole right to act and to write the state, for as long as it is held. */
export interface StateLease extends AsyncDisposable {
  /** The state as it is; empty before the first run. */
  read(): Promise<string>;
  write(text: string): Promise<void>;
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
    write: async (text) => {
      await blob.upload(text, Buffer.byteLength(text), {
        conditions: { leaseId: lease.leaseId },
        // Not the run's own signal: that its time was up must be written down too.
        abortSignal: AbortSignal.timeout(WRITE_MILLISECONDS),
        blobHTTPHeaders: { blobContentType: "application/json" },
      });
    },
    [Symbol.asyncDispose]: async () => {
      await lease.releaseLease();
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
