import {
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DescribeTargetGroupsCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  type ProtocolEnum,
  type TargetGroup,
  type TargetTypeEnum,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { Pool, type PoolOptions } from "../../local/pool.ts";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, ignoreMissing, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { arnSuffix, checkLbName, lbTags, readLbTags, retagLb } from "./lb-common.ts";

/** A health check as it is where nothing is said (CreateTargetGroup). */
const HEALTH_CHECK = {
  enabled: true,
  healthyThreshold: 5,
  interval: 30,
  matcher: "200",
  path: "/",
  port: "traffic-port",
  protocol: "HTTP",
  timeout: 5,
  unhealthyThreshold: 2,
};

/** The settings that the API takes as attributes, by input. */
const ATTRIBUTES: Record<string, string> = {
  deregistrationDelay: "deregistration_delay.timeout_seconds",
  loadBalancingAlgorithmType: "load_balancing.algorithm.type",
  slowStart: "slow_start.duration_seconds",
};

/** aws:lb/targetGroup:TargetGroup; its `id` is its ARN. Its targets are probed as its health check says. */
export const targetGroup: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "namePrefix", "port", "protocol", "protocolVersion", "targetType", "vpcId"],

  check(inputs) {
    const refusals = refuseLeftOut(inputs, ["stickiness", "targetFailovers", "targetGroupHealth"], "leave it out");
    if (inputs.protocol !== undefined && inputs.protocol !== "HTTP") {
      const reason = `the local load balancers speak HTTP to their targets, found ${inputs.protocol}`;
      refusals.push({ property: "protocol", reason });
    }
    return [...refusals, ...checkLbName(inputs.name), ...checkHealthCheck(fields(inputs.healthCheck))];
  },

  async create(inputs, cloud) {
    const { TargetGroups } = await cloud.elbv2.send(
      new CreateTargetGroupCommand({
        Name: String(inputs.name),
        Port: Number(inputs.port),
        Protocol: inputs.protocol as ProtocolEnum,
        VpcId: text(inputs.vpcId),
        TargetType: inputs.targetType as TargetTypeEnum,
        Tags: lbTags(inputs.tags),
        ...healthCheckOf(inputs),
      }),
    );
    const arn = String(TargetGroups?.[0]?.TargetGroupArn);
    await putAttributes(cloud, arn, inputs);
    cloud.hosting.pools.set(arn, new Pool(poolOptions(inputs)));
    const properties = { arn, arnSuffix: arnSuffix(arn), loadBalancerArns: [], tagsAll: inputs.tags };
    return { id: arn, properties };
  },

  async read({ id, properties }, cloud) {
    const found = await find(cloud, id);
    if (!found) return undefined;
    const tags = await readLbTags(cloud, id);
    const given = fields(properties.healthCheck);
    const healthCheck = Object.fromEntries(
      Object.entries(settingsOf(found)).map(([key, value]) => [
        key,
        String(value) === String(given[key]) ? given[key] : value,
      ]),
    );
    const shown = Object.fromEntries(Object.entries(healthCheck).filter(([key]) => key in given));
    return { port: found.Port, protocol: found.Protocol, vpcId: found.VpcId, healthCheck: shown, tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    await cloud.elbv2.send(new ModifyTargetGroupCommand({ TargetGroupArn: id, ...healthCheckOf(inputs) }));
    await putAttributes(cloud, id, inputs);
    cloud.hosting.pools.get(id)?.configure(poolOptions(inputs));
    await retagLb(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  async delete({ id }, cloud) {
    cloud.hosting.pools.get(id)?.[Symbol.dispose]();
    cloud.hosting.pools.delete(id);
    await ignoreMissing(cloud.elbv2.send(new DeleteTargetGroupCommand({ TargetGroupArn: id })));
  },
};

async function find(cloud: AwsCloud, arn: string): Promise<TargetGroup | undefined> {
  const command = new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] });
  return (await unlessMissing(cloud.elbv2.send(command)))?.TargetGroups?.[0];
}

function healthCheckOf(inputs: Properties) {
  const check = { ...HEALTH_CHECK, ...fields(inputs.healthCheck) };
  return {
    HealthCheckEnabled: check.enabled,
    HealthCheckIntervalSeconds: check.interval,
    HealthCheckPath: check.path,
    HealthCheckPort: String(check.port),
    HealthCheckProtocol: check.protocol as ProtocolEnum,
    HealthCheckTimeoutSeconds: check.timeout,
    HealthyThresholdCount: check.healthyThreshold,
    UnhealthyThresholdCount: check.unhealthyThreshold,
    Matcher: { HttpCode: check.matcher },
  };
}

function settingsOf(found: TargetGroup): typeof HEALTH_CHECK {
  return {
    enabled: found.HealthCheckEnabled ?? true,
    healthyThreshold: Number(found.HealthyThresholdCount),
    interval: Number(found.HealthCheckIntervalSeconds),
    matcher: String(found.Matcher?.HttpCode),
    path: String(found.HealthCheckPath),
    port: String(found.HealthCheckPort),
    protocol: String(found.HealthCheckProtocol),
    timeout: Number(found.HealthCheckTimeoutSeconds),
    unhealthyThreshold: Number(found.UnhealthyThresholdCount),
  };
}

function poolOptions(inputs: Properties): PoolOptions {
  const check = { ...HEALTH_CHECK, ...fields(inputs.healthCheck) };
  return {
    // "If a target group contains only unhealthy registered targets, the load balancer routes requests to all of
    // them" (Target group health).
    failOpen: true,
    probe: {
      scheme: check.protocol === "HTTPS" ? "https" : "http",
      path: check.path,
      interval: check.interval * 1000,
      timeout: check.timeout * 1000,
      healthyAfter: check.healthyThreshold,
      unhealthyAfter: check.unhealthyThreshold,
      accepts: (status) => matches(check.matcher, status),
    },
  };
}

/** Codes as the matcher writes them. @example "200,302", "200-299" */
function matches(matcher: string, status: number): boolean {
  return matcher.split(",").some((part) => {
    const [from = 0, to = from] = part.split("-").map(Number);
    return status >= from && status <= to;
  });
}

function checkHealthCheck(check: Properties): Refusal[] {
  const refuse = (reason: string): Refusal => ({ property: "healthCheck", reason: `${reason} (CreateTargetGroup)` });
  const refusals: Refusal[] = [];
  const within = (key: string, least: number, most: number) => {
    const value = check[key];
    if (value === undefined || (Number(value) >= least && Number(value) <= most)) return;
    refusals.push(refuse(`${key} ${value}: ${least} to ${most} is expected`));
  };
  within("interval", 5, 300);
  within("timeout", 2, 120);
  within("healthyThreshold", 2, 10);
  within("unhealthyThreshold", 2, 10);
  const { interval = HEALTH_CHECK.interval, timeout = HEALTH_CHECK.timeout } = check;
  if (Number(timeout) >= Number(interval)) {
    refusals.push(refuse(`timeout ${timeout} is not below the interval of ${interval} seconds`));
  }
  const path = text(check.path);
  if (path !== undefined && !path.startsWith("/")) refusals.push(refuse(`path "${path}" does not begin with "/"`));
  return refusals;
}

async function putAttributes(cloud: AwsCloud, TargetGroupArn: string, inputs: Properties): Promise<void> {
  const Attributes = Object.entries(ATTRIBUTES)
    .filter(([key]) => inputs[key] !== undefined)
    .map(([key, Key]) => ({ Key, Value: String(inputs[key]) }));
  if (Attributes.length === 0) return;
  await cloud.elbv2.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
}
