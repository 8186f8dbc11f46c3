import { copiesPlan } from "../../../components/standby/copies-plan.ts";
import { storageAccountName } from "../../../components/standby/storage-name.ts";
import type { Cause } from "../../../policy/audit/copies/model.ts";
import type { PeopleFile } from "../../../policy/audit/people/schema.ts";
import type { AuditResource } from "../../../policy/audit/resources.ts";
import { allow, type Change, drop, edit, FIRM, principalOf } from "../../support/estates.ts";
import { outputsOf } from "../../support/mock-outputs.ts";

/** Something that somebody does wrong, and what the audit calls it. */
export interface Mistake extends Change {
  name: string;
  rule: string;
  subject?: string | RegExp;
  cause?: Cause;
  /** What was so before, and is no fault by itself. */
  given?: Change;
}

/** The account of the dumps, as the mocks name it. */
const DUMPS_ACCOUNT = storageAccountName(
  ["shop", copiesPlan("dumps").word],
  String(outputsOf("random:index/randomString:RandomString", "shop-dumps-suffix", { length: 8 }).state.result),
);

const immutable = (state: string, days = 30) => ({
  immutableStorageWithVersioning: {
    enabled: true,
    immutabilityPolicy: { immutabilityPeriodSinceCreationInDays: days, state },
  },
});
const LOCKED = immutable("Locked");
const UNLOCKED = immutable("Unlocked");
const GOVERNANCE = { rule: { defaultRetention: { mode: "GOVERNANCE", days: 14 } } };
const LOOSE = { changeableForDays: undefined };

const PERSON = "one-person-reaches-all";
const PIPELINE = "one-pipeline-reaches-all";

/** The account that the stacks are in. */
const primaryOf = ({ accounts }: PeopleFile) => {
  const { primary } = accounts;
  if (primary) return primary;
  throw new Error("expected an account named primary in the people file, found none");
};

/** Whoever may destroy on AWS whatever no lock keeps, and owns the standby; all others are as they were. */
const both = (people: PeopleFile): void => {
  const PrincipalArn = ["aws-administrator", "operator"].map((name) => `arn:aws:iam::*:role/${name}`);
  for (const statement of statements(people)) {
    statement.Condition = { ArnNotLike: { "aws:PrincipalArn": PrincipalArn } };
    if (statement.Sid === "KeepTheRole") statement.Resource = PrincipalArn;
  }
  const policies = [allow("s3:*", "rds:*", "backup:*", "kms:*")];
  const operator = principalOf(people, "operator");
  operator.aws = [{ account: "primary", signsInBy: "identity-center", policies }];
  // Who writes the state of dr would have all of that by way of them.
  operator.deploys = [];
};
/** The same, but on Azure with the dumps and the database alone. */
const bothOnDumps = (people: PeopleFile): void => {
  both(people);
  people.roles["database remover"] = {
    actions: ["Microsoft.DBforMySQL/flexibleServers/delete"],
    notActions: [],
    dataActions: [],
    notDataActions: [],
  };
  const group = "standby/resourceGroups/shop-standby";
  principalOf(people, "operator").azure = [
    { role: "database remover", scope: group },
    { role: "Owner", scope: `${group}/providers/Microsoft.Storage/storageAccounts/${DUMPS_ACCOUNT}` },
  ];
};

const grant = (who: string, ...roles: [role: string, scope: string][]) => ({
  people: (people: PeopleFile) => {
    principalOf(people, who).azure.push(...roles.map(([role, scope]) => ({ role, scope })));
  },
});
const each =
  (...changes: ((resources: AuditResource[]) => AuditResource[])[]) =>
  (resources: AuditResource[]) =>
    changes.reduce((all, change) => change(all), resources);
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/12345678-1111-4222-8333-444455556666";
const byKey = {
  rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY } }],
};
const statements = (people: PeopleFile) => people.policies["keep-copies"]?.Statement as Record<string, unknown>[];

