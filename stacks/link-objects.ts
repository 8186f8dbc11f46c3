import * as pulumi from "@pulumi/pulumi";
import { ObjectReplication } from "../components/replication/object-replication.ts";
import { Reconciliation } from "../components/replication/reconciliation.ts";
import { markerPath } from "../components/standby/declaration.ts";
import { outputOf, type Sides } from "./references.ts";
import type { Settings } from "./settings.ts";
import { tagsFor } from "./tags.ts";

/** The content's way to the standby. */
export function objectReplication(
  settings: Settings<"link">,
  webIdentityIssuer: pulumi.Output<string>,
  { primary, standby }: Sides,
) {
  const { workload, replicationConcurrency: concurrency } = settings;
  const tags = tagsFor("replication", settings);
  const source = {
    bucketName: bucketIn(settings["aws:region"], primary),
    bucketArn: outputOf(primary, "contentBucketArn"),
  };
  const objects = new ObjectReplication(`${workload}-objects`, {
    source,
    target: {
      blobEndpoint: outputOf(standby, "copiesBlobEndpoint"),
      containerName: outputOf(standby, "copiesContainerName"),
      resourceGroupName: outputOf(standby, "resourceGroupName"),
      identityName: outputOf(standby, "writerIdentityName"),
      clientId: outputOf(standby, "writerClientId"),
      tenantId: outputOf(standby, "writerTenantId"),
      markerUrl: pulumi.interpolate`${outputOf(standby, "markerEndpoint")}${markerPath("content")}`,
    },
    concurrency,
    serverSideCopy: settings.serverSideCopy,
    webIdentityIssuer,
    alarmTopicArn: outputOf(primary, "alarmTopicArn"),
    tags,
  });
  const { functionArn } = objects;
  const reconciliation = new Reconciliation(`${workload}-reconciliation`, { source, functionArn, concurrency, tags });

  return {
    objectsQueueUrl: objects.queueUrl,
    objectsDeadLetterQueueUrl: objects.deadLetterQueueUrl,
    objectsParkedQueueUrl: objects.parkedQueueUrl,
    objectsFunctionName: objects.functionName,
    objectsReconciliationArn: reconciliation.stateMachineArn,
  };
}

/** The bucket's name, once it is sure that it lies in our region. */
function bucketIn(region: string, primary: Sides["primary"]): pulumi.Output<string> {
  return pulumi.all([outputOf(primary, "contentBucketName"), outputOf(primary, "region")]).apply(([name, found]) => {
    if (found === region) return name;
    throw new pulumi.RunError(
      `aws:region of this stack is ${region}, the bucket ${name} lies in ${found}; S3 sends events to queues of its ` +
        `own region only: pulumi config set aws:region ${found}`,
    );
  });
}
