import type { Listed } from "./store.ts";

/** How one key differs between the sides. `foreign`: the standby wrote it itself, and it is not compared. */
export interface Difference {
  key: string;
  kind: "missing" | "different" | "extra" | "foreign";
  /** In words. */
  why: string;
}

/** Whether the replicator can mend it: what the standby wrote itself it would only set aside. */
export function isReplicators({ kind }: Difference): boolean {
  return kind !== "foreign";
}

/** Whether a copy is of its source; undefined when it is. */
export function agreement(
  source: Listed,
  copy: Pick<Listed, "bytes" | "record" | "gone" | "md5"> | undefined,
): Difference | undefined {
  const { key } = source;
  if (!copy) return { key, kind: "missing", why: "there is no copy" };
  const { record } = copy;
  if (!record) return { key, kind: "foreign", why: "the standby wrote it, or hid it, itself" };
  if (copy.gone) return { key, kind: "missing", why: "the copy is hidden" };
  const differs = (why: string): Difference => ({ key, kind: "different", why });
  if (record.etag !== source.etag) return differs(`the copy is of ETag ${record.etag}, the source's is ${source.etag}`);
  if (record.modified.getTime() !== source.modified.getTime()) {
    return differs(
      `the copy is of ${record.modified.toISOString()}, the source is of ${source.modified.toISOString()}`,
    );
  }
  if (copy.bytes !== source.bytes) return differs(`the copy has ${copy.bytes} bytes, the source ${source.bytes}`);
  if (
    copy.md5 &&
    /^[0-9a-f]{32}$/.test(source.etag) &&
    record.checksum?.algorithm === "md5" &&
    copy.md5 !== record.checksum.value
  ) {
    return differs(`the copy's bytes have the MD5 ${copy.md5}, the source's ${record.checksum.value}`);
  }
  return undefined;
}
