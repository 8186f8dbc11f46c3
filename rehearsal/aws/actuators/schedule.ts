import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  type FlexibleTimeWindowMode,
  type GetScheduleCommandOutput,
  type ScheduleState,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import type { Actuator } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, ignoreMissing, number, text } from "./common.ts";
import { asGiven } from "./documents.ts";
import { requireRight, requireTrust, type Trusted } from "./role-trust.ts";
import { checkSchedule, isMachine } from "./schedule-checks.ts";
import { findSchedule } from "./schedule-lookup.ts";

const SCHEDULER: Trusted = {
  service: "scheduler.amazonaws.com",
  error: "ValidationException",
  source: "CreateSchedule",
};

/** aws:scheduler/schedule:Schedule; its `id` is its group and its name. The emulator looks every ten seconds. */
export const schedule: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "namePrefix", "groupName"],

  check: checkSchedule,

  async create(inputs, cloud) {
    await requireFit(cloud, inputs);
    const { ScheduleArn } = await cloud.scheduler.send(new CreateScheduleCommand(settingsFrom(inputs)));
    return { id: `default/${inputs.name}`, properties: { arn: ScheduleArn } };
  },

  async read({ properties }, cloud) {
    const found = await findSchedule(cloud, String(properties.name));
    return found && { arn: found.Arn, ...settingsOf(found, properties) };
  },

  async update({ properties }, inputs, cloud) {
    await requireFit(cloud, inputs);
    await cloud.scheduler.send(new UpdateScheduleCommand(settingsFrom(inputs)));
    return { arn: properties.arn };
  },

  delete: ({ properties }, cloud) =>
    ignoreMissing(cloud.scheduler.send(new DeleteScheduleCommand({ Name: String(properties.name) }))),
};

/** Refuses a role that Scheduler may not take on, or that may not start the target. */
async function requireFit(cloud: AwsCloud, inputs: Properties): Promise<void> {
  const { arn, roleArn } = fields(inputs.target);
  await requireTrust(cloud, String(roleArn), SCHEDULER);
  const action = isMachine(String(arn)) ? "states:StartExecution" : "lambda:InvokeFunction";
  await requireRight(cloud, String(roleArn), { action, on: String(arn), holder: "schedule" });
}

/** What is not given is as it is initially. */
function settingsFrom(inputs: Properties) {
  const { mode, maximumWindowInMinutes } = fields(inputs.flexibleTimeWindow);
  const target = fields(inputs.target);
  const { maximumRetryAttempts, maximumEventAgeInSeconds } = fields(target.retryPolicy);
  return {
    Name: String(inputs.name),
    Description: text(inputs.description),
    ScheduleExpression: String(inputs.scheduleExpression),
    ScheduleExpressionTimezone: text(inputs.scheduleExpressionTimezone),
    State: text(inputs.state) as ScheduleState | undefined,
    FlexibleTimeWindow: {
      Mode: String(mode) as FlexibleTimeWindowMode,
      MaximumWindowInMinutes: number(maximumWindowInMinutes),
    },
    Target: {
      Arn: String(target.arn),
      RoleArn: String(target.roleArn),
      Input: text(target.input),
      RetryPolicy: {
        MaximumRetryAttempts: number(maximumRetryAttempts),
        MaximumEventAgeInSeconds: number(maximumEventAgeInSeconds),
      },
    },
  };
}

/** The settings as the inputs write them. */
function settingsOf(found: GetScheduleCommandOutput, { target }: Properties): Properties {
  const { Arn, Input, RetryPolicy, RoleArn } = found.Target ?? {};
  return {
    description: found.Description,
    scheduleExpression: found.ScheduleExpression,
    scheduleExpressionTimezone: found.ScheduleExpressionTimezone,
    state: found.State,
    flexibleTimeWindow: given({
      mode: found.FlexibleTimeWindow?.Mode,
      maximumWindowInMinutes: found.FlexibleTimeWindow?.MaximumWindowInMinutes,
    }),
    target: given({
      arn: Arn,
      roleArn: RoleArn,
      input: asGiven(Input, fields(target).input),
      retryPolicy:
        fields(target).retryPolicy &&
        given({
          maximumRetryAttempts: RetryPolicy?.MaximumRetryAttempts,
          maximumEventAgeInSeconds: RetryPolicy?.MaximumEventAgeInSeconds,
        }),
    }),
  };
}

/** Without the fields that are not set. */
function given(settings: Properties): Properties {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
