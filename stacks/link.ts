import * as pulumi from "@pulumi/pulumi";
import { ObjectReplication } from "../components/replication/object-replication.ts";
import { outputOf, stackOf } from "./references.ts";
import type { Settings } from "./settings.ts";
import { tagsFor } from "./tags.ts";

/** Everything that needs both clouds. Never touched in a disaster. */
export function link(settings: Settings<"link">) {
  const primary = stackOf(settings.prodStack);
  const standby = stackOf(settings.drStack);

  const objects = new ObjectReplication(`${settings.workload}-objects`, {
    source: {
      bucketName: bucketIn(settings["aws:region"], primary),
      bucketArn: outputOf(primary, "contentBucketArn"),
    },
    target: {
      blobEndpoint: outputOf(standby, "copiesBlobEndpoint"),
      containerName: outputOf(standby, "copiesContainerName"),
      resourceGroupName: outputOf(standby, "resourceGroupName"),
      identityName: outputOf(standby, "writerIdentityName"),
      clientId: outputOf(standby, "writerClientId"),
      tenantId: outputOf(standby, "writerTenantId"),
    },
    concurrency: settings.replicationConcurrency,
    webIdentityIssuer: settings.webIdentityIssuer === "enable" ? undefined : settings.webIdentityIssuer,
    tags: tagsFor("replication", settings),
  });

  return {
    objectsQueueUrl: objects.queueUrl,
    objectsDeadLetterQueueUrl: objects.deadLetterQueueUrl,
    objectsFunctionName: objects.functionName,
  };
}

/** The bucket's name, once it is sure that it lies in our region. */
function bucketIn(region: string, primary: pulumi.StackReference): pulumi.Output<string> {
  return pulumi.all([outputOf(primary, "contentBucketName"), outputOf(primary, "region")]).apply(([name, found]) => {
    if (found === region) return name;
    throw new pulumi.RunError(
      `aws:region of this stack is ${region}, the bucket ${name} lies in ${found}; S3 sends events to queues of its ` +
        `own region only: pulumi config set aws:region ${found}`,
    );
  });
}
