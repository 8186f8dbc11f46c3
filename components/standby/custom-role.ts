import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** A right of one identity: what it may do, and where. */
export interface GrantArgs {
  /** What the role is for, in a sentence. */
  description: string;
  /** Id of the resource group: the one place where the role may be assigned. */
  resourceGroupId: pulumi.Input<string>;
  /** What it allows on resources. */
  actions?: string[];
  /** What it allows on the data in them. */
  dataActions?: string[];
  /** Where: the group itself, or something in it. */
  scope: pulumi.Input<string>;
  /** Whom: object id of an identity. */
  principalId: pulumi.Input<string>;
  /** Narrows it further, in the language of Azure ABAC 2.0. @default none */
  condition?: string;
}

/**
 * Makes a role with exactly these actions, and assigns it once.
 *
 * @param name logical name that those of the role and of the assignment begin with
 */
export function grantCustomRole(
  name: string,
  args: GrantArgs,
  parent: pulumi.Resource,
): azure.authorization.RoleAssignment {
  return assignRole(name, { ...args, roleDefinitionId: defineRole(name, args, parent).id }, parent);
}

/** Makes a role with exactly these actions, which may be assigned in the resource group only. */
export function defineRole(
  name: string,
  args: Pick<GrantArgs, "description" | "resourceGroupId" | "actions" | "dataActions">,
  parent: pulumi.Resource,
): azure.authorization.RoleDefinition {
  const roleId = new random.RandomUuid(`${name}-role-id`, {}, { parent });
  return new azure.authorization.RoleDefinition(
    `${name}-role`,
    {
      roleDefinitionId: roleId.result,
      // Unique in the whole directory, hence the id in it.
      roleName: pulumi.interpolate`${name} ${roleId.result}`,
      description: args.description,
      roleType: "CustomRole",
      scope: args.resourceGroupId,
      assignableScopes: [args.resourceGroupId],
      permissions: [{ actions: args.actions ?? [], dataActions: args.dataActions ?? [] }],
    },
    { parent },
  );
}

/** Assigns a role that there is, Azure's own for example. */
export function assignRole(
  name: string,
  args: Pick<GrantArgs, "scope" | "principalId" | "condition"> & { roleDefinitionId: pulumi.Input<string> },
  parent: pulumi.Resource,
): azure.authorization.RoleAssignment {
  const assignmentId = new random.RandomUuid(`${name}-assignment-id`, {}, { parent });
  return new azure.authorization.RoleAssignment(
    `${name}-assignment`,
    {
      roleAssignmentName: assignmentId.result,
      principalId: args.principalId,
      principalType: azure.authorization.PrincipalType.ServicePrincipal,
      roleDefinitionId: args.roleDefinitionId,
      scope: args.scope,
      ...(args.condition && { condition: args.condition, conditionVersion: "2.0" }),
    },
    { parent },
  );
}
