import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  type Role,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, text, unlessMissing } from "./common.ts";
import { asGiven, checkPolicy, documentText } from "./documents.ts";
import { fromTagList, removedTags, toTagList } from "./tags.ts";

/** aws:iam/role:Role; its `id` is its name. */
export const role: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "namePrefix", "path"],

  async check(inputs, { cloud, former }) {
    const refusals = checkPolicy(inputs.assumeRolePolicy, {
      property: "assumeRolePolicy",
      limit: 2048,
      source: "IAM and AWS STS quotas",
      kind: "trust",
    });
    refusals.push(...checkName(text(inputs.name), 64, "CreateRole"));
    const name = text(inputs.name);
    if (name !== undefined && name !== former?.name && (await findRole(cloud, name))) {
      refusals.push({ property: "name", reason: `the role "${name}" exists already (EntityAlreadyExists)` });
    }
    return [...refusals, ...checkSettings(inputs)];
  },

  async create(inputs, cloud) {
    const { Role } = await cloud.iam.send(
      new CreateRoleCommand({
        RoleName: String(inputs.name),
        AssumeRolePolicyDocument: documentText(inputs.assumeRolePolicy),
        Path: text(inputs.path),
        Description: text(inputs.description),
        MaxSessionDuration: inputs.maxSessionDuration === undefined ? undefined : Number(inputs.maxSessionDuration),
        PermissionsBoundary: text(inputs.permissionsBoundary),
        Tags: toTagList(inputs.tags),
      }),
    );
    await putPolicies(cloud, String(inputs.name), {}, inputs);
    return { id: String(inputs.name), properties: { ...outputs(Role), tagsAll: inputs.tags } };
  },

  async read({ id, properties }, cloud) {
    const found = await findRole(cloud, id);
    if (!found) return undefined;
    const tags = fromTagList(found.Tags);
    return {
      ...outputs(found),
      assumeRolePolicy: asGiven(decodeURIComponent(found.AssumeRolePolicyDocument ?? ""), properties.assumeRolePolicy),
      description: found.Description,
      maxSessionDuration: found.MaxSessionDuration,
      permissionsBoundary: found.PermissionsBoundary?.PermissionsBoundaryArn,
      tags,
      tagsAll: tags,
    };
  },

  async update({ id, properties }, inputs, cloud) {
    const PolicyDocument = documentText(inputs.assumeRolePolicy);
    await cloud.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: id, PolicyDocument }));
    await cloud.iam.send(
      new UpdateRoleCommand({
        RoleName: id,
        Description: text(inputs.description) ?? "",
        MaxSessionDuration: Number(inputs.maxSessionDuration ?? 3600),
      }),
    );
    await bound(cloud, id, text(properties.permissionsBoundary), text(inputs.permissionsBoundary));
    await putPolicies(cloud, id, properties, inputs);
    await retag(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  async delete({ id, properties }, cloud) {
    // The provider takes away what it put on the role itself; of others' policies only when it is told to.
    if (properties.forceDetachPolicies === true) await stripPolicies(cloud, id);
    else await putPolicies(cloud, id, properties, {});
    await ignoreMissing(cloud.iam.send(new DeleteRoleCommand({ RoleName: id })));
  },
};

/** aws:iam/rolePolicy:RolePolicy; its `id` is `role:name`. */
export const rolePolicy: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "namePrefix", "role"],

  // Whether the role exists is left to PutRolePolicy: in a preview its name is known before it is there.
  check(inputs) {
    const policy = { property: "policy", limit: 10_240, source: "IAM and AWS STS quotas", kind: "identity" } as const;
    return [...checkName(text(inputs.name), 128, "PutRolePolicy"), ...checkPolicy(inputs.policy, policy)];
  },

  async create(inputs, cloud) {
    await putPolicy(cloud, String(inputs.role), String(inputs.name), inputs.policy);
    return { id: `${inputs.role}:${inputs.name}`, properties: {} };
  },

  async read({ properties }, cloud) {
    const { role: RoleName, name: PolicyName, policy } = properties;
    const command = new GetRolePolicyCommand({ RoleName: String(RoleName), PolicyName: String(PolicyName) });
    const found = await unlessMissing(cloud.iam.send(command));
    return found && { policy: asGiven(decodeURIComponent(found.PolicyDocument ?? ""), policy) };
  },

  async update(_state, inputs, cloud) {
    await putPolicy(cloud, String(inputs.role), String(inputs.name), inputs.policy);
    return {};
  },

  delete: ({ properties }, cloud) => dropPolicy(cloud, String(properties.role), String(properties.name)),
};

/**
 * aws:iam/outboundWebIdentityFederation:OutboundWebIdentityFederation, a switch of the account; its `id` is
 * the account's.
 *
 * That it is on already is found when it is created: it has no inputs, by which a check could tell a new one
 * from one that stands.
 */
