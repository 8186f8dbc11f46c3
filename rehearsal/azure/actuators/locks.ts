import { covers } from "../access.ts";
import type { Resource, ResourceManager } from "../resource-manager.ts";

const LOCK = "Microsoft.Authorization/locks";

/**
 * Why a lock does not let a resource be deleted; undefined when none stands in the way.
 *
 * A lock holds for all that lives below its scope ("Lock your resources to protect your infrastructure"), and
 * that goes for role assignments too: none can be taken away from what is locked. What holds a locked resource
 * cannot go either. The lock itself can.
 */
export function lockRefusal(id: string, resources: ResourceManager): string | undefined {
  if (!resources.get(id)) return undefined;
  const lock = resources
    .list(LOCK)
    .find((each) => each.id.toLowerCase() !== id.toLowerCase() && standsInTheWay(each, id));
  return (
    lock &&
    `the scope ${id} cannot perform delete operation because it is locked by ${lock.id}: remove the lock first (ScopeLocked)`
  );
}

function standsInTheWay({ properties }: Resource, id: string): boolean {
  const scope = String(properties.scope).replace(/^\/?/, "/");
  const isLock = id.toLowerCase().includes(`/providers/${LOCK.toLowerCase()}/`);
  return !isLock && (covers(scope, id) || covers(id, scope));
}
