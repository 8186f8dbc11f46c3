import {
  type Action as ApiAction,
  CreateListenerCommand,
  CreateRuleCommand,
  DeleteListenerCommand,
  DeleteRuleCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
  type ProtocolEnum,
  type RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { type Action, type Condition, LoadBalancerListener } from "../load-balancer.ts";
import { ignoreMissing, list, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { lbTags, readLbTags, retagLb } from "./lb-common.ts";
import { hostOf } from "./load-balancer.ts";

const ACTIONS = ["forward", "redirect", "fixed-response"];

/** aws:lb/listener:Listener; its `id` is its ARN. */
export const listener: Actuator<AwsCloud> = {
  replaceOn: ["loadBalancerArn"],

  check(inputs, { unknown }) {
    const refusals = [
      ...refuseLeftOut(inputs, ["alpnPolicy", "mutualAuthentication"], "leave it out"),
      ...checkActions("defaultActions", inputs.defaultActions),
    ];
    const secure = inputs.protocol === "HTTPS";
    if (inputs.protocol !== undefined && !secure && inputs.protocol !== "HTTP") {
      const reason = `"${inputs.protocol}" is no protocol of an application load balancer: HTTP or HTTPS (CreateListener)`;
      refusals.push({ property: "protocol", reason });
    }
    if (secure && inputs.certificateArn === undefined && !unknown.has("certificateArn")) {
      refusals.push({ property: "certificateArn", reason: "an HTTPS listener needs a certificate (CreateListener)" });
    }
    return refusals;
  },

  async create(inputs, cloud) {
    const settings = await settingsOf(cloud, inputs);
    const { Listeners } = await cloud.elbv2.send(
      new CreateListenerCommand({
        LoadBalancerArn: String(inputs.loadBalancerArn),
        Tags: lbTags(inputs.tags),
        ...requestOf(inputs),
      }),
    );
    const arn = String(Listeners?.[0]?.ListenerArn);
    const opened = new LoadBalancerListener(cloud.hosting, settings);
    await opened.open();
    cloud.hosting.listeners.set(arn, opened);
    return { id: arn, properties: { arn, sslPolicy: Listeners?.[0]?.SslPolicy, tagsAll: inputs.tags } };
  },

  async read({ id }, cloud) {
    const found = await unlessMissing(cloud.elbv2.send(new DescribeListenersCommand({ ListenerArns: [id] })));
    const [there] = found?.Listeners ?? [];
    if (!there) return undefined;
    const tags = await readLbTags(cloud, id);
    return {
      port: there.Port,
      protocol: there.Protocol,
      sslPolicy: there.SslPolicy,
      certificateArn: there.Certificates?.[0]?.CertificateArn,
      tags,
      tagsAll: tags,
    };
  },

  async update({ id, properties }, inputs, cloud) {
    const settings = await settingsOf(cloud, inputs);
    await cloud.elbv2.send(new ModifyListenerCommand({ ListenerArn: id, ...requestOf(inputs) }));
    await cloud.hosting.listeners.get(id)?.change(settings);
    await retagLb(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  async delete({ id }, cloud) {
    cloud.hosting.listeners.get(id)?.close();
    cloud.hosting.listeners.delete(id);
    await ignoreMissing(cloud.elbv2.send(new DeleteListenerCommand({ ListenerArn: id })));
  },
};

/** aws:lb/listenerRule:ListenerRule; its `id` is its ARN. */
export const listenerRule: Actuator<AwsCloud> = {
  replaceOn: ["listenerArn"],

  check(inputs) {
    const refusals = [
      ...refuseLeftOut(inputs, ["transforms"], "leave it out"),
      ...checkActions("actions", inputs.actions),
    ];
    const { priority } = inputs;
    if (priority !== undefined && (Number(priority) < 1 || Number(priority) > 50_000)) {
      refusals.push({ property: "priority", reason: `${priority} is no priority: 1 to 50000 (CreateRule)` });
    }
    return refusals;
  },

  async create(inputs, cloud) {
    const ListenerArn = String(inputs.listenerArn);
    const { Rules } = await cloud.elbv2.send(
      new CreateRuleCommand({
        ListenerArn,
        Priority: Number(inputs.priority),
        Tags: lbTags(inputs.tags),
        ...ruleOf(inputs),
      }),
    );
    const arn = String(Rules?.[0]?.RuleArn);
    putRule(cloud, ListenerArn, arn, inputs);
    return { id: arn, properties: { arn, tagsAll: inputs.tags } };
  },

  async read({ id }, cloud) {
    const found = await unlessMissing(cloud.elbv2.send(new DescribeRulesCommand({ RuleArns: [id] })));
    const rule = found?.Rules?.find(({ RuleArn }) => RuleArn === id);
    return rule && { priority: Number(rule.Priority) };
  },

  async update({ id, properties }, inputs, cloud) {
    await cloud.elbv2.send(new ModifyRuleCommand({ RuleArn: id, ...ruleOf(inputs) }));
    putRule(cloud, String(inputs.listenerArn), id, inputs);
    await retagLb(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  async delete({ id, properties }, cloud) {
    cloud.hosting.listeners.get(String(properties.listenerArn))?.rules.delete(id);
    await ignoreMissing(cloud.elbv2.send(new DeleteRuleCommand({ RuleArn: id })));
  },
};

/** @throws Error for a certificate that was not issued, as ELB refuses it and the emulator does not */
async function settingsOf(cloud: AwsCloud, inputs: Properties) {
  const arn = text(inputs.certificateArn);
  const certificate = arn === undefined ? undefined : cloud.hosting.certificates.get(arn);
  if (arn !== undefined && (!certificate || !arn.startsWith(`arn:aws:acm:${cloud.region}:`))) {
    throw new Error(
      `UnsupportedCertificate: ${arn} is no issued certificate in ${cloud.region}: validate it there first, with an ` +
        "aws.acm.CertificateValidation (CreateListener)",
    );
  }
  const host = await hostOf(cloud, String(inputs.loadBalancerArn));
  return { host, port: Number(inputs.port), certificate, actions: list(inputs.defaultActions) as Action[] };
}

function requestOf(inputs: Properties) {
  const certificateArn = text(inputs.certificateArn);
  return {
    Port: Number(inputs.port),
    Protocol: (inputs.protocol ?? "HTTP") as ProtocolEnum,
    SslPolicy: text(inputs.sslPolicy),
    Certificates: certificateArn === undefined ? undefined : [{ CertificateArn: certificateArn }],
    DefaultActions: (list(inputs.defaultActions) as Action[]).map(actionOf),
  };
}

function ruleOf(inputs: Properties) {
  return {
    Actions: (list(inputs.actions) as Action[]).map(actionOf),
    Conditions: (list(inputs.conditions) as Condition[]).flatMap(conditionsOf),
  };
}

function putRule(cloud: AwsCloud, listenerArn: string, arn: string, inputs: Properties): void {
  cloud.hosting.listeners.get(listenerArn)?.rules.set(arn, {
    priority: Number(inputs.priority),
    conditions: list(inputs.conditions) as Condition[],
    actions: list(inputs.actions) as Action[],
  });
}

function actionOf({ type, targetGroupArn, forward, redirect, fixedResponse }: Action): ApiAction {
  return {
    Type: type as ApiAction["Type"],
    TargetGroupArn: targetGroupArn ?? forward?.targetGroups[0]?.arn,
    RedirectConfig: redirect && {
      Host: redirect.host,
      Path: redirect.path,
      Port: redirect.port,
      Protocol: redirect.protocol,
      Query: redirect.query,
      StatusCode: redirect.statusCode as "HTTP_301",
    },
    FixedResponseConfig: fixedResponse && {
      ContentType: fixedResponse.contentType,
      MessageBody: fixedResponse.messageBody,
      StatusCode: fixedResponse.statusCode ?? "200",
    },
  };
}

function conditionsOf({ pathPattern, hostHeader, httpRequestMethod }: Condition): RuleCondition[] {
  return [
    ...(pathPattern ? [{ Field: "path-pattern", Values: pathPattern.values }] : []),
    ...(hostHeader ? [{ Field: "host-header", Values: hostHeader.values }] : []),
    ...(httpRequestMethod
      ? [{ Field: "http-request-method", HttpRequestMethodConfig: { Values: httpRequestMethod.values } }]
      : []),
  ];
}

function checkActions(property: string, given: unknown): Refusal[] {
  const other = (list(given) as Action[]).find(({ type }) => type !== undefined && !ACTIONS.includes(type));
  if (!other) return [];
  return [
    { property, reason: `the local load balancers know the actions ${ACTIONS.join(", ")}, found "${other.type}"` },
  ];
}
