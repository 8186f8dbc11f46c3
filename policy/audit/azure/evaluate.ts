import { namesAction } from "../iam/patterns.ts";
import type { AzureRole } from "./roles.ts";

/** A role that somebody has somewhere. A condition on it is unknown, and so counts as met. */
export interface Assignment {
  role: AzureRole;
  /**
   * Where, in the audit's own writing: the subscription by its name in the people file, and what is in it; `/` for all
   * of the directory. @example "standby/resourceGroups/shop-standby"
   */
  scope: string;
}

/** What is asked of Azure. */
export interface AzureRequest {
  action: string;
  /** Whether it is one on data, and not on resources. */
  data: boolean;
  /** Where; undefined while that is not known, which counts as within every scope. */
  scope: string | undefined;
}

/**
 * Whether one of the assignments allows a request ("Steps to determine if a user has access to a resource"). Deny
 * assignments are left out, so that too much is taken for allowed and never too little.
 */
export function permits(assignments: readonly Assignment[], request: AzureRequest): boolean {
  return assignments.some(({ role, scope }) => roleAllows(role, request) && reaches(scope, request));
}

function roleAllows(role: AzureRole, { action, data }: AzureRequest): boolean {
  const [allowed, taken] = data ? [role.dataActions, role.notDataActions] : [role.actions, role.notActions];
  const names = (pattern: string) => namesAction(pattern, action);
  return allowed.some(names) && !taken.some(names);
}

/** Rights hold for all below their scope; a right on a part of an account's data is one to destroy that part. */
function reaches(scope: string, { action, scope: where }: AzureRequest): boolean {
  if (where === undefined || isWithin(where, scope)) return true;
  return action.includes("/blobServices/containers/") && isWithin(scope, where);
}

/**
 * Whether a scope is another one or below it; a directory and its management groups have everything below them. A star
 * stands for a part that is not known, and so may be any.
 */
export function isWithin(scope: string, other: string): boolean {
  const outer = other.toLowerCase();
  if (outer === "/" || outer.includes("/managementgroups/")) return true;
  const inner = scope.toLowerCase().split("/");
  return outer
    .split("/")
    .every(
      (part, index) => inner[index] === part || inner[index] === "*" || (part === "*" && inner[index] !== undefined),
    );
}
