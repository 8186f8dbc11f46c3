import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { invokerTrustPolicy } from "./policies.ts";

export interface ScheduleArgs {
  description: string;
  /** When it starts it, in UTC. @example "cron(15 2 * * ? *)" */
  expression: string;
  /** What is started, and with which input. */
  target: { arn: pulumi.Output<string>; input: object };
  /** The right to start it. */
  policy(targetArn: string): string;
  /** What must stand before it is started for the first time. */
  after: pulumi.Resource[];
  tags: Tags;
}

/** Registers a schedule, with the role by which it starts something. */
export function schedule(name: string, { target, tags, ...args }: ScheduleArgs, parent: pulumi.Resource): void {
  const role = new aws.iam.Role(
    `${name}-role`,
    { assumeRolePolicy: target.arn.apply((arn) => invokerTrustPolicy("scheduler.amazonaws.com", arn)), tags },
    { parent },
  );
  const rights = new aws.iam.RolePolicy(
    `${name}-rights`,
    { role: role.name, policy: target.arn.apply(args.policy) },
    { parent },
  );
  new aws.scheduler.Schedule(
    name,
    {
      description: args.description,
      scheduleExpression: args.expression,
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: target.arn,
        roleArn: role.arn,
        input: JSON.stringify(target.input),
        // No second try: the first one may have started it although its answer was lost, and the next time comes.
        retryPolicy: { maximumRetryAttempts: 0 },
      },
    },
    { parent, dependsOn: [rights, ...args.after] },
  );
}
