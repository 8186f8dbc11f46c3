import {
  Event,
  GetBucketNotificationConfigurationCommand,
  type LambdaFunctionConfiguration,
  type NotificationConfiguration,
  type NotificationConfigurationFilter,
  PutBucketNotificationConfigurationCommand,
  type QueueConfiguration,
  type TopicConfiguration,
} from "@aws-sdk/client-s3";
import type { Actuator, CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, list, unlessMissing } from "./common.ts";
import { queueUrlOf } from "./queue-lookup.ts";

/** One entry of `queues`, `topics` or `lambdaFunctions`. */
interface Rule {
  id?: string;
  events: string[];
  filterPrefix?: string;
  filterSuffix?: string;
  queueArn?: string;
  topicArn?: string;
  lambdaFunctionArn?: string;
}

const KINDS = ["queues", "topics", "lambdaFunctions"] as const;
const EVENTS: readonly string[] = Object.values(Event);

/**
 * aws:s3/bucketNotification:BucketNotification; its `id` is the bucket.
 *
 * That the queue's policy lets S3 send is for S3 to find out when the configuration is put: in a preview the
 * policy may not be there yet.
 */
export const bucketNotification: Actuator<AwsCloud> = {
  replaceOn: ["bucket", "region"],
  deleteBeforeReplace: true,

  async check(inputs, context) {
    const refusals: Refusal[] = [];
    for (const kind of KINDS) refusals.push(...rulesOf(inputs, kind).flatMap((rule) => checkEvents(kind, rule)));
    return [...refusals, ...checkOverlaps(inputs), ...(await checkQueues(inputs, context))];
  },

  async create(inputs, cloud) {
    await put(cloud, String(inputs.bucket), configurationOf(inputs));
    return { id: String(inputs.bucket), properties: {} };
  },

  async read({ id, properties }, cloud) {
    const found = await unlessMissing(cloud.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: id })));
    if (!found) return undefined;
    const queues = found.QueueConfigurations?.map((each) => ({ queueArn: each.QueueArn, ...ruleOf(each) }));
    const topics = found.TopicConfigurations?.map((each) => ({ topicArn: each.TopicArn, ...ruleOf(each) }));
    const functions = found.LambdaFunctionConfigurations?.map((each) => ({
      lambdaFunctionArn: each.LambdaFunctionArn,
      ...ruleOf(each),
    }));
    return {
      queues: asGiven(queues, rulesOf(properties, "queues")),
      topics: asGiven(topics, rulesOf(properties, "topics")),
      lambdaFunctions: asGiven(functions, rulesOf(properties, "lambdaFunctions")),
      eventbridge: found.EventBridgeConfiguration !== undefined,
    };
  },

  async update({ id }, inputs, cloud) {
    await put(cloud, id, configurationOf(inputs));
    return {};
  },

  delete: ({ id }, cloud) => ignoreMissing(put(cloud, id, {})),
};

function rulesOf(inputs: Properties, kind: (typeof KINDS)[number]): Rule[] {
  return list(inputs[kind]) as Rule[];
}

function checkEvents(property: string, { events }: Rule): Refusal[] {
  const refuse = (reason: string) => [{ property, reason: `${reason} (Supported event types)` }];
  if (list(events).length === 0) return refuse("a rule has no events: one at least");
  const unknown = events.find((event) => !EVENTS.includes(event));
  return unknown ? refuse(`"${unknown}" is no event of S3, such as s3:ObjectCreated:*`) : [];
}

/** No object's event may match two rules. */
function checkOverlaps(inputs: Properties): Refusal[] {
  const rules = KINDS.flatMap((kind) => rulesOf(inputs, kind).map((rule) => ({ kind, rule })));
  return rules.flatMap(({ kind, rule }, index) => {
    const other = rules.slice(0, index).find((each) => overlap(each.rule, rule));
    if (!other) return [];
    const reason =
      `the rules for ${targetOf(rule)} and ${targetOf(other.rule)} match the same events of the same keys: ` +
      "no two rules of a bucket may (PutBucketNotificationConfiguration)";
    return [{ property: kind, reason }];
  });
}

