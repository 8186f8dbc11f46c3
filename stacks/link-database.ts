import * as pulumi from "@pulumi/pulumi";
import { DatabaseDump } from "../components/replication/database-dump.ts";
import { DumpBucket } from "../components/replication/dump-bucket.ts";
import { ObjectReplication } from "../components/replication/object-replication.ts";
import { PrimaryReplicator } from "../components/replication/primary-replicator.ts";
import { SecretReader } from "../components/standby/secret-reader.ts";
import { STRATEGIES, standbyPlan } from "../components/standby/standby-plan.ts";
import type { Tags } from "../components/tags.ts";
import { CARRIED_PREFIXES } from "../lambdas/database/layout.ts";
import { listOf, outputOf, type Reference, type Sides } from "./references.ts";
import type { Settings } from "./settings.ts";
import { tagsFor } from "./tags.ts";

/** Where the primary's database answers. */
interface Place {
  host: pulumi.Output<string>;
  port: pulumi.Output<number>;
}

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
  const live = settings.databaseReplication === "live";
  const replicator = live ? replicatorOf(`${workload}-replicator`, database, standby, tags) : undefined;

  const { bucketName, bucketArn } = new DumpBucket(`${workload}-dumps`, {
    days: { daily: settings.dailyDumps, weekly: settings.weeklyDumps, monthly: settings.monthlyDumps },
    lockMode: settings.objectLockMode,
    protectData,
    tags,
  });
  const copy = new ObjectReplication(`${workload}-dumps-copy`, {
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
    dumpsQueueUrl: copy.queueUrl,
    dumpsDeadLetterQueueUrl: copy.deadLetterQueueUrl,
    sweeperMachineArn: dump.sweeperMachineArn,
  };
}

/** The user that the standby follows by, whom its controller is let know; only where it would follow. */
function replicatorOf(name: string, { host, port }: Place, standby: Reference, tags: Tags): PrimaryReplicator {
  const resourceGroupName = whereFollowed(standby).apply(() => outputOf(standby, "resourceGroupName"));
  const vault = { resourceGroupName, vaultName: outputOf(standby, "vaultName") };
  const replicator = new PrimaryReplicator(name, { host, port, vault, tags });
  new SecretReader(`${name}-reader`, {
    resourceGroupId: outputOf(standby, "resourceGroupId"),
    scope: replicator.vaultSecretId,
    principalId: outputOf(standby, "controllerPrincipalId"),
  });
  return replicator;
}

/** Strategies in which the standby's database follows the primary. */
const FOLLOWING: readonly string[] = STRATEGIES.filter(
  (strategy) => standbyPlan(strategy, "none", false).database.follows === "primary",
);

/** @returns the standby's strategy @throws pulumi.RunError inside the output, when in it nobody would follow */
function whereFollowed(standby: Reference): pulumi.Output<string> {
  return pulumi.all([standby.stack.name, outputOf(standby, "strategy")]).apply(([name, strategy]) => {
    if (FOLLOWING.includes(strategy)) return strategy;
    const short = name.slice(name.lastIndexOf("/") + 1);
    throw new pulumi.RunError(
      `multicloud-dr:databaseReplication of this stack is live, and wants a standby that follows; found ` +
        `multicloud-dr:strategy ${strategy} in stack ${short}: set databaseReplication to nightly here, or strategy to ` +
        `${FOLLOWING.join(" or ")} there and deploy it first, with \`pulumi up --stack ${short}\``,
    );
  });
}
