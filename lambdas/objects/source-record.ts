/** Which state of the source a copy is of. */
export interface SourceRecord {
  /** ETag of the object, without its quotes. */
  etag: string;
  /** Version of the object; empty where the bucket has no versions. */
  versionId: string;
}

/** Metadata names of the record on a copy. Azure wants C# identifiers, and compares them without case. */
const ETAG = "sourceetag";
const VERSION = "sourceversion";

/** The record as metadata of a blob. */
export function toMetadata({ etag, versionId }: SourceRecord): Record<string, string> {
  return { [ETAG]: etag, [VERSION]: versionId || "none" };
}

/** The record of a copy; undefined when the blob was not written by the replicator. */
export function fromMetadata(metadata: Record<string, string> | undefined): SourceRecord | undefined {
  const etag = metadata?.[ETAG];
  const versionId = metadata?.[VERSION];
  if (!etag || !versionId) return undefined;
  return { etag, versionId: versionId === "none" ? "" : versionId };
}

/** Whether two records are of the same state of the source. */
export function sameState(one: SourceRecord, other: SourceRecord): boolean {
  return one.etag === other.etag && one.versionId === other.versionId;
}
