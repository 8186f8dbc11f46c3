import type * as azure from "@pulumi/azure-native";
import type * as pulumi from "@pulumi/pulumi";
import { ContainerRegistry } from "./container-registry.ts";
import type { StandbySiteArgs } from "./standby-site-args.ts";

/** Registers where images of containers are copied; nothing while no repository is listed. */
export function standbyRegistry(
  name: string,
  { containerRepositories, plan, copies, workload, protectData, tags }: StandbySiteArgs,
  group: azure.resources.ResourceGroup,
  workspaceId: pulumi.Output<string>,
  parent: pulumi.Resource,
): ContainerRegistry | undefined {
  if (containerRepositories.length === 0) return undefined;
  return new ContainerRegistry(
    name,
    {
      resourceGroupName: group.name,
      resourceGroupId: group.id,
      workload,
      retentionDays: copies.retentionDays,
      fenced: plan.serves.includes("site"),
      workspaceId,
      protectData,
      tags,
    },
    { parent },
  );
}
