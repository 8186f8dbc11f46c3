import type { BlobItem, ContainerClient } from "@azure/storage-blob";
import { fromBlobMetadata } from "../../lambdas/objects/metadata.ts";
import type { Version } from "./restore-plan.ts";

/** Metadata of a restored blob: id of the version that it was copied from. */
export const RESTORED_FROM = "dr_restored";

/** A blob with all its versions. */
export interface Versioned {
  /** The blob's own name, which may differ from the key. */
  name: string;
  versions: Version[];
}

/**
 * The blobs whose names begin with a prefix, one at a time: Azure lists all versions of a blob one after the other, so
 * no more is held than one page of them.
 */
export async function* listVersions(
  container: ContainerClient,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<Versioned> {
  const items = container.listBlobsFlat({
    prefix,
    includeVersions: true,
    includeMetadata: true,
    includeDeleted: true,
    abortSignal: signal,
  });
  let group: BlobItem[] = [];
  for await (const item of items) {
    const [first] = group;
    if (first && first.name !== item.name) {
      yield versionedOf(group);
      group = [];
    }
    group.push(item);
  }
  if (group.length > 0) yield versionedOf(group);
}

function versionedOf(items: readonly BlobItem[]): Versioned {
  return { name: items[0]?.name ?? "", versions: items.map(versionOf) };
}

function versionOf({ versionId = "", isCurrentVersion, deleted, metadata = {}, properties }: BlobItem): Version {
  return {
    id: versionId,
    current: isCurrentVersion ?? false,
    deleted: deleted ?? false,
    etag: properties.etag.replaceAll('"', ""),
    bytes: properties.contentLength ?? 0,
    gone: fromBlobMetadata(metadata).gone,
    restoredFrom: metadata[RESTORED_FROM],
    metadata,
  };
}
