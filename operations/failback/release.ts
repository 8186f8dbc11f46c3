import { hostname, userInfo } from "node:os";
import type { ContainerClient } from "@azure/storage-blob";
import { RELEASE_BLOB, type ReleaseDocument } from "../../lambdas/standby/release-document.ts";
import type { SeenState } from "../database/control.ts";

/** Says that the primary holds a copy. @param now by the clock of this machine, after the load */
export function newRelease(dump: string, now = new Date()): ReleaseDocument {
  return { version: 1, dump, requestedAt: now.toISOString(), by: `${userInfo().username}@${hostname()}` };
}

/** Tells the controller, in place of whatever was said before. @param container the control container */
export async function requestRelease(
  container: ContainerClient,
  request: ReleaseDocument,
  abortSignal: AbortSignal,
): Promise<void> {
  const text = `${JSON.stringify(request, undefined, 2)}\n`;
  await container.getBlockBlobClient(RELEASE_BLOB).upload(text, Buffer.byteLength(text), {
    abortSignal,
    blobHTTPHeaders: { blobContentType: "application/json" },
  });
}

/**
 * Whether the copy that all is waiting for stands: of a server that takes no writes, and has none that are not in it.
 *
 * @returns its id; undefined while there is none
 */
export function handedBackIn({ handedBack }: Pick<SeenState, "handedBack">): string | undefined {
  return handedBack?.dump;
}

/**
 * Whether a release is through. A standby without a server in its plan has nothing to release.
 *
 * @throws Error when it was refused
 */
export function isReleased({ planned, release }: SeenState, { dump, requestedAt }: ReleaseDocument): boolean {
  if (planned && !planned.database) return true;
  if (release?.requestedAt !== requestedAt) return false;
  if (release.status === "refused") throw new Error(`the standby is not released from ${dump}: ${release.reason}`);
  return release.status === "released";
}
