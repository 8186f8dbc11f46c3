import { tierRange } from "../components/primary/address-plan.ts";
import type { PrimaryPeers } from "../components/standby/network-rules.ts";
import { serverSizes } from "../components/standby/server-sizes.ts";
import { standbyPlan } from "../components/standby/standby-plan.ts";
import { StandbySite } from "../components/standby/standby-site.ts";
import { WebTier } from "../components/standby/web-tier.ts";
import { perWorkload } from "./per-workload.ts";
import type { Settings } from "./settings.ts";
import { tagsFor } from "./tags.ts";

/** The standby of each workload: Azure only, so that it can be brought up with all of AWS dead. */
export function dr(workloads: Settings<"dr">[]) {
  return perWorkload(workloads, standbySite);
}

function standbySite(settings: Settings<"dr">) {
  const { declareDisaster, appName, contentName } = settings;
  const capacity = {
    servers: { min: settings.serversMin, max: settings.serversMax },
    warmServers: settings.warmServers,
  };
  const { handBack, growDatabase } = settings;
  const plan = standbyPlan(settings.strategy, declareDisaster, settings.drill, capacity, { handBack, growDatabase });
  const site = new StandbySite(settings.workload, {
    workload: settings.workload,
    plan,
    declared: { disaster: declareDisaster, why: settings.declareWhy, by: settings.declareBy },
    cidr: settings.standbyCidr,
    primary: primaryPeers(settings),
    domain: settings.domain,
    appName,
    contentName,
    healthPath: settings.healthPath,
    serverImage: settings.standbyImage,
    replicatesImages: settings.imageReplication === "on",
    serverSize: settings.standbyServerSize,
    mostServers: settings.serversMax,
    database: {
      name: settings.databaseName,
      fullSize: settings.standbyDatabaseSize,
      reducedSize: settings.standbyDatabaseReducedSize,
      storageGib: settings.databaseStorageGib,
      backupDays: settings.databaseBackupDays,
      password: settings.databasePassword || undefined,
      givenUp: settings.databaseGivenUp || undefined,
    },
    copies: {
      retentionDays: settings.copyRetentionDays,
      immutability: { days: settings.immutabilityDays, locked: settings.lockImmutability },
      tier: settings.copyTier,
      dumpDays: { daily: settings.dailyDumps, weekly: settings.weeklyDumps, monthly: settings.monthlyDumps },
    },
    containerRepositories: settings.containerRepositories,
    webTier: settings.webTier,
    containerImage: settings.containerImage,
    logRetentionDays: settings.logRetentionDays,
    monthlyBudget: settings.monthlyBudget,
    alertEmail: settings.alertEmail,
    protectData: settings.protectData,
    strategy: settings.strategy,
    lastDrill: settings.lastDrill || undefined,
    tags: tagsFor("standby", settings),
  });
  const { content, dumps, images } = site.copies;

  return {
    strategy: settings.strategy,
    vpn: settings.vpn,
    cidr: settings.standbyCidr,
    declaredDisaster: declareDisaster,
    plan,
    appName,
    contentName,
    healthPath: settings.healthPath,
    resourceGroupName: site.resourceGroupName,
    resourceGroupId: site.resourceGroupId,
    virtualNetworkId: site.network.virtualNetworkId,
    copiesBlobEndpoint: content.blobEndpoint,
    copiesContainerName: content.containerName,
    writerIdentityName: site.writer.identityName,
    writerClientId: site.writer.clientId,
    writerTenantId: site.writer.tenantId,
    dumpsBlobEndpoint: dumps.blobEndpoint,
    dumpsContainerName: dumps.containerName,
    dumpWriterIdentityName: site.dumpWriter.identityName,
    dumpWriterClientId: site.dumpWriter.clientId,
    registryLoginServer: site.registry?.loginServer,
    registryWriterIdentityName: site.registry?.writerIdentityName,
    registryWriterClientId: site.registry?.writerClientId,
    vaultName: site.vault.vaultName,
    secretsVaultUri: site.secrets.vaultUri,
    secretsWriterIdentityName: site.secrets.writer.identityName,
    secretsWriterClientId: site.secrets.writer.clientId,
    databaseServerId: site.database?.serverId,
    databaseHost: site.database?.host,
    webTier: settings.webTier,
    scaleSetId: site.web instanceof WebTier ? site.web.scaleSetId : undefined,
    // Containers answer at their own name only, by which no user knows them: there is no way past the edge.
    bypassHost: site.web instanceof WebTier ? site.web.host : undefined,
    serverSizes: serverSizes(settings.standbyServerSize, settings.otherServerSizes),
    imageDefinitionId: site.gallery.imageDefinitionId,
    ...(site.images && {
      images: {
        blobEndpoint: images.blobEndpoint,
        containerName: images.containerName,
        accountId: images.accountId,
        writerIdentityName: site.images.writer.identityName,
        writerClientId: site.images.writer.clientId,
        bootGroupId: site.images.bootRoom.resourceGroupId,
        bootSubnetId: site.images.bootRoom.subnetId,
        bootSize: settings.standbyServerSize,
      },
    }),
    appHost: site.frontDoor.appEndpointHost,
    appToken: site.frontDoor.validationTokens.app,
    contentHost: site.frontDoor.contentEndpointHost,
    contentToken: site.frontDoor.validationTokens.content,
    markerEndpoint: site.marker.webEndpoint,
    breakGlassNameServers: site.breakGlass.nameServers,
    controllerName: site.controller.functionAppName,
    controllerPrincipalId: site.controller.principalId,
    controlEndpoint: site.controller.controlEndpoint,
  };
}

/** Who of the primary there is a way to, once `link` has made it; the ranges are the primary's, by its own plan. */
function primaryPeers({ vpn, primaryCidr }: Settings<"dr">): PrimaryPeers | undefined {
  if (vpn === "none") return undefined;
  const servers = tierRange(primaryCidr, "private");
  return vpn === "standing" ? { servers, database: tierRange(primaryCidr, "data") } : { servers };
}
