import { copiesPlan } from "../../../components/standby/copies-plan.ts";
import { storageAccountName } from "../../../components/standby/storage-name.ts";
import type { PeopleFile } from "../../../policy/audit/people/schema.ts";
import type { AuditResource } from "../../../policy/audit/resources.ts";
import { allow, edit, FIRM, principalOf } from "../../support/estates.ts";
import { outputsOf } from "../../support/mock-outputs.ts";
import type { Mistake } from "./mistake.ts";

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
