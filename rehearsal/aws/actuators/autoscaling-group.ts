import { isDeepStrictEqual } from "node:util";
import {
  type AutoScalingGroup,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { DeregisterTargetsCommand, RegisterTargetsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Actuator } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import type { HostedGroup } from "../hosting.ts";
import { checkGroup } from "./autoscaling-checks.ts";
import { fields, ignoreMissing, list, text } from "./common.ts";
import { findInstanceProfile } from "./instance-profile.ts";
import { findVersion } from "./launch-template.ts";

/** What the launch template says of a server, as far as a local one takes it. */
interface Launch {
  userData: string;
  roleArn: string;
}

/**
 * aws:autoscaling/group:Group; its `id` is its name.
 *
 * The emulator's instances are records; for each of them a local machine runs the app, under its id, with the
 * launch template's user data and the rights of its instance profile's role.
 */
export const autoScalingGroup: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "namePrefix"],

  check: checkGroup,

  async create(inputs, cloud) {
    const launch = await launchOf(cloud, inputs);
    const AutoScalingGroupName = String(inputs.name);
    const { tags } = inputs;
    await cloud.autoscaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName,
        ...settingsOf(inputs),
        DesiredCapacity: Number(inputs.desiredCapacity ?? inputs.minSize),
        LaunchTemplate: templateOf(inputs),
        Tags: (list(tags) as { key: string; value: string; propagateAtLaunch: boolean }[]).map((tag) => ({
          Key: tag.key,
          Value: tag.value,
          PropagateAtLaunch: tag.propagateAtLaunch,
        })),
      }),
    );
    const made = await find(cloud, AutoScalingGroupName);
    const arn = String(made?.AutoScalingGroupARN);
    try {
      await cloud.hosting.openGroup(arn, AutoScalingGroupName, cloud.region, launch.roleArn);
      await runMachines(cloud, arn, made, launch);
      await register(cloud, arn, made, [], targetGroupsOf(inputs));
    } catch (error) {
      await remove(cloud, arn, AutoScalingGroupName);
      throw error;
    }
    return { id: AutoScalingGroupName, properties: { arn, desiredCapacity: made?.DesiredCapacity } };
  },

  async read({ id }, cloud) {
    const found = await find(cloud, id);
    return (
      found && {
        minSize: found.MinSize,
        maxSize: found.MaxSize,
        desiredCapacity: found.DesiredCapacity,
        healthCheckType: found.HealthCheckType,
      }
    );
  },

  async update({ id, properties }, inputs, cloud) {
    const arn = String(properties.arn);
    const launch = await launchOf(cloud, inputs);
    const before = await find(cloud, id);
    const least = Math.max(Number(before?.DesiredCapacity), Number(inputs.minSize));
    const DesiredCapacity = Number(inputs.desiredCapacity ?? Math.min(least, Number(inputs.maxSize)));
    await cloud.autoscaling.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: id,
        ...settingsOf(inputs),
        DesiredCapacity,
        LaunchTemplate: templateOf(inputs),
      }),
    );
    const changed = !isDeepStrictEqual(inputs.launchTemplate, properties.launchTemplate);
    if (changed && inputs.instanceRefresh !== undefined) await renewRecords(cloud, id, DesiredCapacity);
    const group = cloud.hosting.groups.get(arn);
    if (group?.roleArn !== launch.roleArn) await cloud.hosting.changeRole(arn, id, cloud.region, launch.roleArn);
    const after = await find(cloud, id);
    await runMachines(cloud, arn, after, launch);
    await register(cloud, arn, after, targetGroupsOf(properties), targetGroupsOf(inputs));
    return { desiredCapacity: DesiredCapacity };
  },

  delete: ({ id, properties }, cloud) => remove(cloud, String(properties.arn), id),
};

async function find(cloud: AwsCloud, name: string): Promise<AutoScalingGroup | undefined> {
  const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
  return (await cloud.autoscaling.send(command)).AutoScalingGroups?.[0];
}