function overlap(one: Rule, other: Rule): boolean {
  const events = list(one.events).some((a) => list(other.events).some((b) => sameEvents(String(a), String(b))));
  const [a, b] = [one.filterPrefix ?? "", other.filterPrefix ?? ""];
  const [c, d] = [one.filterSuffix ?? "", other.filterSuffix ?? ""];
  return events && (a.startsWith(b) || b.startsWith(a)) && (c.endsWith(d) || d.endsWith(c));
}

function sameEvents(one: string, other: string): boolean {
  const matches = (event: string, pattern: string) => pattern.endsWith("*") && event.startsWith(pattern.slice(0, -1));
  return one === other || matches(one, other) || matches(other, one);
}

async function checkQueues(inputs: Properties, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const known = rulesOf(former ?? {}, "queues").map(({ queueArn }) => queueArn);
  const refusals: Refusal[] = [];
  for (const { queueArn } of rulesOf(inputs, "queues")) {
    if (queueArn === undefined || known.includes(queueArn)) continue;
    if (queueArn.endsWith(".fifo")) {
      const reason = `${queueArn} is a FIFO queue: S3 sends to standard ones only (PutBucketNotificationConfiguration)`;
      refusals.push({ property: "queues", reason });
    } else if (!(await queueUrlOf(cloud, queueArn))) {
      const reason = `there is no queue "${queueArn}" in the bucket's region ${cloud.region} (InvalidArgument)`;
      refusals.push({ property: "queues", reason });
    }
  }
  return refusals;
}

function targetOf(rule: Rule): string {
  return rule.queueArn ?? rule.topicArn ?? rule.lambdaFunctionArn ?? "?";
}

function configurationOf(inputs: Properties): NotificationConfiguration {
  const common = (rule: Rule) => ({ Id: rule.id, Events: rule.events as Event[], Filter: filterOf(rule) });
  return {
    QueueConfigurations: rulesOf(inputs, "queues").map((rule) => ({ QueueArn: rule.queueArn, ...common(rule) })),
    TopicConfigurations: rulesOf(inputs, "topics").map((rule) => ({ TopicArn: rule.topicArn, ...common(rule) })),
    LambdaFunctionConfigurations: rulesOf(inputs, "lambdaFunctions").map((rule) => ({
      LambdaFunctionArn: rule.lambdaFunctionArn,
      ...common(rule),
    })),
    EventBridgeConfiguration: inputs.eventbridge === true ? {} : undefined,
  };
}

function filterOf({ filterPrefix, filterSuffix }: Rule): NotificationConfigurationFilter | undefined {
  const FilterRules = [
    ...(filterPrefix ? [{ Name: "prefix" as const, Value: filterPrefix }] : []),
    ...(filterSuffix ? [{ Name: "suffix" as const, Value: filterSuffix }] : []),
  ];
  return FilterRules.length > 0 ? { Key: { FilterRules } } : undefined;
}

function ruleOf(found: QueueConfiguration | TopicConfiguration | LambdaFunctionConfiguration): Rule {
  const rules = found.Filter?.Key?.FilterRules ?? [];
  const value = (name: string) => rules.find(({ Name }) => Name?.toLowerCase() === name)?.Value;
  return { id: found.Id, events: found.Events ?? [], filterPrefix: value("prefix"), filterSuffix: value("suffix") };
}

/** The rules found, without what S3 fills in itself, the events in the order in which they were given. */
function asGiven(found: Rule[] | undefined, given: Rule[]): Properties[] {
  return (found ?? []).map((rule) => {
    const same = given.find((each) => targetOf(each) === targetOf(rule) && (each.id ?? rule.id) === rule.id);
    if (!same) return { ...rule };
    const events =
      new Set(rule.events).symmetricDifference(new Set(same.events)).size === 0 ? same.events : rule.events;
    const { id, ...rest } = { ...rule, events };
    const shown = same.id === undefined ? rest : { id, ...rest };
    return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined));
  });
}

async function put(cloud: AwsCloud, Bucket: string, configuration: NotificationConfiguration): Promise<void> {
  const NotificationConfiguration = configuration;
  await cloud.s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
}
