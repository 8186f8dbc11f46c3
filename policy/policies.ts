import type { Policies } from "@pulumi/policy";
import { copiesKept } from "./copies-kept.ts";
import { dataProtected } from "./data-protected.ts";
import { dnsFailover } from "./dns-failover.ts";
import { drillsNotStale } from "./drills-not-stale.ts";
import { encryptionAtRest } from "./encryption-at-rest.ts";
import { encryptionInTransit } from "./encryption-in-transit.ts";
import { leastPrivilege } from "./least-privilege.ts";
import { noPublicData } from "./no-public-data.ts";
import { noSharedKeys } from "./no-shared-keys.ts";
import { noSingleDeleter } from "./no-single-deleter.ts";
import { oneCloudPerSite } from "./one-cloud-per-site.ts";
import { regionsApart } from "./regions-apart.ts";
import { replicationWired } from "./replication-wired.ts";
import { standbyOnItsOwn } from "./standby-on-its-own.ts";
import { standbySized } from "./standby-sized.ts";
import { tagged } from "./tagged.ts";
import { vpnCryptoEqual } from "./vpn-crypto-equal.ts";
import { workloadRegistered } from "./workload-registered.ts";

/** All policies of the pack, in the order of docs/policies.md. */
export const POLICIES = [
  encryptionAtRest,
  encryptionInTransit,
  noPublicData,
  noSharedKeys,
  leastPrivilege,
  copiesKept,
  dataProtected,
  replicationWired,
  dnsFailover,
  vpnCryptoEqual,
  oneCloudPerSite,
  regionsApart,
  standbySized,
  standbyOnItsOwn,
  workloadRegistered,
  drillsNotStale(),
  tagged,
  noSingleDeleter,
] as const satisfies Policies;
