import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { invokerPolicy, invokerTrustPolicy } from "./policies.ts";

/**
 * Registers a schedule that has the replicator look, every minute, whether what it parked can go on: while there
 * is no disaster and nothing is parked, that is one short run a minute.
 */
export function resumeSchedule(
  name: string,
  { functionArn, tags }: { functionArn: pulumi.Output<string>; tags: Tags },
  parent: pulumi.Resource,
): void {
  const role = new aws.iam.Role(
    `${name}-resume-role`,
    { assumeRolePolicy: functionArn.apply((arn) => invokerTrustPolicy("scheduler.amazonaws.com", arn)), tags },
    { parent },
  );
  const rights = new aws.iam.RolePolicy(
    `${name}-resume-rights`,
    { role: role.name, policy: functionArn.apply(invokerPolicy) },
    { parent },
  );
  new aws.scheduler.Schedule(
    `${name}-resume`,
    {
      description: "Has the replicator resume what it parked, once the content is no longer declared lost.",
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: functionArn,
        roleArn: role.arn,
        input: JSON.stringify({ resume: true }),
        // The next minute is the retry.
        retryPolicy: { maximumRetryAttempts: 0 },
      },
    },
    { parent, dependsOn: rights },
  );
}
