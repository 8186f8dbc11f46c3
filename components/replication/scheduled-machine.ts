import type * as pulumi from "@pulumi/pulumi";
import { starterPolicy } from "./dump-policies.ts";
import { type MachineArgs, machine } from "./machine.ts";
import { schedule } from "./schedule.ts";

export interface ScheduledMachineArgs extends MachineArgs {
  schedule: {
    description: string;
    /** When it is started, in UTC. @example "cron(15 2 * * ? *)" */
    expression: string;
  };
}

/** Registers a state machine with its role, and the schedule that starts it. */
export function scheduledMachine(
  name: string,
  args: ScheduledMachineArgs,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { tags } = args;
  const { arn, rights } = machine(name, args, parent);
  const target = { arn, input: {} };
  schedule(`${name}-schedule`, { ...args.schedule, target, policy: starterPolicy, after: [rights], tags }, parent);
  return arn;
}
