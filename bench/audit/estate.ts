import { assumedCopies, COPY_STACKS } from "../../policy/audit/assumed.ts";
import { type PeopleFile, peopleSchema } from "../../policy/audit/people/schema.ts";
import type { AuditResource } from "../../policy/audit/resources.ts";

/** How much there is to audit. */
export interface Size {
  name: string;
  resources: number;
  principals: number;
}

/** The size that the audit has to take in five seconds at the most, one of a tenth, and one of twice as much. */
export const SIZES: readonly Size[] = [
  { name: "small", resources: 50, principals: 20 },
  { name: "large", resources: 500, principals: 200 },
  { name: "double", resources: 1000, principals: 400 },
];

const ACCOUNT = "111122223333";
const SUBSCRIPTION = "/subscriptions/00000000-1111-4222-8333-444455556666";

/** Copies of as many workloads as fit, and machines with rights for all the rest: nothing that the audit passes over. */
export function resourcesOf({ resources }: Size): AuditResource[] {
  const all: AuditResource[] = [];
  // A tenth are copies and what keeps them: more than a workload of this project has.
  for (let number = 0; all.length < resources / 10; number += 1) {
    all.push(...COPY_STACKS.flatMap((stack) => assumedCopies(stack, `workload${number}`)));
  }
  for (let number = 0; all.length < resources; number += 1) all.push(...machine(number));
  return all.slice(0, resources);
}

/** A role with rights on AWS, and an identity with a role on Azure. */
function machine(number: number): AuditResource[] {
  const name = `machine-${number}`;
  const of = (stack: string, type: string, suffix: string, props: Record<string, unknown>): AuditResource => {
    const urn = `urn:pulumi:${stack}::multicloud-dr::${type}::${name}-${suffix}`;
    return { stack, urn, type, name: `${name}-${suffix}`, within: [], props, protect: false };
  };
  const trust = [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }];
  const rights = ["s3:GetObject", "s3:PutObject", "sqs:*"].map((Action) => ({
    Effect: "Allow",
    Action,
    Resource: `arn:aws:s3:::${name}-*/*`,
  }));
  const id = `${SUBSCRIPTION}/resourceGroups/shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
  return [
    of("prod", "aws:iam/role:Role", "role", {
      name: `${name}-role`,
      arn: `arn:aws:iam::${ACCOUNT}:role/${name}-role`,
      assumeRolePolicy: JSON.stringify({ Statement: trust }),
    }),
    of("prod", "aws:iam/rolePolicy:RolePolicy", "rights", {
      role: `${name}-role`,
      policy: JSON.stringify({ Statement: rights }),
    }),
    of("dr", "azure-native:managedidentity:UserAssignedIdentity", "identity", {
      id,
      principalId: name,
      resourceName: name,
    }),
    of("dr", "azure-native:authorization:RoleAssignment", "assignment", {
      principalId: name,
      roleDefinitionId: "/providers/Microsoft.Authorization/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
      scope: `${SUBSCRIPTION}/resourceGroups/shop`,
    }),
  ];
}

/** Administrators of both clouds, and many with some rights on each: no two of these alike. */
export function peopleOf({ principals }: Size): PeopleFile {
  const entries = Array.from({ length: principals }, (_, number) => [`person-${number}`, person(number)]);
  return peopleSchema.parse({
    version: 1,
    accounts: { primary: { id: ACCOUNT, stacks: ["prod", "link"], root: ["person-0"] } },
    subscriptions: { standby: { stacks: ["dr", "link"], directory: "entra" } },
    identityProviders: { entra: { administrators: ["person-1"] } },
    states: { all: { stacks: ["prod", "dr"], scope: "standby/resourceGroups/state", locked: true } },
    principals: Object.fromEntries(entries),
  });
}

function person(number: number): object {
  if (number === 0) return { kind: "human", aws: [{ account: "primary", policies: ["AdministratorAccess"] }] };
  if (number === 1) return { kind: "human", azure: [{ role: "Owner", scope: "standby" }] };
  const reads = { Effect: "Allow", Action: ["s3:Get*", "s3:List*"], Resource: `arn:aws:s3:::team-${number}-*` };
  const keeps = { Effect: "Deny", Action: "s3:Delete*", Resource: "*" };
  return {
    kind: number % 10 === 0 ? "pipeline" : "human",
    signsInBy: number % 2 === 0 ? ["entra"] : [],
    aws: [{ account: "primary", policies: [{ Statement: [reads, keeps] }, "ReadOnlyAccess"] }],
    azure: [{ role: "Storage Blob Data Contributor", scope: `standby/resourceGroups/team-${number}` }],
    deploys: number % 10 === 0 ? ["prod"] : [],
    changedBy: number % 10 === 0 ? { people: [`person-${number + 1}`], approvals: 1 } : {},
  };
}
