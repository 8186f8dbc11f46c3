import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-eventbridge";
import type { Actuator, CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { asGiven, statementsOf } from "./documents.ts";
import { queueAttributes, queueUrlOf } from "./queue-lookup.ts";
import { requireTrust } from "./role-trust.ts";
import { isMachine } from "./schedule-checks.ts";
import { removedTags, tagsOf } from "./tags.ts";

const EVENTS = "events.amazonaws.com";

/** aws:cloudwatch/eventRule:EventRule, of the account's own bus; its `id` is its name. */
export const eventRule: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "namePrefix"],

  check: ruleRefusals,

  async create(inputs, cloud) {
    const { RuleArn } = await cloud.events.send(
      new PutRuleCommand({ ...settingsOf(inputs), Tags: listOf(inputs.tags) }),
    );
    return { id: String(inputs.name), properties: { arn: RuleArn, tagsAll: inputs.tags } };
  },

  async read({ id, properties }, cloud) {
    const found = await unlessMissing(cloud.events.send(new DescribeRuleCommand({ Name: id })));
    if (!found) return undefined;
    const { Tags = [] } = await cloud.events.send(new ListTagsForResourceCommand({ ResourceARN: found.Arn }));
    const tags = Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
    return {
      arn: found.Arn,
      description: found.Description,
      eventPattern: asGiven(found.EventPattern, properties.eventPattern),
      tags,
      tagsAll: tags,
    };
  },

  async update({ properties }, inputs, cloud) {
    const ResourceARN = String(properties.arn);
    await cloud.events.send(new PutRuleCommand(settingsOf(inputs)));
    const TagKeys = removedTags(properties.tags, inputs.tags);
    if (TagKeys.length > 0) await cloud.events.send(new UntagResourceCommand({ ResourceARN, TagKeys }));
    await cloud.events.send(new TagResourceCommand({ ResourceARN, Tags: listOf(inputs.tags) }));
    return { tagsAll: inputs.tags };
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.events.send(new DeleteRuleCommand({ Name: id }))),
};

/** aws:cloudwatch/eventTarget:EventTarget, a queue or a state machine; its `id` is its rule and its own name. */
export const eventTarget: Actuator<AwsCloud> = {
  autoname: { property: "targetId", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["rule", "targetId"],

  check: targetRefusals,

  async create(inputs, cloud) {
    await requireDelivery(inputs, cloud);
    await put(inputs, cloud);
    return { id: `${inputs.rule}-${inputs.targetId}`, properties: {} };
  },

  async read({ properties }, cloud) {
    const listed = await unlessMissing(
      cloud.events.send(new ListTargetsByRuleCommand({ Rule: String(properties.rule) })),
    );
    const found = listed?.Targets?.find(({ Id }) => Id === properties.targetId);
    return found && { arn: found.Arn, roleArn: found.RoleArn, input: asGiven(found.Input, properties.input) };
  },

  async update(_state, inputs, cloud) {
    await requireDelivery(inputs, cloud);
    await put(inputs, cloud);
    return {};
  },

  delete: ({ properties: { rule, targetId } }, cloud) =>
    ignoreMissing(cloud.events.send(new RemoveTargetsCommand({ Rule: String(rule), Ids: [String(targetId)] }))),
};

function settingsOf({ name, description, eventPattern, state }: Properties) {
  return {
    Name: String(name),
    Description: text(description),
    EventPattern: String(eventPattern),
    State: text(state) as "ENABLED" | "DISABLED" | undefined,
  };
}

function listOf(tags: unknown): { Key: string; Value: string }[] {
  return Object.entries(tagsOf(tags)).map(([Key, Value]) => ({ Key, Value }));
}

async function put({ rule, targetId, arn, roleArn, input }: Properties, { events }: AwsCloud): Promise<void> {
  const Targets = [{ Id: String(targetId), Arn: String(arn), RoleArn: text(roleArn), Input: text(input) }];
  await events.send(new PutTargetsCommand({ Rule: String(rule), Targets }));
}

/**
 * Refuses a role that EventBridge may not take on, and a queue that does not let the rule's events in. AWS makes such a target too, and nothing ever comes: what the
 * rehearsal lets pass in silence would be found out on the day.
 */
async function requireDelivery({ rule, arn, roleArn }: Properties, cloud: AwsCloud): Promise<void> {
  if (isMachine(String(arn))) {
    return requireTrust(cloud, String(roleArn), {
      service: EVENTS,
      error: "ValidationException",
      source: "PutTargets",
    });
  }
  const { Arn: ruleArn } = await cloud.events.send(new DescribeRuleCommand({ Name: String(rule) }));
  const url = await queueUrlOf(cloud, String(arn));
  const { Policy } = (url && (await queueAttributes(cloud, url))) || {};
  const lets = statementsOf(Policy ?? "").some(
    ({ Effect, Principal, Condition }) =>
      Effect === "Allow" &&
      JSON.stringify(Principal).includes(EVENTS) &&
      JSON.stringify(Condition).includes(`"${ruleArn}"`),
  );
  if (lets) return;
  throw new Error(
    `the queue ${arn} does not let ${EVENTS} send for the rule ${ruleArn}, so nothing would ever come: give it a policy ` +
      "that does before the target is made (Using resource-based policies for Amazon EventBridge)",
  );
}

function ruleRefusals(inputs: Properties): Refusal[] {
  const instead = "rules of the account's own bus with a pattern are carried out here";
  const refusals = refuseLeftOut(
    inputs,
    ["scheduleExpression", "eventBusName", "roleArn", "isEnabled", "forceDestroy"],
    instead,
  );
  const name = text(inputs.name);
  if (name !== undefined && !/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) {
    refusals.push({
      property: "name",
      reason: `"${name}" is no name: 1 to 64 letters, digits, '.', '-' and '_' (PutRule)`,
    });
  }
  const pattern = text(inputs.eventPattern);
  if (pattern !== undefined && !isPattern(pattern)) {
    refusals.push({ property: "eventPattern", reason: "it is no JSON object of lists (InvalidEventPatternException)" });
  }
  return refusals;
}

/** A pattern's leaves are lists of what may be there ("Amazon EventBridge event patterns"). */
function isPattern(pattern: string): boolean {
  const good = (value: unknown): boolean =>
    Array.isArray(value)
      ? value.length > 0
      : typeof value === "object" && value !== null && Object.values(value).every(good);
  try {
    const parsed: unknown = JSON.parse(pattern);
    return !Array.isArray(parsed) && good(parsed);
  } catch {
    return false;
  }
}

function targetRefusals(inputs: Properties, { unknown }: CheckContext<AwsCloud>): Refusal[] {
  const known = ["rule", "targetId", "arn", "roleArn", "input", "region"];
  const others = Object.keys(inputs).filter((key) => !known.includes(key));
  const refusals = refuseLeftOut(inputs, others, "events are sent on as they are, or as one fixed input, here");
  const arn = text(inputs.arn);
  if (arn !== undefined && !arn.startsWith("arn:aws:sqs:") && !isMachine(arn)) {
    const reason = `${arn} is no queue and no state machine; the local AWS sends events to these only`;
    refusals.push({ property: "arn", reason });
  }
  if (arn !== undefined && isMachine(arn) && inputs.roleArn === undefined && !unknown.has("roleArn")) {
    refusals.push({ property: "roleArn", reason: "a state machine is started by a role (PutTargets, RoleArn)" });
  }
  return refusals;
}
