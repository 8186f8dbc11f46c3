import type * as pulumi from "@pulumi/pulumi";
import { SecretReplication } from "../components/replication/secret-replication.ts";
import { outputOf, type Sides } from "./references.ts";
import type { Settings } from "./settings.ts";
import { tagsFor } from "./tags.ts";

/** The secrets' way to the standby, unless it is off. */
export function secretReplication(
  settings: Settings<"link">,
  webIdentityIssuer: pulumi.Output<string>,
  { primary, standby }: Sides,
) {
  const { workload, secretReplication: mode } = settings;
  if (mode === "off") return {};
  const secrets = new SecretReplication(`${workload}-secrets`, {
    workload,
    mode,
    target: {
      vaultUri: outputOf(standby, "secretsVaultUri"),
      resourceGroupName: outputOf(standby, "resourceGroupName"),
      identityName: outputOf(standby, "secretsWriterIdentityName"),
      clientId: outputOf(standby, "secretsWriterClientId"),
      tenantId: outputOf(standby, "writerTenantId"),
    },
    webIdentityIssuer,
    alarmTopicArn: outputOf(primary, "alarmTopicArn"),
    tags: tagsFor("replication", settings),
  });
  return {
    secretsFunctionName: secrets.functionName,
    secretsQueueUrl: secrets.queueUrl,
    secretsDeadLetterQueueUrl: secrets.deadLetterQueueUrl,
  };
}
