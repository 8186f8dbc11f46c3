import type * as pulumi from "@pulumi/pulumi";
import { DatabaseDump } from "../components/replication/database-dump.ts";
import { DumpBucket } from "../components/replication/dump-bucket.ts";
import { ObjectReplication } from "../components/replication/object-replication.ts";
import { PrimaryReplicator } from "../components/replication/primary-replicator.ts";
import { CARRIED_PREFIXES } from "../lambdas/database/layout.ts";
import { listOf, outputOf, type Sides } from "./references.ts";
import type { Settings } from "./settings.ts";
import { tagsFor } from "./tags.ts";

/** The database's way to the standby: dumps every night, and where it follows live, a user for that. */
export function databaseReplication(
  settings: Settings<"link">,
  webIdentityIssuer: pulumi.Output<string>,
  { primary, standby }: Sides,
) {
  const { workload, protectData } = settings;
  const tags = tagsFor("replication", settings);
  const alarmTopicArn = outputOf(primary, "alarmTopicArn");
  const database = {
    identifier: outputOf(primary, "databaseIdentifier"),
    arn: outputOf(primary, "databaseArn"),
    host: outputOf(primary, "databaseAddress"),
    port: outputOf(primary, "databasePort").apply(Number),
    securityGroupId: outputOf(primary, "databaseSecurityGroupId"),
    secretArn: outputOf(primary, "databaseSecretArn"),
  };
  const resourceGroupName = outputOf(standby, "resourceGroupName");
  const replicator =
    settings.databaseReplication === "live"
      ? new PrimaryReplicator(`${workload}-replicator`, {
          host: database.host,
          port: database.port,
          vault: { resourceGroupName, vaultName: outputOf(standby, "vaultName") },
          tags,
        })
      : undefined;

  const { bucketName, bucketArn } = new DumpBucket(`${workload}-dumps`, {
    days: { daily: settings.dailyDumps, weekly: settings.weeklyDumps, monthly: settings.monthlyDumps },
    lockMode: settings.objectLockMode,
    protectData,
    tags,
  });
  new ObjectReplication(`${workload}-dumps-copy`, {
    // Each side drops its dumps by itself: whoever deletes here deletes nothing there.
    source: { bucketName, bucketArn, prefixes: CARRIED_PREFIXES, additionsOnly: true },
    target: {
      blobEndpoint: outputOf(standby, "dumpsBlobEndpoint"),
      containerName: outputOf(standby, "dumpsContainerName"),
      resourceGroupName,
      identityName: outputOf(standby, "dumpWriterIdentityName"),
      clientId: outputOf(standby, "dumpWriterClientId"),
      tenantId: outputOf(standby, "writerTenantId"),
    },
    concurrency: settings.replicationConcurrency,
    serverSideCopy: settings.serverSideCopy,
    webIdentityIssuer,
    alarmTopicArn,
    tags,
  });
  const dump = new DatabaseDump(`${workload}-dump`, {
    workload,
    database,
    vpcId: outputOf(primary, "vpcId"),
    subnetIds: listOf(primary, "privateSubnetIds"),
    bucket: { bucketName, bucketArn },
    concurrency: settings.dumpConcurrency,
    time: settings.dumpTime,
    replicatorSecretArn: replicator?.secretArn,
    alarmTopicArn,
    tags,
  });

  return {
    dumpMachineArn: dump.machineArn,
    dumpBucketName: bucketName,
    dumpFunctionName: dump.dumpFunctionName,
    sweeperMachineArn: dump.sweeperMachineArn,
  };
}
