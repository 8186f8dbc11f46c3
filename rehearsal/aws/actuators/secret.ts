import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import type { Actuator, CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, number, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { fromTagList, removedTags, toTagList } from "./tags.ts";

const LEFT_OUT = ["forceOverwriteReplicaSecret", "policy", "replicas", "type"];

/** Days for which a deleted secret can be restored when nobody says how many. */
const RECOVERY_DAYS = 30;

/** aws:secretsmanager/secret:Secret; its `id` is its ARN. What is in it is SecretVersion's. */
export const secret: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "namePrefix"],

  async check(inputs, context) {
    return [
      ...refuseLeftOut(inputs, LEFT_OUT, "give the secret a name, a description and tags"),
      ...checkWindow(number(inputs.recoveryWindowInDays)),
      ...(await checkName(text(inputs.name), context)),
    ];
  },

  async create(inputs, cloud) {
    const { ARN } = await cloud.secrets.send(
      new CreateSecretCommand({ ...settingsFrom(inputs), Name: String(inputs.name), Tags: toTagList(inputs.tags) }),
    );
    const id = String(ARN);
    return { id, properties: { arn: id, policy: "", tagsAll: inputs.tags } };
  },

  async read({ id, properties }, cloud) {
    const found = await findSecret(cloud, id);
    if (!found) return undefined;
    const tags = fromTagList(found.Tags);
    const { description, kmsKeyId } = properties;
    return {
      arn: found.ARN,
      name: found.Name,
      ...(description !== undefined && { description: found.Description }),
      ...(kmsKeyId !== undefined && { kmsKeyId: found.KmsKeyId }),
      tags,
      tagsAll: tags,
    };
  },

  async update({ id, properties }, inputs, cloud) {
    await cloud.secrets.send(new UpdateSecretCommand({ ...settingsFrom(inputs), SecretId: id }));
    const TagKeys = removedTags(properties.tags, inputs.tags);
    if (TagKeys.length > 0) await cloud.secrets.send(new UntagResourceCommand({ SecretId: id, TagKeys }));
    const Tags = toTagList(inputs.tags);
    if (Tags.length > 0) await cloud.secrets.send(new TagResourceCommand({ SecretId: id, Tags }));
    return { tagsAll: inputs.tags };
  },

  delete({ id, properties }, cloud) {
    const days = number(properties.recoveryWindowInDays) ?? RECOVERY_DAYS;
    const window = days === 0 ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: days };
    return ignoreMissing(cloud.secrets.send(new DeleteSecretCommand({ SecretId: id, ...window })));
  },
};

/** A secret by its ARN or name; undefined when there is none, or it is only there to be restored. */
export async function findSecret(cloud: AwsCloud, SecretId: string): Promise<DescribeSecretCommandOutput | undefined> {
  const found = await unlessMissing(cloud.secrets.send(new DescribeSecretCommand({ SecretId })));
  return found?.DeletedDate ? undefined : found;
}

function settingsFrom(inputs: Properties) {
  return { Description: text(inputs.description) ?? "", KmsKeyId: text(inputs.kmsKeyId) };
}

function checkWindow(days: number | undefined): Refusal[] {
  if (days === undefined || days === 0 || (Number.isInteger(days) && days >= 7 && days <= 30)) return [];
  const reason = `${days} is out of range: 7 to 30 days, or 0 for none (DeleteSecret)`;
  return [{ property: "recoveryWindowInDays", reason }];
}

async function checkName(name: string | undefined, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  if (name === undefined) return [];
  if (!/^[\w/+=.@-]{1,512}$/.test(name)) {
    const reason = `"${name}" is no name of a secret: 1 to 512 of a-z, A-Z, 0-9 and /_+=.@- (CreateSecret)`;
    return [{ property: "name", reason }];
  }
  if (name === former?.name) return [];
  // A name is not free before its secret can no longer be restored.
  const taken = await unlessMissing(cloud.secrets.send(new DescribeSecretCommand({ SecretId: name })));
  return taken ? [{ property: "name", reason: `the secret "${name}" exists already (ResourceExistsException)` }] : [];
}
