import type { CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, number, refuseLeftOut, text } from "./common.ts";
import { parse } from "./documents.ts";
import { findFunction } from "./function-lookup.ts";
import { checkRoleArn } from "./role-trust.ts";
import { findSchedule } from "./schedule-lookup.ts";
import { findStateMachine } from "./state-machine-lookup.ts";

const LEFT_OUT = ["groupName", "kmsKeyArn", "startDate", "endDate", "actionAfterCompletion"];
const TARGETS_LEFT_OUT = [
  ...["deadLetterConfig", "ecsParameters", "eventbridgeParameters", "kinesisParameters"],
  ...["sagemakerPipelineParameters", "sqsParameters"],
];

/** What a schedule may say of when: at a time, at a rate, or by cron's six fields ("Schedule types"). */
const EXPRESSION =
  /^(at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|rate\((1 (minute|hour|day)|(?!1 )[1-9]\d* (minutes|hours|days))\)|cron\(\S+( \S+){5}\))$/;

/** Everything that EventBridge Scheduler would refuse about a schedule of a function or a state machine. */
export async function checkSchedule(inputs: Properties, context: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const target = fields(inputs.target);
  return [
    ...refuseLeftOut(inputs, LEFT_OUT, "the schedule is in the default group, and runs for as long as it stands"),
    ...refuseLeftOut(target, TARGETS_LEFT_OUT, "the target is a function or a state machine"),
    ...(await checkName(text(inputs.name), context)),
    ...checkTimes(inputs),
    ...checkDelivery(target),
    ...(await checkTarget(target, context)),
  ];
}

async function checkName(name: string | undefined, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  if (name === undefined) return [];
  if (!/^[\w.-]{1,64}$/.test(name)) {
    const reason = `"${name}" is no schedule name: 1 to 64 of a-z, A-Z, 0-9, '_', '.' and '-' (CreateSchedule)`;
    return [{ property: "name", reason }];
  }
  if (name === former?.name || !(await findSchedule(cloud, name))) return [];
  return [{ property: "name", reason: `the schedule "${name}" exists already (ConflictException)` }];
}

function checkTimes(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const expression = text(inputs.scheduleExpression);
  if (expression !== undefined && !EXPRESSION.test(expression)) {
    const reason = `"${expression}" is no schedule: such as rate(5 minutes) or cron(0 4 * * ? *) (CreateSchedule)`;
    refusals.push({ property: "scheduleExpression", reason });
  }
  const { mode, maximumWindowInMinutes } = fields(inputs.flexibleTimeWindow);
  const minutes = number(maximumWindowInMinutes);
  const refuse = (reason: string) =>
    refusals.push({ property: "flexibleTimeWindow", reason: `${reason} (FlexibleTimeWindow)` });
  if (mode !== undefined && mode !== "OFF" && mode !== "FLEXIBLE") refuse(`mode "${mode}" is neither OFF nor FLEXIBLE`);
  if (mode === "OFF" && minutes !== undefined) refuse(`maximumWindowInMinutes ${minutes} beside mode "OFF"`);
  if (mode === "FLEXIBLE" && !(minutes !== undefined && minutes >= 1 && minutes <= 1440)) {
    refuse(`mode "FLEXIBLE" needs maximumWindowInMinutes, 1 to 1440`);
  }
  return refusals;
}

function checkDelivery(target: Properties): Refusal[] {
  const refuse = (reason: string): Refusal => ({ property: "target", reason });
  const refusals: Refusal[] = [];
  const input = text(target.input);
  if (input !== undefined && parse(input) === undefined) {
    refusals.push(refuse(`input is no JSON, which the target expects: ${input.slice(0, 40)} (Target)`));
  }
  const { maximumRetryAttempts, maximumEventAgeInSeconds } = fields(target.retryPolicy);
  const numbers: [string, unknown, number, number][] = [
    ["maximumRetryAttempts", maximumRetryAttempts, 0, 185],
    ["maximumEventAgeInSeconds", maximumEventAgeInSeconds, 60, 86_400],
  ];
  for (const [name, value, least, most] of numbers) {
    if (value === undefined || (Number(value) >= least && Number(value) <= most)) continue;
    refusals.push(refuse(`${name} ${value} is out of range: ${least} to ${most} (RetryPolicy)`));
  }
  return refusals;
}

async function checkTarget(target: Properties, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const known = fields(former?.target);
  const refusals: Refusal[] = [];
  const arn = text(target.arn);
  if (arn !== undefined && arn !== known.arn) {
    const [what, found] = isMachine(arn)
      ? ["state machine", await findStateMachine(cloud, arn)]
      : ["function", await findFunction(cloud, arn)];
    const reason = `there is no ${what} "${arn}" (ResourceNotFoundException)`;
    if (!found) refusals.push({ property: "target", reason });
  }
  const roleArn = text(target.roleArn);
  if (roleArn !== known.roleArn) {
    refusals.push(...(await checkRoleArn(cloud, roleArn, { property: "target", source: "CreateSchedule" })));
  }
  return refusals;
}

/** Whether a target is a state machine. */
export function isMachine(arn: string): boolean {
  return arn.includes(":stateMachine:");
}
