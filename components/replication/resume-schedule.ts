import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { invokerPolicy } from "./policies.ts";
import { schedule } from "./schedule.ts";

/**
 * Registers a schedule that has the replicator look, every minute, whether what it parked can go on: while there
 * is no disaster and nothing is parked, that is one short run a minute.
 */
export function resumeSchedule(
  name: string,
  { functionArn, tags }: { functionArn: pulumi.Output<string>; tags: Tags },
  parent: pulumi.Resource,
): void {
  schedule(
    `${name}-resume`,
    {
      description: "Has the replicator resume what it parked, once the content is no longer declared lost.",
      expression: "rate(1 minute)",
      target: { arn: functionArn, input: { resume: true } },
      policy: invokerPolicy,
      after: [],
      tags,
    },
    parent,
  );
}
