import { z } from "zod";
import { readDocument } from "../shared/document.ts";

/** Name of the request's blob in the control container. */
export const RELEASE_BLOB = "release.json";

/**
 * Says that the primary holds a copy of the standby's own writes. Nobody needs these at the standby any more, where
 * nothing was written since.
 */
export const releaseDocument = z.strictObject({
  version: z.literal(1),
  /** Id of the copy that was loaded into the primary. */
  dump: z.string().regex(/^\d{8}T\d{6}Z$/),
  /** Who asks, for people. @example "operator@workstation" */
  by: z.string(),
  /** By the operator's clock, in ISO 8601, after the load: dumps that the primary makes later have what was loaded. */
  requestedAt: z.iso.datetime(),
});
export type ReleaseDocument = z.infer<typeof releaseDocument>;

/** What became of the request, as the state tells it in `release`. `waiting`: the database is still declared lost. */
export const releaseAnswer = z.strictObject({
  dump: z.string(),
  requestedAt: z.string(),
  status: z.enum(["waiting", "released", "refused"]),
  reason: z.string().optional(),
});
export type ReleaseAnswer = z.infer<typeof releaseAnswer>;

/** Reads a request. @throws Error that names everything that is wrong with it */
export function readRelease(text: string): ReleaseDocument {
  const mend = "`npm run dr -- failback` writes it anew; without the blob there is no request";
  return readDocument(text, { schema: releaseDocument, name: RELEASE_BLOB, what: "a request of version 1", mend });
}
