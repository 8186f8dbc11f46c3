import { isDeepStrictEqual } from "node:util";
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  type LaunchTemplate,
  type LaunchTemplateVersion,
  ModifyLaunchTemplateCommand,
  type RequestLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, ignoreMissing, list, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { ec2Tags, fromTagList, retagEc2, toTagList } from "./tags.ts";

/** User data may have so many bytes before it is encoded (User data). */
const MOST_USER_DATA = 16_384;

/** The inputs that a version holds; a change of one makes a new version. */
const VERSIONED = [
  ...["blockDeviceMappings", "ebsOptimized", "iamInstanceProfile", "imageId", "instanceType", "metadataOptions"],
  ...["monitoring", "tagSpecifications", "userData", "vpcSecurityGroupIds", "description"],
];

const LEFT_OUT = [
  ...["instanceMarketOptions", "instanceRequirements", "kernelId", "keyName", "networkInterfaces", "placement"],
  ...["ramDiskId", "securityGroupNames"],
];

/** aws:ec2/launchTemplate:LaunchTemplate */
export const launchTemplate: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "namePrefix"],

  async check(inputs, { cloud, former }) {
    const refusals = [...refuseLeftOut(inputs, LEFT_OUT, "leave it out"), ...checkUserData(text(inputs.userData))];
    const name = text(inputs.name);
    if (name !== undefined && !/^[\w().\-/]{3,128}$/.test(name)) {
      const reason = `"${name}" is no name: 3 to 128 of a-z, A-Z, 0-9 and -_()./ (CreateLaunchTemplate)`;
      refusals.push({ property: "name", reason });
    } else if (name !== undefined && name !== former?.name && (await find(cloud, { name }))) {
      const reason = `the launch template "${name}" exists already (InvalidLaunchTemplateName.AlreadyExistsException)`;
      refusals.push({ property: "name", reason });
    }
    return refusals;
  },

  async create(inputs, cloud) {
    const { LaunchTemplate } = await cloud.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: String(inputs.name),
        VersionDescription: text(inputs.description),
        LaunchTemplateData: dataOf(inputs),
        TagSpecifications: ec2Tags("launch-template", inputs.tags),
      }),
    );
    const id = String(LaunchTemplate?.LaunchTemplateId);
    return { id, properties: { ...outputs(cloud, LaunchTemplate), tagsAll: inputs.tags } };
  },

  async read({ id }, cloud) {
    const found = await find(cloud, { id });
    if (!found) return undefined;
    const data = (await findVersion(cloud, id, "$Latest"))?.LaunchTemplateData;
    const tags = fromTagList(found.Tags);
    return {
      ...outputs(cloud, found),
      imageId: data?.ImageId,
      instanceType: data?.InstanceType,
      userData: data?.UserData,
      vpcSecurityGroupIds: data?.SecurityGroupIds,
      tags,
      tagsAll: tags,
    };
  },

  async update({ id, properties }, inputs, cloud) {
    if (VERSIONED.some((key) => !isDeepStrictEqual(properties[key], inputs[key]))) {
      await cloud.ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId: id,
          VersionDescription: text(inputs.description),
          LaunchTemplateData: dataOf(inputs),
        }),
      );
    }
    const { LatestVersionNumber } = (await find(cloud, { id })) ?? {};
    const version = inputs.updateDefaultVersion === true ? LatestVersionNumber : inputs.defaultVersion;
    if (version !== undefined) {
      await cloud.ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId: id, DefaultVersion: String(version) }));
    }
    await retagEc2(cloud, id, properties.tags, inputs.tags);
    return { ...outputs(cloud, await find(cloud, { id })), tagsAll: inputs.tags };
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id }))),
};

/** One version of a template. @param version number, `$Latest` or `$Default` */
export async function findVersion(
  cloud: AwsCloud,
  id: string,
  version: string,
): Promise<LaunchTemplateVersion | undefined> {
  const command = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: [version] });
  return (await unlessMissing(cloud.ec2.send(command)))?.LaunchTemplateVersions?.[0];
}

async function find(
  cloud: AwsCloud,
  { id, name }: { id?: string; name?: string },
): Promise<LaunchTemplate | undefined> {
  const command = new DescribeLaunchTemplatesCommand({
    LaunchTemplateIds: id === undefined ? undefined : [id],
    LaunchTemplateNames: name === undefined ? undefined : [name],
  });
  return (await unlessMissing(cloud.ec2.send(command)))?.LaunchTemplates?.[0];
}

function outputs(cloud: AwsCloud, found: LaunchTemplate | undefined): Properties {
  return {
    arn: cloud.arn("ec2", `launch-template/${found?.LaunchTemplateId}`),
    latestVersion: found?.LatestVersionNumber,
    defaultVersion: found?.DefaultVersionNumber,
  };
}

function dataOf(inputs: Properties): RequestLaunchTemplateData {
  const { arn, name } = fields(inputs.iamInstanceProfile);
  const { httpEndpoint, httpPutResponseHopLimit, httpTokens, instanceMetadataTags } = fields(inputs.metadataOptions);
  return {
    ImageId: text(inputs.imageId),
    InstanceType: inputs.instanceType as RequestLaunchTemplateData["InstanceType"],
    UserData: text(inputs.userData),
    SecurityGroupIds: list(inputs.vpcSecurityGroupIds) as string[],
    EbsOptimized: flag(inputs.ebsOptimized),
    IamInstanceProfile: inputs.iamInstanceProfile ? { Arn: text(arn), Name: text(name) } : undefined,
    Monitoring: inputs.monitoring ? { Enabled: flag(fields(inputs.monitoring).enabled) } : undefined,
    MetadataOptions: inputs.metadataOptions
      ? {
          HttpEndpoint: httpEndpoint as "enabled" | undefined,
          HttpPutResponseHopLimit: httpPutResponseHopLimit as number | undefined,
          HttpTokens: httpTokens as "required" | undefined,
          InstanceMetadataTags: instanceMetadataTags as "enabled" | undefined,
        }
      : undefined,
    BlockDeviceMappings: list(inputs.blockDeviceMappings).map(deviceOf),
    TagSpecifications: list(inputs.tagSpecifications).map((each) => ({
      ResourceType: fields(each).resourceType as "instance",
      Tags: toTagList(fields(each).tags),
    })),
  };
}

function deviceOf(device: unknown) {
  const { deviceName, ebs } = fields(device);
  const { deleteOnTermination, encrypted, iops, throughput, volumeSize, volumeType } = fields(ebs);
  return {
    DeviceName: text(deviceName),
    Ebs: {
      DeleteOnTermination: flag(deleteOnTermination),
      Encrypted: flag(encrypted),
      Iops: iops as number | undefined,
      Throughput: throughput as number | undefined,
      VolumeSize: volumeSize as number | undefined,
      VolumeType: volumeType as "gp3" | undefined,
    },
  };
}

/** The type writes some of its flags as texts. */
function flag(value: unknown): boolean | undefined {
  return value === undefined ? undefined : value === true || value === "true";
}

function checkUserData(given: string | undefined): Refusal[] {
  if (given === undefined) return [];
  const refuse = (reason: string) => [{ property: "userData", reason }];
  const bytes = Buffer.from(given, "base64");
  if (bytes.toString("base64") !== given) {
    return refuse("the user data is not in base64 (InvalidUserData.Malformed): a launch template takes it encoded");
  }
  if (bytes.length <= MOST_USER_DATA) return [];
  return refuse(`the user data has ${bytes.length} bytes: ${MOST_USER_DATA} at most (InvalidUserData.Malformed)`);
}
