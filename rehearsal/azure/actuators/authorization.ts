import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import { covers, type Permission, permissionsOf } from "../access.ts";
import type { AzureCloud } from "../cloud.ts";
import { parseCondition } from "../conditions.ts";
import { armActuator } from "./arm.ts";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ACTION = /^(\*|[A-Za-z][\w.]*(\/[\w*.$-]+)+|\*\/[\w*./]+)$/;

/** Actions of Azure Storage on data, and some on resources, that are easily put into each other's list. */
const DATA_ACTION = /^Microsoft\.Storage\/storageAccounts\/\w+\/\w+\/(blobs|messages|entities|files)\//i;
const CONTROL_ACTION =
  /^Microsoft\.Storage\/storageAccounts\/(blobServices\/(containers\/)?)?(read|write|delete|listKeys\/action|generateUserDelegationKey\/action)$/i;

/** The scope at which a role is defined or assigned, or something else stands; it must be there. */
export const SCOPE = { property: "scope", id: (inputs: Properties) => String(inputs.scope).replace(/^\/?/, "/") };

/** azure-native:authorization:RoleDefinition */
export const roleDefinition = armActuator({
  id: (inputs) => `${SCOPE.id(inputs)}/providers/Microsoft.Authorization/roleDefinitions/${inputs.roleDefinitionId}`,
  name: {
    property: "roleDefinitionId",
    pattern: GUID,
    rule: "a GUID (Role Definitions - Create Or Update)",
    auto: "guid",
  },
  parent: SCOPE,
  check: roleRefusals,
  keeps: (id, { resources }) => {
    const user = resources
      .list("Microsoft.Authorization/roleAssignments")
      .find(({ properties }) => sameId(properties.roleDefinitionId, id));
    return user && `${id} is still assigned by ${user.id} (RoleDefinitionHasAssignments)`;
  },
});

/** azure-native:authorization:RoleAssignment */
export const roleAssignment = armActuator({
  id: (inputs) => `${SCOPE.id(inputs)}/providers/Microsoft.Authorization/roleAssignments/${inputs.roleAssignmentName}`,
  name: {
    property: "roleAssignmentName",
    pattern: GUID,
    rule: "a GUID (Role Assignments - Create)",
    auto: "guid",
  },
  parent: SCOPE,
  immutable: true,
  check: assignmentRefusals,
});

/** azure-native:authorization:ManagementLockByScope. While it stands, nothing at or below its scope can be deleted. */
export const managementLock = armActuator({
  id: (inputs) => `${SCOPE.id(inputs)}/providers/Microsoft.Authorization/locks/${inputs.lockName}`,
  name: {
    property: "lockName",
    pattern: /^[^<>%&?\\/]{1,90}$/,
    rule: "1 to 90 characters without < > % & ? \\ and / (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  parent: SCOPE,
  check: ({ level, notes }) => [
    ...(level === undefined || level === "CanNotDelete" || level === "ReadOnly"
      ? []
      : [{ property: "level", reason: `"${level}" is no level: CanNotDelete or ReadOnly (Management Locks)` }]),
    ...(typeof notes === "string" && notes.length > 512
      ? [{ property: "notes", reason: `${notes.length} characters; at most 512 (Management Locks)` }]
      : []),
  ],
});

function roleRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const refusals: Refusal[] = [];
  const roles = cloud.resources.list("Microsoft.Authorization/roleDefinitions");
  const namesake = roles.find(
    ({ id, properties }) => properties.roleName === inputs.roleName && !id.endsWith(`/${inputs.roleDefinitionId}`),
  );
  if (namesake && inputs.roleName !== undefined) {
    const reason = `"${inputs.roleName}" is the name of ${namesake.id}; role names are unique in a directory (RoleDefinitionWithSameNameExists)`;
    refusals.push({ property: "roleName", reason });
  }
  if (typeof inputs.roleName === "string" && inputs.roleName.length > 512) {
    refusals.push({
      property: "roleName",
      reason: `${inputs.roleName.length} characters; at most 512 (Azure custom roles)`,
    });
  }
  const scopes = inputs.assignableScopes as string[] | undefined;
  if (scopes?.length === 0) {
    refusals.push({
      property: "assignableScopes",
      reason: "no scope is given; a custom role needs at least one (Azure custom roles)",
    });
  }
  for (const scope of scopes ?? []) {
    if (/\/providers\/(?!Microsoft\.Management\/managementGroups\/)/i.test(scope)) {
      const reason = `${scope} is a resource; a custom role is for management groups, subscriptions or resource groups (Azure custom roles, AssignableScopes)`;
      refusals.push({ property: "assignableScopes", reason });
    }
    if (cloud.resources.exists(scope)) continue;
    refusals.push({
      property: "assignableScopes",
      reason: `${scope} was not found (Azure custom roles, AssignableScopes)`,
    });
  }
  if (inputs.roleType !== undefined && inputs.roleType !== "CustomRole") {
    const reason = `"${inputs.roleType}" roles are Azure's own; expected "CustomRole" (Role Definitions - Create Or Update)`;
    refusals.push({ property: "roleType", reason });
  }
  for (const permission of (inputs.permissions as Permission[] | undefined) ?? []) {
    refusals.push(...misplacedRefusals(permission));
    const all = [permission.actions, permission.notActions, permission.dataActions, permission.notDataActions];
    for (const action of all.flatMap((actions) => actions ?? []).filter((action) => !ACTION.test(action))) {
      const reason = `"${action}" is no action: {provider}/{type}/{action}, with wildcards (InvalidActionOrNotAction)`;
      refusals.push({ property: "permissions", reason });
    }
  }
  return refusals;
}

