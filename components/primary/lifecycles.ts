import { ABANDONED_UPLOADS, type LifecycleRule } from "../private-bucket.ts";

/** Days after which what was overwritten or deleted is hardly asked for any more. */
const COLD_AFTER_DAYS = 30;

/**
 * What becomes of the content's former versions; a current one is never touched. A lock that is longer has its
 * way: S3 waits for its end.
 *
 * The cold class is Glacier Instant Retrieval: dear to read, but at once, as in a disaster it must be.
 *
 * @param noncurrentDays days after which a former version is gone for good
 */
export function contentLifecycle(noncurrentDays: number): LifecycleRule[] {
  const cold = [{ noncurrentDays: COLD_AFTER_DAYS, storageClass: "GLACIER_IR" }];
  return [
    ABANDONED_UPLOADS,
    {
      id: "former-versions",
      status: "Enabled",
      filter: {},
      noncurrentVersionExpiration: { noncurrentDays },
      // S3 takes a move only before the end.
      ...(noncurrentDays > COLD_AFTER_DAYS ? { noncurrentVersionTransitions: cold } : {}),
      // A deletion's mark goes when nothing is left that it hides.
      expiration: { expiredObjectDeleteMarker: true },
    },
  ];
}

/** What becomes of a log: gone after its days. In a versioned bucket that takes a second step, a day later. */
export function logLifecycle(retentionDays: number): LifecycleRule[] {
  return [
    ABANDONED_UPLOADS,
    {
      id: "old-logs",
      status: "Enabled",
      filter: {},
      expiration: { days: retentionDays },
      noncurrentVersionExpiration: { noncurrentDays: 1 },
    },
  ];
}
