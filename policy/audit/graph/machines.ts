import type { Assignment } from "../azure/evaluate.ts";
import { type AzureRole, RoleCatalogue } from "../azure/roles.ts";
import type { Estate } from "../copies/estate.ts";
import type { PolicyDocument } from "../iam/document.ts";
import { managedPolicy } from "../iam/managed-policies.ts";
import { type AuditResource, at, listAt, textAt, UNKNOWN } from "../resources.ts";
import type { Graph } from "./model.ts";
import { accountId, identityIn } from "./principals.ts";

/** A role on AWS that a stack made, and who lets it be taken on. */
export interface MachineRole {
  id: string;
  arn: string;
  account: string;
  trust: readonly PolicyDocument[];
}

/** An identity on Azure that a stack made. */
export interface MachineIdentity {
  id: string;
  name: string | undefined;
  /** Resource id as Azure has it. */
  resourceId: string | undefined;
  scope: string;
}

/** Types by which people get rights that the audit does not follow: it says so, instead of passing. */
const NOT_FOLLOWED =
  /^aws:iam\/(user|group|accessKey|policyAttachment|userPolicy|groupPolicy|.*Exclusive)\w*:|^azuread:/;

/** Every role that a stack made on AWS, with all the policies that it has. */
export function addRoles(graph: Graph, estate: Estate): MachineRole[] {
  for (const resource of estate.resources) {
    if (NOT_FOLLOWED.test(resource.type)) {
      estate.cannotRead(
        resource,
        `expected roles, found ${resource.type}, whose rights are not followed; write them into the people file, and take it out of the stack`,
      );
    }
  }
  return estate.ofType("aws:iam/role:Role").map((role) => {
    const account = estate.accountOf(role);
    const named = textAt(role, "name") ?? textAt(role, "id");
    const arn = textAt(role, "arn") ?? `arn:aws:iam::${accountId(estate, account)}:role/${named ?? role.name}`;
    const id = `role ${role.name}`;
    graph.add({
      id,
      kind: "machine",
      registered: true,
      // A boundary that a stack gives is left out: so too much is taken for allowed, and never too little.
      aws: [identityIn(estate, account, arn, policiesOf(estate, role, named))],
      azure: [],
    });
    return { id, arn, account, trust: estate.documentAt(role, "assumeRolePolicy", "who may take it on") };
  });
}

function policiesOf(estate: Estate, role: AuditResource, named: string | undefined): PolicyDocument[] {
  const of = (type: string) =>
    estate.ofType(type).filter((each) => {
      const value = at(each, "role");
      if (each.stack !== role.stack) return false;
      return value === UNKNOWN || named === undefined ? isBeside(each, role) : value === named;
    });
  const arns = [
    ...of("aws:iam/rolePolicyAttachment:RolePolicyAttachment").map((each) => ({ each, arn: at(each, "policyArn") })),
    ...listAt(role, "managedPolicyArns").map((arn) => ({ each: role, arn })),
  ];
  return [
    ...of("aws:iam/rolePolicy:RolePolicy").flatMap((each) => estate.documentAt(each, "policy", "the rights")),
    ...listAt(role, "inlinePolicies").flatMap((_, index) =>
      estate.documentAt(role, ["inlinePolicies", index, "policy"], "the rights"),
    ),
    ...arns.flatMap(({ each, arn }) => attached(estate, each, arn)),
  ];
}

/** Before a deployment no name is known; what belongs to a role is then beside it, and named alike. */
function isBeside({ within, name }: AuditResource, role: AuditResource): boolean {
  return within.join() === role.within.join() && name.startsWith(role.name.replace(/-?role$/, ""));
}

function attached(estate: Estate, resource: AuditResource, arn: unknown): PolicyDocument[] {
  if (typeof arn !== "string") {
    estate.cannotRead(resource, "which policy it attaches is not known before the deployment", true);
    return [];
  }
  const own = estate.ofType("aws:iam/policy:Policy").find((policy) => textAt(policy, "arn") === arn);
  if (own) return estate.documentAt(own, "policy", "the policy");
  const managed = managedPolicy(arn);
  if (managed) return [managed];
  estate.cannotRead(
    resource,
    `expected a policy of the catalogue or of the stack, found ${arn}; attach one of those, or write its rights in full`,
  );
  return [];
}

