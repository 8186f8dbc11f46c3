import { ListTargetsByRuleCommand, PutTargetsCommand, RemoveTargetsCommand } from "@aws-sdk/client-eventbridge";
import type { Actuator, CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, ignoreMissing, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { statementsOf } from "./documents.ts";
import { ruleArn } from "./event-rule.ts";
import { queueAttributes, queueUrlOf } from "./queue-lookup.ts";

const LEFT_OUT = [
  ...["appsyncTarget", "batchTarget", "deadLetterConfig", "ecsTarget", "eventBusName", "httpTarget", "input"],
  ...["inputPath", "inputTransformer", "kinesisTarget", "redshiftTarget", "retryPolicy", "roleArn"],
  ...["runCommandTargets", "sagemakerPipelineTarget", "sqsTarget"],
];

/**
 * aws:cloudwatch/eventTarget:EventTarget, a queue that gets whole events; its `id` is its rule's name and its own.
 *
 * That there is a rule, and that the queue lets it send, is found out when the target is put: in a preview neither may be
 * there yet.
 */
export const eventTarget: Actuator<AwsCloud> = {
  autoname: { property: "targetId", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["rule", "targetId", "eventBusName"],

  async check(inputs, context) {
    return [
      ...refuseLeftOut(inputs, LEFT_OUT, "the target is a queue that gets whole events"),
      ...checkId(text(inputs.targetId)),
      ...(await checkQueue(text(inputs.arn), context)),
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
    return target && { rule: properties.rule, targetId: target.Id, arn: target.Arn };
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

async function put({ rule, targetId, arn }: Properties, cloud: AwsCloud): Promise<void> {
  await requireWay(cloud, ruleArn(cloud, String(rule)), String(arn));
  const Targets = [{ Id: String(targetId), Arn: String(arn) }];
  await cloud.eventbridge.send(new PutTargetsCommand({ Rule: String(rule), Targets }));
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
    return Effect === "Allow" && sends && [service].flat().includes("events.amazonaws.com") && source === rule;
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

async function checkQueue(arn: string | undefined, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  if (arn === undefined || arn === former?.arn || (await queueUrlOf(cloud, arn))) return [];
  return [{ property: "arn", reason: `there is no queue "${arn}" in the rule's region and account` }];
}
