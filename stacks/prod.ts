import { PrimarySite } from "../components/primary/primary-site.ts";
import { perWorkload } from "./per-workload.ts";
import type { Settings } from "./settings.ts";
import { tagsFor } from "./tags.ts";

/** The primary site of each workload: AWS only. */
export function prod(workloads: Settings<"prod">[]) {
  return perWorkload(workloads, primarySite);
}

function primarySite(settings: Settings<"prod">) {
  const site = new PrimarySite(settings.workload, {
    workload: settings.workload,
    region: settings["aws:region"],
    cidr: settings.primaryCidr,
    zones: settings.zones,
    natGateways: settings.natGateways,
    domain: settings.domain,
    zoneId: settings.zoneId === "create" ? undefined : settings.zoneId,
    appName: settings.appName,
    contentName: settings.contentName,
    healthPath: settings.healthPath,
    servers: { min: settings.serversMin, max: settings.serversMax },
    serverImage: settings.serverImage,
    serverType: settings.serverType,
    database: {
      name: settings.databaseName,
      instanceClass: settings.databaseClass,
      storageGib: settings.databaseStorageGib,
      maxStorageGib: settings.databaseMaxStorageGib,
      backupDays: settings.databaseBackupDays,
      passwordGeneration: settings.databasePasswordGeneration,
      hostName: settings.databaseHostName || undefined,
    },
    objectLock: { mode: settings.objectLockMode, days: settings.objectLockDays },
    vaultLock: { mode: settings.vaultLockMode, days: settings.vaultLockDays },
    logRetentionDays: settings.logRetentionDays,
    alertEmail: settings.alertEmail,
    protectData: settings.protectData,
    tags: tagsFor("primary", settings),
  });

  return {
    region: settings["aws:region"],
    cidr: settings.primaryCidr,
    appName: settings.appName,
    contentName: settings.contentName,
    healthPath: settings.healthPath,
    zoneId: site.zoneId,
    nameServers: site.nameServers,
    vpcId: site.network.vpcId,
    subnetIds: site.network.subnetIds,
    privateSubnetIds: site.network.subnetIds.private,
    routeTableIds: site.network.routeTableIds,
    appHost: site.web.dnsName,
    autoScalingGroupName: site.web.autoScalingGroupName,
    contentHost: site.delivery.domainName,
    contentBucketName: site.content.bucketName,
    contentBucketArn: site.content.bucketArn,
    databaseArn: site.database.arn,
    databaseAddress: site.database.address,
    databaseHostName: settings.databaseHostName || undefined,
    databasePort: site.database.port,
    databaseIdentifier: site.database.identifier,
    databaseSecretArn: site.database.secretArn,
    databaseSecurityGroupId: site.securityGroups.ids.database,
    serverSecurityGroupId: site.securityGroups.ids.servers,
    alarmTopicArn: site.alarms.topicArn,
  };
}