/** Actions on data in the list of those on resources and the reverse: each names nothing there. */
function misplacedRefusals(permission: Permission): Refusal[] {
  const onResources = [...(permission.actions ?? []), ...(permission.notActions ?? [])];
  const onData = [...(permission.dataActions ?? []), ...(permission.notDataActions ?? [])];
  return [
    ...onResources.filter((action) => DATA_ACTION.test(action)).map((action) => [action, "dataActions"]),
    ...onData.filter((action) => CONTROL_ACTION.test(action)).map((action) => [action, "actions"]),
  ].map(([action, place]) => ({
    property: "permissions",
    reason: `"${action}" belongs into ${place} (InvalidActionOrNotAction; Azure permissions for Storage)`,
  }));
}

function assignmentRefusals(inputs: Properties, cloud: AzureCloud, former: Properties | undefined): Refusal[] {
  const refusals: Refusal[] = [];
  const { principalId, roleDefinitionId, scope } = inputs;
  if (typeof principalId === "string" && !GUID.test(principalId)) {
    refusals.push({
      property: "principalId",
      reason: `"${principalId}" is no object id, a GUID (Role Assignments - Create)`,
    });
  }
  if (typeof roleDefinitionId === "string")
    refusals.push(...roleOfAssignmentRefusals(roleDefinitionId, String(scope), cloud));
  if (typeof principalId === "string" && GUID.test(principalId)) {
    refusals.push(...principalRefusals(principalId, inputs.principalType, cloud));
  }
  if (inputs.condition !== undefined && inputs.conditionVersion !== "2.0") {
    const reason = `found ${JSON.stringify(inputs.conditionVersion)}; a condition needs the version "2.0" (What is Azure ABAC, conditionVersion)`;
    refusals.push({ property: "conditionVersion", reason });
  }
  refusals.push(...conditionRefusals(inputs.condition));
  const twin = cloud.resources
    .list("Microsoft.Authorization/roleAssignments")
    .find(
      ({ properties }) =>
        properties.principalId === principalId &&
        sameId(properties.roleDefinitionId, roleDefinitionId) &&
        sameId(properties.scope, scope),
    );
  // What is replaced is gone before its successor comes.
  const own = former && twin?.id.endsWith(`/${former.roleAssignmentName}`);
  if (twin && !own && principalId !== undefined) {
    refusals.push({
      property: "principalId",
      reason: `${twin.id} assigns the same role at the same scope (RoleAssignmentExists)`,
    });
  }
  return refusals;
}

function conditionRefusals(condition: unknown): Refusal[] {
  if (typeof condition !== "string") return [];
  try {
    parseCondition(condition);
    return [];
  } catch (error) {
    const reason = `${(error as Error).message} (Azure role assignment condition format and syntax)`;
    return [{ property: "condition", reason }];
  }
}

/** Without a type Azure looks the principal up in the directory, and does not find one that is seconds old either. */
function principalRefusals(principalId: string, type: unknown, cloud: AzureCloud): Refusal[] {
  const identities = cloud.resources.list("Microsoft.ManagedIdentity/userAssignedIdentities");
  const isIdentity = identities.some(({ properties }) => properties.principalId === principalId);
  const found = isIdentity ? "ServicePrincipal" : cloud.users.has(principalId) ? "User" : undefined;
  if (type === undefined && !found) {
    const reason = `${principalId} is nobody in the directory: give principalType if it has just been made (PrincipalNotFound)`;
    return [{ property: "principalId", reason }];
  }
  if (type === undefined || !found || type === found) return [];
  return [
    { property: "principalType", reason: `"${type}", but ${principalId} is a ${found} (UnmatchedPrincipalType)` },
  ];
}

function sameId(one: unknown, other: unknown): boolean {
  return String(one).toLowerCase() === String(other).toLowerCase();
}

function roleOfAssignmentRefusals(roleDefinitionId: string, scope: string, cloud: AzureCloud): Refusal[] {
  const property = "roleDefinitionId";
  if (permissionsOf(cloud.resources, roleDefinitionId).length === 0) {
    return [{ property, reason: `${roleDefinitionId} was not found (RoleDefinitionDoesNotExist)` }];
  }
  const assignable = cloud.resources.get(roleDefinitionId)?.properties.assignableScopes as string[] | undefined;
  if (!assignable || scope === "undefined" || assignable.some((outer) => covers(outer, scope))) return [];
  const reason = `${scope} is outside the role's assignable scopes ${assignable.join(", ")} (InvalidRoleDefinitionScope)`;
  return [{ property: "scope", reason }];
}
