import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  DeleteInstanceProfileCommand,
  DetachRolePolicyCommand,
  GetInstanceProfileCommand,
  type InstanceProfile,
  ListAttachedRolePoliciesCommand,
  RemoveRoleFromInstanceProfileCommand,
  TagInstanceProfileCommand,
  UntagInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import type { Actuator } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, text, unlessMissing } from "./common.ts";
import { fromTagList, removedTags, toTagList } from "./tags.ts";

/** aws:iam/instanceProfile:InstanceProfile; its `id` is its name. */
export const instanceProfile: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "namePrefix", "path"],

  async check(inputs, { cloud, former }) {
    const name = text(inputs.name);
    if (name === undefined || name === former?.name || !(await findInstanceProfile(cloud, name))) return [];
    return [{ property: "name", reason: `the instance profile "${name}" exists already (EntityAlreadyExists)` }];
  },

  async create(inputs, cloud) {
    const InstanceProfileName = String(inputs.name);
    const { InstanceProfile } = await cloud.iam.send(
      new CreateInstanceProfileCommand({ InstanceProfileName, Path: text(inputs.path), Tags: toTagList(inputs.tags) }),
    );
    await addRole(cloud, InstanceProfileName, text(inputs.role));
    const { Arn, CreateDate, InstanceProfileId } = InstanceProfile ?? {};
    const outputs = { arn: Arn, uniqueId: InstanceProfileId, createDate: CreateDate?.toISOString() };
    return { id: InstanceProfileName, properties: { ...outputs, tagsAll: inputs.tags } };
  },

  async read({ id }, cloud) {
    const found = await findInstanceProfile(cloud, id);
    if (!found) return undefined;
    const tags = fromTagList(found.Tags);
    return { arn: found.Arn, role: found.Roles?.[0]?.RoleName, tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    if (inputs.role !== properties.role) {
      await removeRole(cloud, id, text(properties.role));
      await addRole(cloud, id, text(inputs.role));
    }
    const TagKeys = removedTags(properties.tags, inputs.tags);
    const Tags = toTagList(inputs.tags);
    const profile = { InstanceProfileName: id };
    if (TagKeys.length > 0) await cloud.iam.send(new UntagInstanceProfileCommand({ ...profile, TagKeys }));
    if (Tags.length > 0) await cloud.iam.send(new TagInstanceProfileCommand({ ...profile, Tags }));
    return { tagsAll: inputs.tags };
  },

  async delete({ id, properties }, cloud) {
    await removeRole(cloud, id, text(properties.role));
    await ignoreMissing(cloud.iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: id })));
  },
};

/** aws:iam/rolePolicyAttachment:RolePolicyAttachment; its `id` is `role/policy`. */
export const rolePolicyAttachment: Actuator<AwsCloud> = {
  replaceOn: ["role", "policyArn"],

  check(inputs) {
    const arn = text(inputs.policyArn);
    if (arn === undefined || /^arn:aws:iam::(aws|\d{12}):policy\/.+/.test(arn)) return [];
    return [{ property: "policyArn", reason: `"${arn}" is no ARN of a policy (AttachRolePolicy)` }];
  },

  async create(inputs, cloud) {
    const RoleName = String(inputs.role);
    const PolicyArn = String(inputs.policyArn);
    await cloud.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    return { id: `${RoleName}/${PolicyArn}`, properties: {} };
  },

  async read({ properties: { role, policyArn } }, cloud) {
    const command = new ListAttachedRolePoliciesCommand({ RoleName: String(role) });
    const found = await unlessMissing(cloud.iam.send(command));
    const attached = found?.AttachedPolicies?.some(({ PolicyArn }) => PolicyArn === policyArn);
    return attached ? { role, policyArn } : undefined;
  },

  async delete({ properties: { role, policyArn } }, cloud) {
    const command = new DetachRolePolicyCommand({ RoleName: String(role), PolicyArn: String(policyArn) });
    await ignoreMissing(cloud.iam.send(command));
  },
};

export async function findInstanceProfile(
  cloud: AwsCloud,
  InstanceProfileName: string,
): Promise<InstanceProfile | undefined> {
  const command = new GetInstanceProfileCommand({ InstanceProfileName });
  return (await unlessMissing(cloud.iam.send(command)))?.InstanceProfile;
}

async function addRole(cloud: AwsCloud, InstanceProfileName: string, RoleName: string | undefined): Promise<void> {
  if (RoleName) await cloud.iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
}

async function removeRole(cloud: AwsCloud, InstanceProfileName: string, RoleName: string | undefined): Promise<void> {
  if (!RoleName) return;
  await ignoreMissing(cloud.iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName })));
}
