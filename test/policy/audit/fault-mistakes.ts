import type { AuditResource } from "../../../policy/audit/resources.ts";
import { allow, drop, edit, principalOf } from "../../support/estates.ts";
import type { Mistake } from "./mistake.ts";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/12345678-1111-4222-8333-444455556666";
const byKey = {
  rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY } }],
};
const immutable = (state: string, days: number) => ({
  immutableStorageWithVersioning: {
    enabled: true,
    immutabilityPolicy: { immutabilityPeriodSinceCreationInDays: days, state },
  },
});
const database = "shop-database-server";
const props = (name: string, change: Record<string, unknown>) => ({ resources: edit(name, () => change) });
const each =
  (...changes: ((resources: AuditResource[]) => AuditResource[])[]) =>
  (resources: AuditResource[]) =>
    changes.reduce((all, change) => change(all), resources);

/** Mistakes that are one of a copy, a machine, a state or a pipeline. */
export const FAULTS: Mistake[] = [
  {
    name: "no lock on the content",
    rule: "copy-without-lock",
    subject: "shop-content-bucket",
    resources: drop("shop-content-lock"),
  },
  {
    name: "no lock on the dumps",
    rule: "copy-without-lock",
    subject: "shop-dumps-bucket",
    resources: drop("shop-dumps-lock"),
  },
  {
    name: "no lock on the vault",
    rule: "copy-without-lock",
    subject: "shop-backups-vault",
    resources: drop("shop-backups-lock"),
  },
  {
    name: "no immutability on Azure",
    rule: "copy-without-lock",
    subject: "shop-dumps-account",
    ...props("shop-dumps-account", { immutableStorageWithVersioning: { enabled: true } }),
  },
  {
    name: "an object lock of three days",
    rule: "lock-too-short",
    subject: "shop-content-bucket",
    ...props("shop-content-lock", { rule: { defaultRetention: { mode: "COMPLIANCE", days: 3 } } }),
  },
  {
    name: "a vault lock of two days",
    rule: "lock-too-short",
    subject: "shop-backups-vault",
    ...props("shop-backups-lock", { minRetentionDays: 2 }),
  },
  {
    name: "an immutability of one day",
    rule: "lock-too-short",
    subject: "shop-content-account",
    ...props("shop-content-account", immutable("Locked", 1)),
  },
  {
    name: "versions are off in S3",
    rule: "copy-without-versions",
    subject: "shop-content-bucket",
    ...props("shop-content-versioning", { versioningConfiguration: { status: "Suspended" } }),
  },
  {
    name: "versions are off on Azure",
    rule: "copy-without-versions",
    subject: "shop-content-account",
    ...props("shop-content-service", { isVersioningEnabled: false }),
  },
  {
    name: "shared keys on an account with copies",
    rule: "shared-keys-allowed",
    subject: "shop-content-account",
    ...props("shop-content-account", { allowSharedKeyAccess: true }),
  },
  {
    name: "no soft delete on Azure",
    rule: "soft-delete-too-short",
    subject: "shop-dumps-account",
    ...props("shop-dumps-service", { deleteRetentionPolicy: { enabled: false } }),
  },
  {
    name: "what is deleted can be purged",
    rule: "permanent-delete-allowed",
    subject: "shop-dumps-account",
    ...props("shop-dumps-service", { deleteRetentionPolicy: { enabled: true, days: 30, allowPermanentDelete: true } }),
  },
  {
    name: "protectData was left at false",
    rule: "copy-not-protected",
    subject: "shop-content-bucket",
    resources: (all) => all.map((resource) => ({ ...resource, protect: false })),
  },
  {
    name: "a bucket that is emptied when it goes",
    rule: "copy-force-destroy",
    subject: "shop-dumps-bucket",
    ...props("shop-dumps-bucket", { forceDestroy: true }),
  },
  {
    name: "a database without deletion protection",
    rule: "deletion-protection-off",
    subject: database,
    ...props(database, { deletionProtection: false }),
  },
  {
    name: "a database with backups of a day",
    rule: "backups-off",
    subject: database,
    ...props(database, { backupRetentionPeriod: 1 }),
  },
  {
    name: "a database without a last snapshot",
    rule: "no-final-snapshot",
    subject: database,
    ...props(database, { skipFinalSnapshot: true }),
  },
  {
    name: "a lifecycle that empties the content",
    rule: "lifecycle-too-short",
    subject: "shop-content-bucket",
    ...props("shop-content-lifecycle", { rules: [{ status: "Enabled", expiration: { days: 1 } }] }),
  },
  {
    name: "a lifecycle that empties the dumps on Azure",
    rule: "lifecycle-too-short",
    subject: "shop-dumps-account",
    ...props("shop-dump-retention-policy", {
      policy: {
        rules: [
          { enabled: true, definition: { actions: { baseBlob: { delete: { daysAfterCreationGreaterThan: 1 } } } } },
        ],
      },
    }),
  },
  {
    name: "a bucket that lets the world write",
    rule: "copy-open-to-all",
    subject: "shop-dumps-bucket",
    ...props("shop-dumps-policy", {
      policy: JSON.stringify({ Statement: { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*" } }),
    }),
  },
  {
    name: "one key for all copies",
    rule: "shared-encryption-key",
    subject: KEY,
    resources: each(
      edit("shop-content-encryption", () => byKey),
      edit("shop-dumps-encryption", () => byKey),
    ),
  },
  {
    name: "a writer that may delete, on Azure",
    rule: "machine-may-delete",
    subject: "identity shop-content-writer-identity",
    resources: edit("shop-content-writer-role", () => ({
      permissions: [
        { actions: [], dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*"] },
      ],
    })),
  },
  {
    name: "a writer that may delete, on AWS",
    rule: "machine-may-delete",
    subject: "role shop-dump-dump-role",
    resources: edit("shop-dump-dump-rights", () => ({ policy: JSON.stringify(allow("s3:*")) })),
  },
  {
    name: "a state without a lock",
    rule: "state-without-lock",
    subject: "state all",
    people: (people) => void Object.assign(people.states.all ?? {}, { locked: false }),
  },
  {
    name: "a pipeline that runs what one person writes",
    rule: "pipeline-without-approval",
    subject: "deploy-prod",
    people: (people) => void Object.assign(principalOf(people, "deploy-prod").changedBy, { approvals: 0 }),
  },
  {
    name: "a vault that nothing is backed up into",
    rule: "vault-without-backups",
    subject: "shop-backups-vault",
    ...props("shop-backups-selection", { resources: [] }),
  },
  {
    name: "no copy on the other cloud",
    rule: "one-cloud-only",
    subject: "shop content",
    resources: (all) => all.filter(({ stack }) => stack === "prod"),
  },
  { name: "no stack that holds anything", rule: "no-copies", subject: "the stacks", resources: () => [] },
];
