import {
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  type LoadBalancer,
  type LoadBalancerAttribute,
  ModifyLoadBalancerAttributesCommand,
  SetSecurityGroupsCommand,
  SetSubnetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetBucketPolicyCommand } from "@aws-sdk/client-s3";
import type { Actuator, CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, ignoreMissing, list, refuseLeftOut, unlessMissing } from "./common.ts";
import { statementsOf } from "./documents.ts";
import { arnSuffix, checkLbName, lbTags, readLbTags, retagLb } from "./lb-common.ts";
import { findSubnet } from "./subnet.ts";

/** Who writes access logs (Enable access logs for your Application Load Balancer). */
const LOG_DELIVERY = "logdelivery.elasticloadbalancing.amazonaws.com";

/** The settings that the API takes as attributes, by input. */
const ATTRIBUTES: Record<string, string> = {
  desyncMitigationMode: "routing.http.desync_mitigation_mode",
  dropInvalidHeaderFields: "routing.http.drop_invalid_header_fields.enabled",
  enableDeletionProtection: "deletion_protection.enabled",
  enableHttp2: "routing.http2.enabled",
  idleTimeout: "idle_timeout.timeout_seconds",
  preserveHostHeader: "routing.http.preserve_host_header.enabled",
};

const PROTECTED = "deletion_protection.enabled";

const LEFT_OUT = ["connectionLogs", "customerOwnedIpv4Pool", "healthCheckLogs", "ipamPools", "subnetMappings"];

/** aws:lb/loadBalancer:LoadBalancer, an application load balancer; its `id` is its ARN. */
export const loadBalancer: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "namePrefix", "internal", "loadBalancerType"],

  async check(inputs, context) {
    const refusals = [...refuseLeftOut(inputs, LEFT_OUT, "leave it out"), ...checkLbName(inputs.name)];
    if (inputs.loadBalancerType !== undefined && inputs.loadBalancerType !== "application") {
      const reason = `the local AWS has application load balancers only, found "${inputs.loadBalancerType}"`;
      refusals.push({ property: "loadBalancerType", reason });
    }
    return [...refusals, ...(await checkSubnets(inputs, context))];
  },

  async create(inputs, cloud) {
    const { LoadBalancers } = await cloud.elbv2.send(
      new CreateLoadBalancerCommand({
        Name: String(inputs.name),
        Scheme: inputs.internal === true ? "internal" : "internet-facing",
        Type: "application",
        Subnets: list(inputs.subnets) as string[],
        SecurityGroups: list(inputs.securityGroups) as string[],
        Tags: lbTags(inputs.tags),
      }),
    );
    const [made] = LoadBalancers ?? [];
    const arn = String(made?.LoadBalancerArn);
    await putAttributes(cloud, arn, inputs);
    const vpcId = (await findSubnet(cloud, String(list(inputs.subnets)[0])))?.VpcId;
    return { id: arn, properties: { ...outputs(made), vpcId, tagsAll: inputs.tags } };
  },

  async read({ id }, cloud) {
    const found = await find(cloud, id);
    if (!found) return undefined;
    const tags = await readLbTags(cloud, id);
    const attributes = await attributesOf(cloud, id);
    return {
      ...outputs(found),
      enableDeletionProtection: attributes.some(({ Key, Value }) => Key === PROTECTED && Value === "true"),
      securityGroups: found.SecurityGroups,
      subnets: found.AvailabilityZones?.map(({ SubnetId }) => SubnetId),
      tags,
      tagsAll: tags,
    };
  },

  async update({ id, properties }, inputs, cloud) {
    const SecurityGroups = list(inputs.securityGroups) as string[];
    await cloud.elbv2.send(new SetSecurityGroupsCommand({ LoadBalancerArn: id, SecurityGroups }));
    const Subnets = list(inputs.subnets) as string[];
    await cloud.elbv2.send(new SetSubnetsCommand({ LoadBalancerArn: id, Subnets }));
    await putAttributes(cloud, id, inputs);
    await retagLb(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  async delete({ id }, cloud) {
    const attributes = await attributesOf(cloud, id);
    if (attributes.some(({ Key, Value }) => Key === PROTECTED && Value === "true")) {
      throw new Error(
        `OperationNotPermitted: the load balancer ${id} cannot be deleted because deletion protection is enabled: ` +
          "set enableDeletionProtection to false first (DeleteLoadBalancer)",
      );
    }
    await ignoreMissing(cloud.elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: id })));
  },
};

