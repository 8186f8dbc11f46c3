import type * as azure from "@pulumi/azure-native";
import type * as pulumi from "@pulumi/pulumi";
import type { ContainerRegistry } from "./container-registry.ts";
import { CONTAINER_PORT, ContainerTier } from "./container-tier.ts";
import type { Copies } from "./copies.ts";
import type { Database } from "./database.ts";
import { SERVER_PORT } from "./load-balancing.ts";
import type { SecretCopies } from "./secret-copies.ts";
import { standbyDocument } from "./standby-document.ts";
import type { StandbySiteArgs } from "./standby-site-args.ts";
import { WebTier } from "./web-tier.ts";

/** Every region that the settings take has these. */
const ZONES = ["1", "2", "3"];

/** What a web tier stands among. */
export interface WebSurroundings {
  group: azure.resources.ResourceGroup;
  workspaceId: pulumi.Output<string>;
  /** There while images of containers are copied. */
  registry: ContainerRegistry | undefined;
  /** There while the plan has one. */
  database: Database | undefined;
  content: Copies;
  secrets: SecretCopies;
  /** Where images of the primary's servers are kept. */
  imageDefinitionId: pulumi.Output<string>;
  subnetId: pulumi.Output<string>;
}

/** Registers what serves at the standby: servers of an image, or containers. */
export function standbyWeb(
  name: string,
  args: StandbySiteArgs,
  { group, workspaceId, registry, database, content, secrets, imageDefinitionId, subnetId }: WebSurroundings,
  parent: pulumi.Resource,
): WebTier | ContainerTier {
  const { workload, appName, healthPath, plan, tags } = args;
  const documentFor = (port: number) =>
    standbyDocument({
      workload,
      appName,
      healthPath,
      port,
      databaseName: args.database.name,
      database,
      content,
      secrets,
    });
  const placed = { resourceGroupName: group.name, subnetId, servers: plan.servers, healthPath, tags };
  if (args.webTier === "containers" && registry) {
    return new ContainerTier(
      name,
      {
        ...{ ...placed, workspaceId, resourceGroupId: group.id, registry },
        ...{ image: args.containerImage, siteDocument: documentFor(CONTAINER_PORT) },
      },
      { parent },
    );
  }
  return new WebTier(
    name,
    {
      ...{ ...placed, workload, zones: ZONES, image: args.serverImage, vmSize: args.serverSize },
      ...{
        mostServers: args.mostServers,
        siteDocument: documentFor(SERVER_PORT),
        replicatedImageId: imageDefinitionId,
      },
    },
    { parent },
  );
}
