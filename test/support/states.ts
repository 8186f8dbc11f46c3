import type { SourceRecord, State } from "../../lambdas/objects/store.ts";

/** What stands under a key, but for what a test says: a small text that users wrote. */
export function stateWith(more: Partial<State> = {}): State {
  return {
    etag: "one",
    version: "1",
    bytes: 3,
    modified: new Date("2026-11-21T10:00:00Z"),
    headers: {},
    metadata: {},
    tags: {},
    gone: false,
    ...more,
  };
}

/** What a copy of this state carries. */
export function recordOf({ etag, version, bytes, modified, checksum }: State): SourceRecord {
  return { etag, version, bytes, modified, checksum };
}
