import type { Policies } from "@pulumi/policy";
import { drillsNotStale } from "./drills-not-stale.ts";
import { encryptionAtRest } from "./encryption-at-rest.ts";
import { encryptionInTransit } from "./encryption-in-transit.ts";
import { noPublicData } from "./no-public-data.ts";
import { auditKnown, noSingleDeleter } from "./no-single-deleter.ts";
import { oneCloudPerSite } from "./one-cloud-per-site.ts";

/** All policies of the pack, in the order of docs/policies.md. */
export const POLICIES = [
  encryptionAtRest,
  encryptionInTransit,
  noPublicData,
  oneCloudPerSite,
  drillsNotStale(),
  noSingleDeleter,
  auditKnown,
] as const satisfies Policies;
