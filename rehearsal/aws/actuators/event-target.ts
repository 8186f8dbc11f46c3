import { ListTargetsByRuleCommand, PutTargetsCommand, RemoveTargetsCommand } from "@aws-sdk/client-eventbridge";
import type { Actuator, CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, ignoreMissing, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { asGiven, parse, statementsOf } from "./documents.ts";
import { ruleArn } from "./event-rule.ts";
import { queueAttributes, queueUrlOf } from "./queue-lookup.ts";
import { checkRoleArn, requireRight, requireTrust } from "./role-trust.ts";
import { isMachine } from "./schedule-checks.ts";
import { findStateMachine } from "./state-machine-lookup.ts";

const EVENTS = { service: "events.amazonaws.com", error: "ValidationException", source: "PutTargets" };

const LEFT_OUT = [
  ...["appsyncTarget", "batchTarget", "deadLetterConfig", "ecsTarget", "eventBusName", "httpTarget"],
  ...["inputPath", "inputTransformer", "kinesisTarget", "redshiftTarget", "retryPolicy"],
  ...["runCommandTargets", "sagemakerPipelineTarget", "sqsTarget"],
];

/**
 * aws:cloudwatch/eventTarget:EventTarget, a queue or a state machine that gets whole events, or one fixed input each time;
 * its `id` is its rule's name and its own.
 *
 * That there is a rule, and that the queue lets it send or its role lets it start, is found out when the target is put: in
 * a preview none of them may be there yet.
 */
export const eventTarget: Actuator<AwsCloud> = {
  autoname: { property: "targetId", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["rule", "targetId", "eventBusName"],

  async check(inputs, context) {
    return [
      ...refuseLeftOut(inputs, LEFT_OUT, "the target gets whole events, or one fixed input"),
      ...checkId(text(inputs.targetId)),
      ...checkInput(text(inputs.input)),
      ...(await checkGoal(text(inputs.arn), context)),
      ...(await checkRole(inputs, context)),
    ];
  },

  async create(inputs, cloud) {
    await put(inputs, cloud);
    return { id: `${inputs.rule}-${inputs.targetId}`, properties: {} };
  },

  async read({ properties }, cloud) {
    const asked = new ListTargetsByRuleCommand({ Rule: String(properties.rule) });
    const found = await unlessMissing(cloud.eventbridge.send(asked));
    const target = found?.Targets?.find(({ Id }) => Id === properties.targetId);
    if (!target) return undefined;
    const { Arn, Id, Input, RoleArn } = target;
    const { input, rule } = properties;
    return { rule, targetId: Id, arn: Arn, roleArn: RoleArn, input: asGiven(Input, input) };
  },

  async update(_, inputs, cloud) {
    await put(inputs, cloud);
    return {};
  },

  delete: ({ properties }, cloud) =>
    ignoreMissing(
      cloud.eventbridge.send(
        new RemoveTargetsCommand({ Rule: String(properties.rule), Ids: [String(properties.targetId)] }),
      ),
    ),
};

async function put(inputs: Properties, cloud: AwsCloud): Promise<void> {
  const { rule, targetId } = inputs;
  const arn = String(inputs.arn);
  if (isMachine(arn)) await requireStart(cloud, String(inputs.roleArn), arn);
  else await requireWay(cloud, ruleArn(cloud, String(rule)), arn);
  const target = { Id: String(targetId), Arn: arn, RoleArn: text(inputs.roleArn), Input: text(inputs.input) };
  await cloud.eventbridge.send(new PutTargetsCommand({ Rule: String(rule), Targets: [target] }));
}

/** Refuses a role that EventBridge may not take on, or that may not start the machine. */
async function requireStart(cloud: AwsCloud, roleArn: string, machineArn: string): Promise<void> {
  await requireTrust(cloud, roleArn, EVENTS);
  await requireRight(cloud, roleArn, { action: "states:StartExecution", on: machineArn, holder: "target" });
}

/** Refuses a queue whose policy does not let the rule send: AWS would take the target, and drop each event. */
async function requireWay(cloud: AwsCloud, rule: string, queueArn: string): Promise<void> {
  const url = await queueUrlOf(cloud, queueArn);
  const { Policy = "{}" } = (url && (await queueAttributes(cloud, url))) || {};
  const allowed = statementsOf(Policy).some(({ Effect, Principal, Action, Condition }) => {
    const service = fields(Principal).Service;
    const [[, condition] = []] = Object.entries(fields(Condition)).filter(([kind]) => /^Arn(Equals|Like)$/.test(kind));
    const source = fields(condition)["aws:SourceArn"];
    const sends = [Action].flat().includes("sqs:SendMessage");
    return Effect === "Allow" && sends && [service].flat().includes(EVENTS.service) && source === rule;
  });
  if (allowed) return;
  throw new Error(
    `the policy of ${queueArn} does not let ${rule} send: events would be dropped ("Permissions for Amazon SQS queues" of EventBridge)`,
  );
}

function checkId(id: string | undefined): Refusal[] {
  if (id === undefined || /^[\w.-]{1,64}$/.test(id)) return [];
  return [{ property: "targetId", reason: `"${id}" is no id: 1 to 64 of a-z, A-Z, 0-9, '_', '.' and '-' (Target)` }];
}

function checkInput(input: string | undefined): Refusal[] {
  if (input === undefined || parse(input) !== undefined) return [];
  return [{ property: "input", reason: `it is no JSON: ${input.slice(0, 40)} (Target)` }];
}

async function checkGoal(arn: string | undefined, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  if (arn === undefined || arn === former?.arn) return [];
  const refuse = (reason: string): Refusal[] => [{ property: "arn", reason }];
  if (isMachine(arn)) {
    return (await findStateMachine(cloud, arn)) ? [] : refuse(`there is no state machine "${arn}"`);
  }
  if (!arn.startsWith("arn:aws:sqs:")) {
    return refuse(`"${arn}" is no queue and no state machine; the local AWS hands events to these only`);
  }
  if (await queueUrlOf(cloud, arn)) return [];
  return refuse(`there is no queue "${arn}" in the rule's region and account`);
}

/** A state machine is started by a role; a queue says itself who may send ("Amazon EventBridge targets"). */
async function checkRole(inputs: Properties, { cloud, former, unknown }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const arn = text(inputs.arn);
  const property = "roleArn";
  if (arn === undefined || unknown.has(property)) return [];
  const roleArn = text(inputs.roleArn);
  if (!isMachine(arn)) {
    return refuseLeftOut(inputs, [property], "a queue lets the rule send by its own policy");
  }
  if (roleArn === undefined)
    return [{ property, reason: "a state machine is started by a role (PutTargets, RoleArn)" }];
  return roleArn === former?.roleArn ? [] : checkRoleArn(cloud, roleArn, { property, source: "PutTargets" });
}
