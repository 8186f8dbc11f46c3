import { type ContainerClient, RestError } from "@azure/storage-blob";
import { blobText } from "../../lambdas/standby/blob-text.ts";
import { OPERATOR_BLOB, type Operator, operatorText, readOperator } from "./operator.ts";

/** How long a command that was killed keeps others away; Azure's most ("Lease Blob": 15 to 60 seconds). */
const LEASE_SECONDS = 60;

/** From one renewal to the next, in milliseconds: one may fail, and the next still comes in time. */
const RENEWAL = 15_000;

/** The sole right to operate a workload's standby. */
export interface OperationLease extends AsyncDisposable {
  /** Ends when the right is lost, or may be. */
  signal: AbortSignal;
}

/**
 * Takes the sole right to operate.
 *
 * @throws Error that names who has it
 */
export async function takeLease(
  container: ContainerClient,
  operator: Operator,
  abortSignal: AbortSignal,
): Promise<OperationLease> {
  const blob = container.getBlockBlobClient(OPERATOR_BLOB);
  const lease = blob.getBlobLeaseClient();
  await blob.upload("", 0, { conditions: { ifNoneMatch: "*" }, abortSignal }).catch((error) => {
    if (!["BlobAlreadyExists", "LeaseIdMissing"].includes(codeOf(error) ?? "")) throw error;
  });
  try {
    await lease.acquireLease(LEASE_SECONDS, { abortSignal });
  } catch (error) {
    if (codeOf(error) !== "LeaseAlreadyPresent") throw error;
    throw new Error(
      `expected to be the only one at work, found ${describe(await blobText(blob, abortSignal))}. Wait for it, and run this ` +
        `again: it goes on where things stand. What was killed keeps others away for ${LEASE_SECONDS} s`,
    );
  }
  // One that is lost is somebody else's already; one that can't be reached ends by itself.
  const release = async () =>
    void (await lease.releaseLease({ abortSignal: AbortSignal.timeout(RENEWAL) }).catch(() => {}));
  const text = operatorText(operator);
  try {
    await blob.upload(text, Buffer.byteLength(text), { conditions: { leaseId: lease.leaseId }, abortSignal });
  } catch (error) {
    // Nobody operates: who comes next is not to wait for it.
    await release();
    throw error;
  }
  return renewed(() => lease.renewLease({ abortSignal: AbortSignal.timeout(RENEWAL) }), release);
}

/** Renews until it is disposed of; two failures in a row are not survived by the lease for sure. */
function renewed(renew: () => Promise<unknown>, release: () => Promise<void>): OperationLease {
  const lost = new AbortController();
  let renewedAt = performance.now();
  const timer = setInterval(async () => {
    try {
      await renew();
      renewedAt = performance.now();
    } catch (error) {
      if (performance.now() - renewedAt < LEASE_SECONDS * 1000 - RENEWAL && !wasRefused(error)) return;
      lost.abort(new Error(`the right to operate can't be renewed (${(error as Error).message}); run this again`));
    }
  }, RENEWAL);
  timer.unref();
  return {
    signal: lost.signal,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await release();
    },
  };
}

function describe(text: string): string {
  const found = readOperator(text);
  return found
    ? `${found.by} at \`${found.operation}\` since ${found.startedAt}`
    : "somebody else, who has not said what they do";
}

/** Whether the service itself said no; a network that fails has a code too, but no status. */
function wasRefused(error: unknown): boolean {
  const { statusCode = 0 } = error instanceof RestError ? error : {};
  return statusCode >= 400 && statusCode < 500;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof RestError ? error.code : undefined;
}