async function find(cloud: AwsCloud, arn: string): Promise<LoadBalancer | undefined> {
  const command = new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] });
  return (await unlessMissing(cloud.elbv2.send(command)))?.LoadBalancers?.[0];
}

/** Host at which a load balancer answers. @throws Error when there is none */
export async function hostOf(cloud: AwsCloud, arn: string): Promise<string> {
  const { DNSName } = (await find(cloud, arn)) ?? {};
  if (!DNSName) throw new Error(`LoadBalancerNotFound: there is no load balancer ${arn} in ${cloud.region}`);
  return DNSName;
}

function outputs(found: LoadBalancer | undefined): Properties {
  const arn = String(found?.LoadBalancerArn);
  return {
    arn,
    arnSuffix: arnSuffix(arn),
    dnsName: found?.DNSName,
    ipAddressType: found?.IpAddressType,
    zoneId: found?.CanonicalHostedZoneId,
  };
}

async function attributesOf(cloud: AwsCloud, LoadBalancerArn: string): Promise<LoadBalancerAttribute[]> {
  const command = new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn });
  return (await unlessMissing(cloud.elbv2.send(command)))?.Attributes ?? [];
}

async function putAttributes(cloud: AwsCloud, LoadBalancerArn: string, inputs: Properties): Promise<void> {
  const Attributes = Object.entries(ATTRIBUTES)
    .filter(([key]) => inputs[key] !== undefined)
    .map(([key, Key]) => ({ Key, Value: String(inputs[key]) }));
  const { bucket, enabled, prefix } = fields(inputs.accessLogs);
  if (bucket !== undefined && enabled === true) await requireLogDelivery(cloud, String(bucket));
  Attributes.push({ Key: "access_logs.s3.enabled", Value: String(enabled === true) });
  if (bucket !== undefined) Attributes.push({ Key: "access_logs.s3.bucket", Value: String(bucket) });
  if (prefix !== undefined) Attributes.push({ Key: "access_logs.s3.prefix", Value: String(prefix) });
  await cloud.elbv2.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes }));
}

/** Refuses a bucket that takes no logs, as ELB does and the emulator does not. */
async function requireLogDelivery(cloud: AwsCloud, Bucket: string): Promise<void> {
  const found = await unlessMissing(cloud.s3.send(new GetBucketPolicyCommand({ Bucket })));
  const allowed = statementsOf(found?.Policy ?? "").some(({ Effect, Principal, Action }) => {
    const services = typeof Principal === "object" ? [Principal.Service ?? []].flat() : [];
    return Effect === "Allow" && services.includes(LOG_DELIVERY) && [Action ?? []].flat().includes("s3:PutObject");
  });
  if (allowed) return;
  throw new Error(
    `InvalidConfigurationRequest: access denied for the bucket ${Bucket}: its policy must allow s3:PutObject to the ` +
      `service ${LOG_DELIVERY} before the load balancer logs into it (ModifyLoadBalancerAttributes)`,
  );
}

async function checkSubnets(inputs: Properties, { cloud, unknown }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  if (unknown.has("subnets")) return [];
  const refuse = (reason: string) => [{ property: "subnets", reason: `${reason} (CreateLoadBalancer)` }];
  const zones = new Set<string>();
  for (const id of list(inputs.subnets).map(String)) {
    const found = await findSubnet(cloud, id);
    if (!found) return refuse(`there is no subnet "${id}" in ${cloud.region}`);
    zones.add(String(found.AvailabilityZone));
  }
  return zones.size >= 2 ? [] : refuse(`subnets in ${zones.size} zones: an application load balancer needs two`);
}
