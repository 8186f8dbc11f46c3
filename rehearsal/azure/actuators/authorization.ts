import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import { covers, type Permission, permissionsOf } from "../access.ts";
import type { AzureCloud } from "../cloud.ts";
import { armActuator } from "./arm.ts";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ACTION = /^(\*|[A-Za-z][\w.]*(\/[\w*.$-]+)+|\*\/[\w*./]+)$/;

/** The scope at which a role is defined or assigned; it must be there. */
const SCOPE = { property: "scope", id: (inputs: Properties) => String(inputs.scope).replace(/^\/?/, "/") };

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
    if (cloud.resources.exists(scope)) continue;
    refusals.push({
      property: "assignableScopes",
      reason: `${scope} was not found (Azure custom roles, AssignableScopes)`,
    });
  }
  for (const permission of (inputs.permissions as Permission[] | undefined) ?? []) {
    const all = [permission.actions, permission.notActions, permission.dataActions, permission.notDataActions];
    for (const action of all.flatMap((actions) => actions ?? []).filter((action) => !ACTION.test(action))) {
      const reason = `"${action}" is no action: {provider}/{type}/{action}, with wildcards (InvalidActionOrNotAction)`;
      refusals.push({ property: "permissions", reason });
    }
  }
  return refusals;
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
  const twin = cloud.resources
    .list("Microsoft.Authorization/roleAssignments")
    .find(
      ({ properties }) =>
        properties.principalId === principalId &&
        properties.roleDefinitionId === roleDefinitionId &&
        properties.scope === scope,
    );
  if (!former && twin && principalId !== undefined) {
    refusals.push({
      property: "principalId",
      reason: `${twin.id} assigns the same role at the same scope (RoleAssignmentExists)`,
    });
  }
  return refusals;
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
