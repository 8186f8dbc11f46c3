import type { AccessToken, TokenCredential } from "@azure/identity";
import { type BlockBlobClient, type ContainerClient, RestError } from "@azure/storage-blob";
import { STORAGE_SCOPE } from "../../lambdas/objects/blob-client.ts";
import { TOMBSTONE_TAG } from "../../lambdas/objects/blob-headers.ts";
import { fromBlobMetadata, toBlobMetadata } from "../../lambdas/objects/metadata.ts";
import { blobNameOf, blobPrefixOf, keyOf } from "../../lambdas/objects/names.ts";
import { forEachOf } from "../../lambdas/shared/parallel.ts";
import { originOf, restoreStep, type Step, type Version } from "./restore-plan.ts";
import type { Copies } from "./sites.ts";
import { listVersions, RESTORED_FROM } from "./versions.ts";

/** Requests in flight at once. */
const PARALLEL = 32;

/** The most that Azure copies in one request ("Put Blob From URL"); more, it copies in the background. */
const ONE_REQUEST_BYTES = 5000 * 1024 * 1024;

/** Milliseconds for which a token is used: Azure gives none out that ends sooner. */
const TOKEN_KEPT = 240_000;

/** Azure's words for: the blob is no longer as it was listed. */
const OVERTAKEN = ["ConditionNotMet", "BlobAlreadyExists", "TargetConditionNotMet"];

/** A key, and what brings it to what it was. */
export interface KeyStep {
  key: string;
  /** Name of its blob. */
  blobName: string;
  step: Step;
}

/** What is restored: keys that begin with a prefix, or exactly one. */
export type Scope = { prefix: string } | { key: string };

/** What has to be done for each key of a scope, one at a time. */
export async function* planRestore(
  container: ContainerClient,
  scope: Scope,
  at: Date,
  signal: AbortSignal,
): AsyncGenerator<KeyStep> {
  const exact = "key" in scope;
  const prefix = exact ? blobNameOf(scope.key) : blobPrefixOf(scope.prefix);
  for await (const { name: blobName, versions } of listVersions(container, prefix, signal)) {
    const key = keyOf(blobName);
    // Names come in their order, and the shortest of those that begin with a name is the name itself.
    if (exact && key !== scope.key) return;
    if (!exact && !key.startsWith(scope.prefix)) continue;
    yield { key, blobName, step: restoreStep(versions, at) };
  }
}

/** How often what was done. */
export interface Done {
  copied: number;
  hidden: number;
  /** Keys that are not yet what they were. */
  left: number;
  /** Some of them. */
  named: { key: string; reason: string }[];
}

/** Keys of which the reason is kept. */
const NAMED = 20;

/**
 * Takes the steps, each on condition that the blob still is as it was listed. A key that fails holds up no other.
 *
 * @throws Error at the first key when the operator may not write
 */
export async function restore(
  { container, credential }: Pick<Copies, "container" | "credential">,
  steps: AsyncIterable<KeyStep>,
  onProgress: (done: Done) => void,
  signal: AbortSignal,
): Promise<Done> {
  const done: Done = { copied: 0, hidden: 0, left: 0, named: [] };
  const leave = (key: string, reason: string) => {
    done.left += 1;
    if (done.named.length < NAMED) done.named.push({ key, reason });
  };
  const token = bearer(credential);
  await forEachOf(steps, PARALLEL, async (one) => {
    const { key, step } = one;
    if (step.do === "nothing") return;
    if (step.do === "refuse") return leave(key, step.reason);
    try {
      await take(container, token, one, signal);
      done[step.do === "copy" ? "copied" : "hidden"] += 1;
    } catch (error) {
      signal.throwIfAborted();
      leave(key, whyLeft(error as Error));
    }
    onProgress(done);
  });
  return done;
}

/** @throws Error when it is the same for every key */
function whyLeft(error: Error): string {
  if (!(error instanceof RestError)) return error.message;
  const { code = "", statusCode, message } = error;
  if (statusCode === 401 || statusCode === 403) {
    throw new Error(
      `expected the right to write the copies, found none (${code}); give yourself the role Storage Blob Data Owner on ` +
        "the container for as long as this takes",
    );
  }
  return OVERTAKEN.includes(code) ? "somebody wrote it meanwhile" : message;
}

async function take(
  container: ContainerClient,
  token: () => Promise<string>,
  { blobName, step }: KeyStep,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const blob = container.getBlockBlobClient(blobName);
  if (step.do === "hide") await hide(blob, step.over, signal);
  if (step.do === "copy") await copy(blob, step, token, signal);
}

/** Shows nothing under the name any more, as the replicator does it; what was there stays as a former version. */
async function hide(blob: BlockBlobClient, over: string, abortSignal: AbortSignal): Promise<void> {
  await blob.upload("", 0, {
    conditions: { ifMatch: `"${over}"` },
    metadata: toBlobMetadata({ headers: {}, metadata: {}, tags: {}, gone: true }),
    tags: TOMBSTONE_TAG,
    abortSignal,
  });
}

/** Copies a version over what is there, within the account; nothing crosses this machine. */
async function copy(
  blob: BlockBlobClient,
  { from, over }: Extract<Step, { do: "copy" }>,
  token: () => Promise<string>,
  abortSignal: AbortSignal,
): Promise<void> {
  const source = blob.withVersion(from.id).url;
  const options = {
    conditions: over === undefined ? { ifNoneMatch: "*" } : { ifMatch: `"${over}"` },
    metadata: ownMetadata(from),
    abortSignal,
  };
  if (from.bytes > ONE_REQUEST_BYTES) {
    const poller = await blob.beginCopyFromURL(source, options);
    const { copyStatus } = await poller.pollUntilDone();
    if (copyStatus !== "success") throw new Error(`the copy of version ${from.id} ended as ${copyStatus}`);
    return;
  }
  const sourceAuthorization = { scheme: "Bearer", value: await token() };
  await blob.syncUploadFromURL(source, { ...options, sourceAuthorization });
}

/**
 * Metadata of a restored blob: its users' own, and what it was restored from. Without a record of the primary's
 * object it belongs to the standby from now on, and the replicator never overwrites it.
 */
function ownMetadata(from: Version): Record<string, string> {
  const { headers, metadata, tags } = fromBlobMetadata(from.metadata);
  return { ...toBlobMetadata({ headers, metadata, tags }), [RESTORED_FROM]: originOf(from) };
}

/** A token, asked for every few minutes and not for each key: a sign-in by a command line takes a second each time. */
function bearer(credential: TokenCredential): () => Promise<string> {
  let token: Promise<AccessToken | null> | undefined;
  let good = 0;
  return async () => {
    if (Date.now() > good) {
      good = Date.now() + TOKEN_KEPT;
      token = credential.getToken(STORAGE_SCOPE);
    }
    return (await token)?.token ?? "";
  };
}
