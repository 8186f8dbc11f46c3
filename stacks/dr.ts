import * as azure from "@pulumi/azure-native";
import { ContentCopies } from "../components/standby/content-copies.ts";
import { ContentWriter } from "../components/standby/content-writer.ts";
import { servesContent } from "../components/standby/disaster.ts";
import { Network } from "../components/standby/network.ts";
import type { Settings } from "./settings.ts";
import { tagsFor } from "./tags.ts";

/** The standby site: Azure only, so that it can be brought up with all of AWS dead. */
export function dr(settings: Settings<"dr">) {
  const { workload, standbyCidr, declareDisaster, copyRetentionDays, protectData } = settings;
  const tags = tagsFor("standby", settings);

  // Deleting a resource group deletes all that is in it, the copies too.
  const group = new azure.resources.ResourceGroup(
    `${workload}-standby`,
    { resourceGroupName: `${workload}-standby`, tags },
    { protect: protectData, retainOnDelete: protectData },
  );
  const network = new Network(`${workload}-standby`, {
    resourceGroupName: group.name,
    cidr: standbyCidr,
    tags,
  });
  const copies = new ContentCopies(`${workload}-copies`, {
    resourceGroupName: group.name,
    workload,
    retentionDays: copyRetentionDays,
    protectData,
    tags,
  });
  const writer = new ContentWriter(`${workload}-content-writer`, {
    resourceGroupName: group.name,
    resourceGroupId: group.id,
    containerId: copies.containerId,
    fenced: servesContent(declareDisaster),
    tags,
  });

  return {
    declaredDisaster: declareDisaster,
    resourceGroupName: group.name,
    virtualNetworkId: network.virtualNetworkId,
    copiesBlobEndpoint: copies.blobEndpoint,
    copiesContainerName: copies.containerName,
    writerIdentityName: writer.identityName,
    writerClientId: writer.clientId,
    writerTenantId: writer.tenantId,
  };
}
