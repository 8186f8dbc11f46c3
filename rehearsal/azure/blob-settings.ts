import type { Resource, ResourceManager } from "./resource-manager.ts";

/** Whether a write of a blob leaves its former version behind. */
export function keepsVersions(resources: ResourceManager, account: Resource): boolean {
  return settingsOf(resources, account)?.isVersioningEnabled === true;
}

/** Whether a version that is deleted can be brought back for some days. */
export function deletesSoftly(resources: ResourceManager, account: Resource): boolean {
  const policy = settingsOf(resources, account)?.deleteRetentionPolicy as { enabled?: boolean } | undefined;
  return policy?.enabled === true;
}

function settingsOf(resources: ResourceManager, account: Resource) {
  return resources.get(`${account.id}/blobServices/default`)?.properties;
}
