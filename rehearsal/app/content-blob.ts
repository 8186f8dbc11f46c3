import type { Readable } from "node:stream";
import { ManagedIdentityCredential } from "@azure/identity";
import { ContainerClient, RestError } from "@azure/storage-blob";
import { fromBlobMetadata } from "../../lambdas/objects/metadata.ts";
import { blobNameOf } from "../../lambdas/objects/names.ts";
import { type Content, type Item, WELCOME } from "./content.ts";

/**
 * The container of the copies at the standby, read as the identity that the server has: under the names that the copies
 * have, and past what the primary has deleted, of which there are tombstones.
 */
export class BlobContent implements Content {
  readonly #container: ContainerClient;

  constructor(endpoint: string, container: string, identityClientId: string | undefined) {
    const credential = new ManagedIdentityCredential({ clientId: identityClientId ?? "" });
    this.#container = new ContainerClient(new URL(container, endpoint).href, credential);
  }

  async get(key: string, abortSignal?: AbortSignal): Promise<Item | undefined> {
    try {
      const found = await this.#container.getBlobClient(blobNameOf(key)).download(0, undefined, { abortSignal });
      if (fromBlobMetadata(found.metadata ?? {}).gone) {
        (found.readableStreamBody as Readable).destroy();
        return undefined;
      }
      return {
        body: found.readableStreamBody as Readable,
        type: found.contentType,
        length: found.contentLength,
      };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async check(abortSignal: AbortSignal): Promise<void> {
    try {
      await this.#container.getBlobClient(WELCOME).getProperties({ abortSignal });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}

/** A missing container is no empty one. The code is that of the header: an answer to HEAD has no body to have it in. */
function isMissing(error: unknown): boolean {
  return error instanceof RestError && (error.details as { errorCode?: string }).errorCode === "BlobNotFound";
}
