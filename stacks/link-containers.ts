import * as pulumi from "@pulumi/pulumi";
import { ContainerReplication } from "../components/replication/container-replication.ts";
import { markerPath } from "../components/standby/declaration.ts";
import { outputOf, type Sides } from "./references.ts";
import type { Settings } from "./settings.ts";
import { tagsFor } from "./tags.ts";

/** The containers' images' way to the standby; none where no repository is listed. */
export function containerReplication(
  settings: Settings<"link">,
  webIdentityIssuer: pulumi.Output<string>,
  { primary, standby }: Sides,
) {
  const { workload, containerRepositories: repositories } = settings;
  if (repositories.length === 0) return {};
  const containers = new ContainerReplication(`${workload}-containers`, {
    repositories,
    target: {
      loginServer: outputOf(standby, "registryLoginServer"),
      resourceGroupName: outputOf(standby, "resourceGroupName"),
      identityName: outputOf(standby, "registryWriterIdentityName"),
      clientId: outputOf(standby, "registryWriterClientId"),
      tenantId: outputOf(standby, "writerTenantId"),
      markerUrl: pulumi.interpolate`${outputOf(standby, "markerEndpoint")}${markerPath("site")}`,
    },
    webIdentityIssuer,
    alarmTopicArn: outputOf(primary, "alarmTopicArn"),
    tags: tagsFor("replication", settings),
  });
  return {
    containersQueueUrl: containers.queueUrl,
    containersDeadLetterQueueUrl: containers.deadLetterQueueUrl,
    containersFunctionName: containers.functionName,
  };
}