function settingsOf(inputs: Properties) {
  return {
    MinSize: Number(inputs.minSize),
    MaxSize: Number(inputs.maxSize),
    HealthCheckType: text(inputs.healthCheckType),
    HealthCheckGracePeriod: Number(inputs.healthCheckGracePeriod ?? 300),
    VPCZoneIdentifier: list(inputs.vpcZoneIdentifiers).join(","),
  };
}

function templateOf(inputs: Properties) {
  const { id, name, version } = fields(inputs.launchTemplate);
  return { LaunchTemplateId: text(id), LaunchTemplateName: text(name), Version: versionText(version) };
}

function versionText(version: unknown): string {
  return version === undefined ? "$Default" : String(version);
}

function targetGroupsOf(inputs: Properties): string[] {
  return list(inputs.targetGroupArns) as string[];
}

/** @throws Error for a template that does not make a server here, before anything is made */
async function launchOf(cloud: AwsCloud, inputs: Properties): Promise<Launch> {
  const { id, version } = fields(inputs.launchTemplate);
  const data = (await findVersion(cloud, String(id), versionText(version)))?.LaunchTemplateData;
  if (!data) {
    throw new Error(`ValidationError: there is no version ${versionText(version)} of the launch template ${id}`);
  }
  const { Arn, Name } = data.IamInstanceProfile ?? {};
  const profile = Name ?? Arn?.slice(Arn.lastIndexOf("/") + 1) ?? "";
  const roleArn = (await findInstanceProfile(cloud, profile))?.Roles?.[0]?.Arn;
  if (!roleArn) {
    throw new Error(
      `ValidationError: the launch template ${id} gives its servers no role: an existing instance profile with a ` +
        `role is expected, found ${JSON.stringify(profile)} (CreateAutoScalingGroup)`,
    );
  }
  return { userData: Buffer.from(data.UserData ?? "", "base64").toString(), roleArn };
}

/** Brings the machines to what the emulator's record says that there are. */
async function runMachines(
  cloud: AwsCloud,
  arn: string,
  record: AutoScalingGroup | undefined,
  { userData }: Launch,
): Promise<void> {
  const group = cloud.hosting.groups.get(arn) as HostedGroup;
  const environment = cloud.hosting.machineEnvironment(group);
  await group.fleet.bringTo(instancesOf(record), { userData, environment });
}

function instancesOf(record: AutoScalingGroup | undefined): string[] {
  return (record?.Instances ?? []).map(({ InstanceId }) => String(InstanceId));
}

/** The emulator refreshes instances in name only: the records stay. These are new ones. */
async function renewRecords(cloud: AwsCloud, AutoScalingGroupName: string, capacity: number): Promise<void> {
  await cloud.autoscaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 0 }));
  await cloud.autoscaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: capacity }));
}

/** Has the group's machines in exactly the target groups that are wanted. */
async function register(
  cloud: AwsCloud,
  arn: string,
  record: AutoScalingGroup | undefined,
  former: readonly string[],
  wanted: readonly string[],
): Promise<void> {
  const { fleet } = cloud.hosting.groups.get(arn) as HostedGroup;
  const Targets = instancesOf(record).map((Id) => ({ Id }));
  for (const TargetGroupArn of former.filter((each) => !wanted.includes(each))) {
    cloud.hosting.pools.get(TargetGroupArn)?.deregister(arn);
    await ignoreMissing(cloud.elbv2.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets })));
  }
  for (const TargetGroupArn of wanted) {
    if (Targets.length > 0) await cloud.elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
    cloud.hosting.pools.get(TargetGroupArn)?.register(arn, () => fleet.targets());
  }
}

async function remove(cloud: AwsCloud, arn: string, AutoScalingGroupName: string): Promise<void> {
  await cloud.hosting.closeGroup(arn);
  await cloud.autoscaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }));
}
