import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import type { AslMachine } from "./asl.ts";
import { starterPolicy } from "./dump-policies.ts";
import { invokerTrustPolicy } from "./policies.ts";

export interface ScheduledMachineArgs {
  definition: pulumi.Input<AslMachine>;
  /** ARN of anything in the account for which the machine may act. */
  ownArn: pulumi.Output<string>;
  /** Its rights. */
  policy(machineArn: string): pulumi.Output<string>;
  schedule: {
    description: string;
    /** When it is started, in UTC. @example "cron(15 2 * * ? *)" */
    expression: string;
  };
  tags: Tags;
}

/** Registers a state machine with its role, and the schedule that starts it. */
export function scheduledMachine(
  name: string,
  { definition, ownArn, policy, schedule, tags }: ScheduledMachineArgs,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const role = new aws.iam.Role(
    `${name}-role`,
    { assumeRolePolicy: ownArn.apply((arn) => invokerTrustPolicy("states.amazonaws.com", arn)), tags },
    { parent },
  );
  const machine = new aws.sfn.StateMachine(
    `${name}-machine`,
    { type: "STANDARD", roleArn: role.arn, definition: pulumi.jsonStringify(definition), tags },
    { parent },
  );
  // After the machine, which they may name, and before anybody starts it.
  const rights = new aws.iam.RolePolicy(
    `${name}-rights`,
    { role: role.name, policy: machine.arn.apply(policy) },
    { parent },
  );

  const starter = new aws.iam.Role(
    `${name}-schedule-role`,
    { assumeRolePolicy: machine.arn.apply((arn) => invokerTrustPolicy("scheduler.amazonaws.com", arn)), tags },
    { parent },
  );
  const starting = new aws.iam.RolePolicy(
    `${name}-schedule-rights`,
    { role: starter.name, policy: machine.arn.apply(starterPolicy) },
    { parent },
  );
  new aws.scheduler.Schedule(
    `${name}-schedule`,
    {
      description: schedule.description,
      scheduleExpression: schedule.expression,
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      // No second try: the first one may have started it although its answer was lost. Who is told is the alarm.
      target: { arn: machine.arn, roleArn: starter.arn, input: "{}", retryPolicy: { maximumRetryAttempts: 0 } },
    },
    { parent, dependsOn: [rights, starting] },
  );
  return machine.arn;
}
