import { RoleCatalogue } from "./audit/azure/roles.ts";
import type { Statement } from "./audit/iam/document.ts";
import { holdsUnknown } from "./kit/demand.ts";
import { type Finding, unknown, wrong } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";
import { at, isWithin, listAt, type Resource, textAt, UNKNOWN } from "./kit/resource.ts";
import { isForAnybody, statementsOf } from "./kit/statements.ts";
import { ROLE_REASONS, STATEMENT_REASONS } from "./reasons.ts";

/** Properties that say what somebody may do. What others may do to a resource, no-public-data judges. */
const IDENTITY_POLICIES = [
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/policy:Policy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
];
const ATTACHMENTS = [
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
];
const ROLE = "aws:iam/role:Role";
const ROLE_DEFINITION = "azure-native:authorization:RoleDefinition";
const ROLE_ASSIGNMENT = "azure-native:authorization:RoleAssignment";

/** Policies of AWS's own that allow nearly everything of something. */
const TOO_WIDE = /\/(?:AdministratorAccess|PowerUserAccess|[A-Za-z0-9]*FullAccess)$/;

/**
 * Nobody may do more than what they are for: no wildcard in an action, and none that stands for all resources of a kind,
 * but for a reason that policy/reasons.ts states. A wildcard behind a name (`bucket/*`) is the name's own.
 *
 * Severity: high. Reference: AWS Well-Architected, SEC03-BP02, Grant least privilege access.
 */
export const leastPrivilege = policy(
  {
    name: "least-privilege",
    description: "Nobody may do more than what they are for.",
    enforcementLevel: "mandatory",
    severity: "high",
    mend: "Write the actions and the resources by name; where a service knows no narrower right, write the Sid and the reason into policy/reasons.ts.",
  },
  { resource: (resource) => [...ofAws(resource), ...ofAzure(resource)] },
);

function ofAws(resource: Resource): Finding[] {
  if (IDENTITY_POLICIES.includes(resource.type)) {
    const { statements, findings } = statementsOf(resource, "policy");
    return [...findings, ...statements.flatMap((statement) => tooWide(resource, statement))];
  }
  if (ATTACHMENTS.includes(resource.type)) return attachment(resource);
  return resource.type === ROLE ? trust(resource) : [];
}

function tooWide(resource: Resource, statement: Statement): Finding[] {
  if (statement.Effect === "Deny") return [];
  const { Sid = "without a Sid", NotAction, NotResource } = statement;
  if (NotAction || NotResource) {
    return [wrong(resource, `allows all but something (statement ${Sid}); write Action and Resource instead`)];
  }
  const actions = (statement.Action ?? []).filter((action) => action.includes("*"));
  const resources = (statement.Resource ?? []).filter(isEverything);
  if (actions.length + resources.length === 0 || isExcused(statement, actions, resources)) return [];
  const found = [...actions, ...resources].join(", ");
  return [wrong(resource, `allows ${found} (statement ${Sid}); write actions and resources by name`)];
}

/** Whether a statement does what a reason is stated for, and nothing beyond. */
function isExcused({ Sid, Action = [] }: Statement, wildcards: string[], resources: string[]): boolean {
  const reason = STATEMENT_REASONS.find(({ sid }) => sid === Sid);
  if (!reason || wildcards.length > 0) return false;
  const excused = (resource: string) =>
    reason.resources.some((end) => resource === end || (end !== "*" && resource.endsWith(`:${end}`)));
  return Action.every((action) => reason.actions.includes(action)) && resources.every(excused);
}

/**
 * Whether a resource stands for all of its kind: nothing of it is named before the wildcard but the kind.
 *
 * @example isEverything("arn:aws:rds:eu-west-1:1:db:*") // true
 * isEverything("arn:aws:s3:::content/*") // false
 */
export function isEverything(resource: string): boolean {
  if (!resource.includes("*")) return false;
  const [, , service = "", , , ...rest] = resource.split(":");
  const parts = rest.join(":").split(/[:/]/);
  const named = parts.length > 1 && service !== "s3" ? parts.slice(1) : parts;
  return (named[0] || "*").startsWith("*");
}

function attachment(resource: Resource): Finding[] {
  if (at(resource, "policyArn") === UNKNOWN) return [unknown(resource, "policyArn")];
  const arn = textAt(resource, "policyArn") ?? "";
  return TOO_WIDE.test(arn) ? [wrong(resource, `attaches ${arn}; write a policy of what is needed`)] : [];
}

function trust(role: Resource): Finding[] {
  const { statements, findings } = statementsOf(role, "assumeRolePolicy");
  const open = statements.filter((each) => each.Effect === "Allow" && isForAnybody(each));
  return [...findings, ...open.map(() => wrong(role, "may be assumed by anybody; write its Principal by name"))];
}

function ofAzure(resource: Resource): Finding[] {
  if (resource.type === ROLE_DEFINITION) return definition(resource);
  return resource.type === ROLE_ASSIGNMENT ? assignment(resource) : [];
}

function definition(resource: Resource): Finding[] {
  if (holdsUnknown(at(resource, "permissions"))) return [unknown(resource, "permissions")];
  return listAt(resource, "permissions").flatMap((_, index) => {
    const allowed = ["actions", "dataActions"].flatMap((kind) => listAt(resource, "permissions", index, kind));
    const wide = allowed.map(String).filter((action) => action.includes("*"));
    return wide.length === 0 ? [] : [wrong(resource, `allows ${wide.join(", ")}; write actions by name`)];
  });
}

const CATALOGUE = new RoleCatalogue();
const BUILT_IN = /^\/providers\/Microsoft\.Authorization\/roleDefinitions\//i;
const SUBSCRIPTION = /^\/subscriptions\/[^/]+\/?$/i;

function assignment(resource: Resource): Finding[] {
  const [id, scope] = [at(resource, "roleDefinitionId"), at(resource, "scope")];
  const wide = typeof scope === "string" && (SUBSCRIPTION.test(scope) || scope === "/");
  const ofScope = wide ? [wrong(resource, `holds for all of ${scope}; write the scope of one resource`)] : [];
  if (id === UNKNOWN) return [...ofScope, unknown(resource, "roleDefinitionId")];
  // A role of the project's own is judged where it is defined.
  if (typeof id !== "string" || !BUILT_IN.test(id)) return ofScope;
  const role = CATALOGUE.find(id);
  if (!role) return [...ofScope, unknown(resource, `what role ${id} allows`)];
  const wildcards = [...role.actions, ...role.dataActions].filter((each) => /\*$/.test(each));
  if (
    wildcards.length === 0 ||
    ROLE_REASONS.some((each) => each.role === role.name && isWithin(resource, each.within))
  ) {
    return ofScope;
  }
  return [...ofScope, wrong(resource, `gives ${role.name}, which allows ${wildcards.join(", ")}; write a custom role`)];
}
