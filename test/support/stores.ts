import type { TokenCredential } from "@azure/identity";
import type { ContainerClient } from "@azure/storage-blob";
import { BlobClient } from "../../lambdas/objects/blob-client.ts";
import { BlobStore } from "../../lambdas/objects/blob-store.ts";
import { Budget } from "../../lambdas/objects/budget.ts";
import { CONTENT_BYTES } from "../../lambdas/objects/sizes.ts";

/**
 * The container that a client of Azure's SDK is of, as the replicator speaks to it, with the same rights.
 *
 * @param warnings gets what the store warns of
 */
export function blobStore({ url, credential }: ContainerClient, warnings: string[] = []): BlobStore {
  return new BlobStore(new BlobClient(url, credential as TokenCredential), (problem) => warnings.push(problem));
}

/** As much memory as a function has for content. */
export function smallBudget(): Budget {
  return new Budget(CONTENT_BYTES);
}
