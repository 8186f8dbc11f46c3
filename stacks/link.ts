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
      region: outputOf(primary, "region"),
      bucketName: outputOf(primary, "contentBucketName"),
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
    tags: tagsFor("replication", settings),
  });

  return {
    objectsQueueUrl: objects.queueUrl,
    objectsDeadLetterQueueUrl: objects.deadLetterQueueUrl,
    objectsFunctionName: objects.functionName,
  };
}
