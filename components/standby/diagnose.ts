import * as azure from "@pulumi/azure-native";
import type * as pulumi from "@pulumi/pulumi";

/** The kinds of things whose logs are kept. */
export type Diagnosed = "vault" | "blobs" | "database" | "frontDoor" | "registry" | "containers";

/**
 * The logs of each kind. A vault tells who read what. Of blobs only deletions are kept: reads and writes are as many as
 * the content's users and changes, and logs are paid by volume. Of a registry all is kept that happens to an image.
 */
const LOGS: Record<Diagnosed, { category?: string; categoryGroup?: string }> = {
  vault: { categoryGroup: "audit" },
  blobs: { category: "StorageDelete" },
  database: { categoryGroup: "allLogs" },
  frontDoor: { categoryGroup: "allLogs" },
  containers: { categoryGroup: "allLogs" },
  registry: { category: "ContainerRegistryRepositoryEvents" },
};

/**
 * Sends the logs of a resource to the workspace.
 *
 * @param name logical name of the setting, and its name in Azure
 * @param kind what the resource is
 * @param targetId resource id; of blobs that of the account's blob service, `{account}/blobServices/default`
 */
export function diagnose(
  name: string,
  kind: Diagnosed,
  targetId: pulumi.Input<string>,
  workspaceId: pulumi.Input<string>,
  parent: pulumi.Resource,
): azure.monitor.DiagnosticSetting {
  return new azure.monitor.DiagnosticSetting(
    name,
    { name, resourceUri: targetId, workspaceId, logs: [{ ...LOGS[kind], enabled: true }] },
    { parent },
  );
}
