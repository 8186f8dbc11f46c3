import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  ListTagsForResourceCommand,
  PutRuleCommand,
  type RuleState,
  TagResourceCommand,
  TestEventPatternCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-eventbridge";
import type { Actuator, CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { asGiven, documentText } from "./documents.ts";
import { fromTagList, removedTags, toTagList } from "./tags.ts";

const LEFT_OUT = ["eventBusName", "isEnabled", "roleArn", "scheduleExpression"];

/** aws:cloudwatch/eventRule:EventRule, on the default bus; its `id` is its name. */
export const eventRule: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "namePrefix", "eventBusName"],

  async check(inputs, context) {
    return [
      ...refuseLeftOut(inputs, LEFT_OUT, "the rule is on the default bus, by a pattern; for times there are schedules"),
      ...(await checkName(text(inputs.name), context)),
      ...(await checkPattern(inputs, context)),
    ];
  },

  async create(inputs, cloud) {
    const name = String(inputs.name);
    await cloud.eventbridge.send(new PutRuleCommand({ ...settingsFrom(inputs), Tags: toTagList(inputs.tags) }));
    return { id: name, properties: { arn: ruleArn(cloud, name), tagsAll: inputs.tags } };
  },

  async read({ id, properties }, cloud) {
    const found = await findRule(cloud, id);
    if (!found) return undefined;
    const { Tags } = await cloud.eventbridge.send(new ListTagsForResourceCommand({ ResourceARN: found.Arn }));
    const tags = fromTagList(Tags);
    const { description, state } = properties;
    return {
      arn: found.Arn,
      name: found.Name,
      eventPattern: asGiven(found.EventPattern, properties.eventPattern),
      ...(description !== undefined && { description: found.Description }),
      ...(state !== undefined && { state: found.State }),
      tags,
      tagsAll: tags,
    };
  },

  async update({ id, properties }, inputs, cloud) {
    await cloud.eventbridge.send(new PutRuleCommand(settingsFrom(inputs)));
    const ResourceARN = ruleArn(cloud, id);
    const TagKeys = removedTags(properties.tags, inputs.tags);
    if (TagKeys.length > 0) await cloud.eventbridge.send(new UntagResourceCommand({ ResourceARN, TagKeys }));
    const Tags = toTagList(inputs.tags);
    if (Tags.length > 0) await cloud.eventbridge.send(new TagResourceCommand({ ResourceARN, Tags }));
    return { arn: ResourceARN, tagsAll: inputs.tags };
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.eventbridge.send(new DeleteRuleCommand({ Name: id }))),
};

/** A rule of the default bus by its name; undefined when there is none. */
export function findRule(cloud: AwsCloud, Name: string) {
  return unlessMissing(cloud.eventbridge.send(new DescribeRuleCommand({ Name })));
}

export function ruleArn(cloud: AwsCloud, name: string): string {
  return cloud.arn("events", `rule/${name}`);
}

function settingsFrom(inputs: Properties) {
  return {
    Name: String(inputs.name),
    EventPattern: documentText(inputs.eventPattern),
    Description: text(inputs.description) ?? "",
    State: (text(inputs.state) ?? "ENABLED") as RuleState,
  };
}

async function checkName(name: string | undefined, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  if (name === undefined) return [];
  if (!/^[\w.-]{1,64}$/.test(name)) {
    const reason = `"${name}" is no name of a rule: 1 to 64 of a-z, A-Z, 0-9, '_', '.' and '-' (PutRule)`;
    return [{ property: "name", reason }];
  }
  if (name === former?.name || !(await findRule(cloud, name))) return [];
  return [{ property: "name", reason: `the rule "${name}" exists already; PutRule would change it` }];
}

/** Whether EventBridge understands the pattern; what it matches is the pattern's own. */
async function checkPattern(inputs: Properties, { cloud, unknown }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  if (inputs.eventPattern === undefined) {
    if (unknown.has("eventPattern")) return [];
    return [{ property: "eventPattern", reason: "a rule without one never matches (PutRule)" }];
  }
  const event = { id: "1", "detail-type": "test", source: "test", account: cloud.accountId, resources: [], detail: {} };
  const Event = JSON.stringify({ ...event, time: new Date().toISOString(), region: cloud.region });
  const asked = new TestEventPatternCommand({ EventPattern: documentText(inputs.eventPattern), Event });
  const refused = await cloud.eventbridge.send(asked).then(
    () => undefined,
    (error: Error) => error,
  );
  return refused ? [{ property: "eventPattern", reason: `${refused.message} (${refused.name})` }] : [];
}
