import { DUMP_KINDS, type DumpKind, MANIFESTS, WORK } from "../../lambdas/database/layout.ts";
import { ABANDONED_UPLOADS, type LifecycleRule } from "../private-bucket.ts";

/** Days for which a dump of each kind is kept. */
export type DumpDays = Record<DumpKind, number>;

/** What is needed only while a dump is made is kept for a week, for whoever looks into one that failed. */
const WORK_DAYS = 7;

/**
 * What becomes of dumps: each is gone after the days of its kind. A manifest goes a day before what it lists, so that
 * no dump is ever there in part. What a lock keeps longer stays until its end.
 */
export function dumpLifecycle(days: DumpDays): LifecycleRule[] {
  return [
    ABANDONED_UPLOADS,
    gone("work", WORK, WORK_DAYS),
    ...DUMP_KINDS.flatMap((kind) => [
      gone(`${kind}-manifests`, `${MANIFESTS}${kind}/`, days[kind]),
      gone(`${kind}-dumps`, `${kind}/`, days[kind] + 1),
    ]),
  ];
}

/** In a versioned bucket it takes a second step, a day later; the mark of the deletion S3 then drops by itself. */
function gone(id: string, prefix: string, days: number): LifecycleRule {
  return {
    id,
    status: "Enabled",
    filter: { prefix },
    expiration: { days },
    noncurrentVersionExpiration: { noncurrentDays: 1 },
  };
}