/** Has the first statement, that which keeps the copies, hold under another condition. */
const spare = (people: PeopleFile, Condition: object) => Object.assign(statements(people)[0] ?? {}, { Condition });

/** Mistakes that let somebody reach every copy. */
export const REACHING: Mistake[] = [
  {
    name: "one administrator in both clouds",
    rule: PERSON,
    subject: "aws-administrator",
    ...grant("aws-administrator", ["Owner", "standby"]),
  },
  {
    name: "one identity provider for both clouds",
    rule: PERSON,
    subject: "azure-administrator",
    people: (people) => {
      principalOf(people, "aws-administrator").signsInBy = ["entra"];
    },
  },
  {
    name: "the organization's administrator owns the standby",
    rule: PERSON,
    subject: "organization-administrator",
    ...grant("organization-administrator", ["Contributor", "standby"]),
  },
  {
    name: "the root user's mailbox is with the owner of Azure",
    rule: PERSON,
    subject: "azure-administrator",
    cause: "account-closure",
    people: (people) => primaryOf(people).root.push("azure-administrator"),
  },
  {
    name: "the organization is with the owner of Azure",
    rule: PERSON,
    subject: "azure-administrator",
    people: (people) => people.organization.administrators.push("azure-administrator"),
  },
  {
    name: "one pipeline with the credentials of both",
    rule: PIPELINE,
    subject: "deploy-link",
    people: (people) => {
      primaryOf(people).scps = [];
      principalOf(people, "deploy-link").azure.push({ role: "Contributor", scope: "standby" });
    },
  },
  {
    name: "nobody attached the service control policy",
    rule: PERSON,
    subject: "ci-administrator",
    people: (people) => {
      primaryOf(people).scps = [];
    },
  },
  {
    name: "the service control policy spares a name that anybody can give a role",
    rule: PERSON,
    subject: "ci-administrator",
    people: (people) => {
      for (const statement of statements(people)) {
        statement.Condition = { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/*administrator*" } };
      }
    },
  },
  {
    name: "the service control policy spares a role that nobody has",
    rule: PERSON,
    subject: "ci-administrator",
    people: (people) => {
      spare(people, { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/break-glass" } });
    },
  },
  {
    name: "the service control policy does not keep the role that it spares",
    rule: PERSON,
    subject: "ci-administrator",
    people: (people) => void statements(people).splice(1),
  },
  {
    name: "the service control policy asks for a second factor, which can be had",
    rule: PERSON,
    subject: "ci-administrator",
    people: (people) => {
      spare(people, { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } });
    },
  },
  {
    name: "the administrator of AWS runs up on a state that Azure's owner writes",
    rule: PERSON,
    subject: "azure-administrator",
    people: (people) => {
      principalOf(people, "aws-administrator").deploys = ["prod"];
    },
  },
  {
    name: "a developer has the administrators' credentials",
    rule: PERSON,
    subject: "developer",
    people: (people) => {
      principalOf(people, "developer").canBecome = ["aws-administrator", "deploy-dr"];
    },
  },
  {
    name: "the administrator of AWS gives applications their credentials",
    rule: PERSON,
    subject: "aws-administrator",
    people: (people) => {
      principalOf(people, "aws-administrator").directoryRoles = ["Application Administrator"];
    },
  },
  {
    name: "the administrator of AWS can make itself global administrator",
    rule: PERSON,
    subject: "aws-administrator",
    people: (people) => {
      principalOf(people, "aws-administrator").directoryRoles = ["Privileged Role Administrator"];
    },
  },
  {
    name: "the administrator of AWS resets the passwords of Azure's people",
    rule: PERSON,
    subject: "aws-administrator",
    people: (people) => {
      principalOf(people, "aws-administrator").directoryRoles = ["Helpdesk Administrator"];
    },
  },
  {
    name: "the administrator of AWS gives roles on the standby",
    rule: PERSON,
    subject: "aws-administrator",
    ...grant("aws-administrator", ["User Access Administrator", "standby"]),
  },
  {
    name: "the administrator of AWS owns the management group",
    rule: PERSON,
    subject: "aws-administrator",
    ...grant("aws-administrator", ["Owner", "/providers/Microsoft.Management/managementGroups/all"]),
  },
  {
    name: "the administrator of AWS manages the storage accounts",
    rule: PERSON,
    subject: "aws-administrator",
    cause: "shared-key",
    ...grant("aws-administrator", ["Storage Account Contributor", "standby/resourceGroups/shop-standby"]),
  },
  {
    name: "the administrator of AWS owns the blobs",
    rule: PERSON,
    subject: "aws-administrator",
    cause: "delete-versions",
    ...grant("aws-administrator", ["Storage Blob Data Owner", "standby/resourceGroups/shop-standby"]),
  },
  {
    name: "a role of one's own may delete versions, by a wildcard",
    rule: PERSON,
    subject: "aws-administrator",
    cause: "delete-versions",
    people: (people) => {
      const dataActions = ["Microsoft.Storage/storageAccounts/blobServices/*/delete*"];
      people.roles["blob cleaner"] = { actions: [], notActions: [], dataActions, notDataActions: [] };
      principalOf(people, "aws-administrator").azure.push({ role: "blob cleaner", scope: "standby" });
    },
  },
  {
    name: "the pipeline of dr is changed by the administrator of AWS alone",
    rule: PERSON,
    subject: "aws-administrator",
    people: (people) => {
      principalOf(people, "deploy-dr").changedBy = { people: ["aws-administrator"], approvals: 0 };
    },
  },
  {
    name: "the administrator of AWS administers the pipelines' service",
    rule: PERSON,
    subject: "aws-administrator",
    people: (people) => principalOf(people, "deploy-dr").administeredBy.push("aws-administrator"),
  },
  {
    name: "a governance lock on the vault, and somebody who may lift it",
    rule: PERSON,
    subject: "operator",
    cause: "lift-vault-lock",
    given: { people: both, resources: FIRM },
    resources: edit("shop-backups-lock", () => LOOSE),
  },
  {
    name: "a governance lock on the dumps, and somebody who may pass by it",
    rule: PERSON,
    subject: "operator",
    cause: "bypass-governance",
    given: { people: bothOnDumps, resources: FIRM },
    resources: each(
      edit("shop-dumps-lock", () => GOVERNANCE),
      edit("shop-backups-lock", () => LOOSE),
      edit("shop-dumps-account", () => UNLOCKED),
    ),
  },
  {
    name: "an immutability policy that nobody locked",
    rule: PERSON,
    subject: "operator",
    cause: "shared-key",
    given: { people: bothOnDumps, resources: edit("shop-dumps-account", () => LOCKED) },
    resources: edit("shop-dumps-account", () => UNLOCKED),
  },
  {
    name: "one key for copies that are locked",
    rule: PERSON,
    subject: "operator",
    cause: "key-destruction",
    given: { people: both, resources: FIRM },
    resources: edit("shop-backups-vault", () => ({ kmsKeyArn: KEY })),
  },
  {
    name: "a boundary that was taken away",
    rule: PERSON,
    subject: "operator",
    given: {
      people: (people) => {
        both(people);
        Object.assign(principalOf(people, "operator").aws[0] ?? {}, { boundary: ["ReadOnlyAccess"] });
      },
    },
    people: (people) => {
      delete principalOf(people, "operator").aws[0]?.boundary;
    },
  },
  {
    name: "a right on everything but",
    rule: PERSON,
    subject: "operator",
    people: (people) => {
      primaryOf(people).scps = [];
      const Statement = { Effect: "Allow", NotAction: ["iam:*", "s3:GetObject"], NotResource: "arn:aws:ec2:*" };
      principalOf(people, "operator").aws = [{ account: "primary", policies: [{ Statement }] }];
    },
  },
];

const database = "shop-database-server";
const props = (name: string, change: Record<string, unknown>) => ({ resources: edit(name, () => change) });

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