/** Every identity that a stack made on Azure, and every role that a stack gives to anybody. */
export function addIdentities(graph: Graph, estate: Estate): MachineIdentity[] {
  const roles = new RoleCatalogue([...ownRoles(estate), ...stackRoles(estate)]);
  const given = new Map<string, { assignment: AuditResource; azure: Assignment[] }>();
  for (const assignment of estate.ofType("azure-native:authorization:RoleAssignment")) {
    const wanted = textAt(assignment, "roleDefinitionId");
    const to = textAt(assignment, "principalId");
    const where = textAt(assignment, "scope");
    if (wanted === undefined || to === undefined || where === undefined) {
      estate.cannotRead(assignment, "who gets which role, and where, is not known before the deployment", true);
      continue;
    }
    const role = roles.find(wanted);
    if (!role) {
      estate.cannotRead(
        assignment,
        `expected a role of the catalogue or of the stacks, found ${wanted}; define it in the stack, or under \`roles\` of the people file with its id as name`,
      );
      continue;
    }
    const scope = estate.scopeOf(assignment, where) ?? where;
    given.set(to, { assignment, azure: [...(given.get(to)?.azure ?? []), { role, scope }] });
  }
  const identities = estate.ofType("azure-native:managedidentity:UserAssignedIdentity").map((identity) => {
    const id = `identity ${identity.name}`;
    const principal = textAt(identity, "principalId") ?? "";
    graph.add({ id, kind: "machine", registered: true, aws: [], azure: given.get(principal)?.azure ?? [] });
    given.delete(principal);
    const resourceId = textAt(identity, "id");
    const scope = estate.placeOf(identity, "Microsoft.ManagedIdentity/userAssignedIdentities", "resourceName");
    return { id, name: textAt(identity, "resourceName") ?? textAt(identity, "name"), resourceId, scope };
  });
  for (const [principal, { assignment, azure }] of given) addGrantee(graph, estate, principal, assignment, azure);
  return identities;
}

/** Somebody who is no identity of the stacks': of the people file, a resource's own, or unknown. */
function addGrantee(
  graph: Graph,
  estate: Estate,
  principal: string,
  assignment: AuditResource,
  azure: Assignment[],
): void {
  const [name] = Object.entries(estate.people.principals).find(([, { objectId }]) => objectId === principal) ?? [];
  const node = name === undefined ? undefined : graph.nodes.get(name);
  if (node) {
    graph.add({ ...node, azure: [...node.azure, ...azure] });
    return;
  }
  const owner = estate.resources.find((each) => textAt(each, "identity", "principalId") === principal);
  if (!owner)
    estate.cannotRead(
      assignment,
      `expected somebody whom a stack made, or who has this \`objectId\` in the people file, found ${principal}; add it to whoever that is`,
      estate.partial,
    );
  graph.add({
    id: owner ? `identity of ${owner.name}` : `object ${principal}`,
    kind: "machine",
    registered: true,
    aws: [],
    azure,
  });
}

function ownRoles({ people }: Estate): AzureRole[] {
  return Object.entries(people.roles).map(([name, role]) => ({ name, ...role }));
}

function stackRoles(estate: Estate): (AzureRole & { id?: string })[] {
  return estate.ofType("azure-native:authorization:RoleDefinition").map((role) => {
    const id = textAt(role, "id")?.split("/").at(-1) ?? textAt(role, "roleDefinitionId");
    const all = (key: string) =>
      listAt(role, "permissions").flatMap((_, index) => listAt(role, "permissions", index, key) as string[]);
    return {
      name: role.name,
      actions: all("actions"),
      notActions: all("notActions"),
      dataActions: all("dataActions"),
      notDataActions: all("notDataActions"),
      ...(id && { id }),
    };
  });
}