export const outboundWebIdentityFederation: Actuator<AwsCloud> = {
  async create(_inputs, { accountId, webIdentity }) {
    if (webIdentity.enabled) {
      throw new Error(
        `FeatureEnabled: outbound web identity federation is enabled in the account ${accountId} already: ` +
          "it is one switch an account, so one resource at most may hold it (EnableOutboundWebIdentityFederation)",
      );
    }
    webIdentity.enabled = true;
    return { id: accountId, properties: { issuerIdentifier: webIdentity.issuer } };
  },

  async read(_state, { webIdentity }) {
    return webIdentity.enabled ? { issuerIdentifier: webIdentity.issuer } : undefined;
  },

  async delete(_state, { webIdentity }) {
    webIdentity.enabled = false;
  },
};

export async function findRole(cloud: AwsCloud, RoleName: string): Promise<Role | undefined> {
  return (await unlessMissing(cloud.iam.send(new GetRoleCommand({ RoleName }))))?.Role;
}

function outputs(found: Role | undefined): Properties {
  return { arn: found?.Arn, uniqueId: found?.RoleId, createDate: found?.CreateDate?.toISOString(), path: found?.Path };
}

function checkName(name: string | undefined, most: number, source: string): Refusal[] {
  if (name === undefined || (name.length <= most && /^[\w+=,.@-]+$/.test(name))) return [];
  const reason = `"${name}" is no name: 1 to ${most} of a-z, A-Z, 0-9, '_' and '+=,.@-' (${source})`;
  return [{ property: "name", reason }];
}

function checkSettings(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const path = text(inputs.path);
  if (path !== undefined && !/^\/([!-~]*\/)?$/.test(path)) {
    refusals.push({ property: "path", reason: `"${path}" is no path: it begins and ends with "/" (CreateRole)` });
  }
  const seconds = inputs.maxSessionDuration;
  if (seconds !== undefined && (Number(seconds) < 3600 || Number(seconds) > 43_200)) {
    const reason = `${seconds} is no session duration: 3600 to 43200 seconds (CreateRole)`;
    refusals.push({ property: "maxSessionDuration", reason });
  }
  const description = text(inputs.description);
  if (description !== undefined && description.length > 1000) {
    const reason = `the description has ${description.length} characters: 1000 at most (CreateRole)`;
    refusals.push({ property: "description", reason });
  }
  return refusals;
}

/** Brings the policies that are given with the role itself from the former inputs to the next. */
async function putPolicies(cloud: AwsCloud, RoleName: string, former: Properties, next: Properties): Promise<void> {
  const wanted = inlineOf(next);
  for (const { name } of inlineOf(former)) {
    if (!wanted.some((each) => each.name === name)) await dropPolicy(cloud, RoleName, name);
  }
  for (const { name, policy } of wanted) await putPolicy(cloud, RoleName, name, policy);
  const arns = managedOf(next);
  for (const PolicyArn of managedOf(former).filter((arn) => !arns.includes(arn))) {
    await ignoreMissing(cloud.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })));
  }
  for (const PolicyArn of arns) await cloud.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
}

async function bound(cloud: AwsCloud, RoleName: string, former?: string, next?: string): Promise<void> {
  if (next !== undefined && next !== former) {
    await cloud.iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: next }));
  } else if (next === undefined && former !== undefined) {
    await cloud.iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
  }
}

async function stripPolicies(cloud: AwsCloud, RoleName: string): Promise<void> {
  const inline = await unlessMissing(cloud.iam.send(new ListRolePoliciesCommand({ RoleName })));
  for (const name of inline?.PolicyNames ?? []) await dropPolicy(cloud, RoleName, name);
  const attached = await unlessMissing(cloud.iam.send(new ListAttachedRolePoliciesCommand({ RoleName })));
  for (const { PolicyArn } of attached?.AttachedPolicies ?? []) {
    await ignoreMissing(cloud.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })));
  }
}

function inlineOf(inputs: Properties): { name: string; policy: unknown }[] {
  return (inputs.inlinePolicies ?? []) as { name: string; policy: unknown }[];
}

function managedOf(inputs: Properties): string[] {
  return (inputs.managedPolicyArns ?? []) as string[];
}

async function putPolicy(cloud: AwsCloud, RoleName: string, PolicyName: string, policy: unknown): Promise<void> {
  const PolicyDocument = documentText(policy);
  await cloud.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
}

function dropPolicy(cloud: AwsCloud, RoleName: string, PolicyName: string): Promise<void> {
  return ignoreMissing(cloud.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
}

async function retag(cloud: AwsCloud, RoleName: string, former: unknown, next: unknown): Promise<void> {
  const TagKeys = removedTags(former, next);
  if (TagKeys.length > 0) await cloud.iam.send(new UntagRoleCommand({ RoleName, TagKeys }));
  const Tags = toTagList(next);
  if (Tags.length > 0) await cloud.iam.send(new TagRoleCommand({ RoleName, Tags }));
}
