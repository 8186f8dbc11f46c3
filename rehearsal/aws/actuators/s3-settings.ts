import {
  type BucketVersioningStatus,
  DeleteBucketEncryptionCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type MFADelete,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type ServerSideEncryption,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, ignoreMissing, list, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { asGiven, checkPolicy, documentText, statementsOf } from "./documents.ts";

// Whether the bucket exists is left to S3 in all of these: in a preview its name is known before it is there.

const STATUSES = ["Enabled", "Suspended", "Disabled"];
const ALGORITHMS = ["AES256", "aws:kms", "aws:kms:dsse"];

/** aws:s3/bucketVersioning:BucketVersioning; its `id` is the bucket. */
export const bucketVersioning: Actuator<AwsCloud> = {
  replaceOn: ["bucket", "expectedBucketOwner", "region"],

  check(inputs, { former }) {
    const { status, mfaDelete } = fields(inputs.versioningConfiguration);
    const refuse = (reason: string) => [{ property: "versioningConfiguration", reason }];
    if (status !== undefined && !STATUSES.includes(String(status))) {
      return refuse(`status "${status}" is none of ${STATUSES.join(", ")} (PutBucketVersioning)`);
    }
    const before = fields(former?.versioningConfiguration).status;
    if (status === "Disabled" && before !== undefined && before !== "Disabled") {
      return refuse(`status "Disabled" after "${before}": versioning can only be suspended again (Using versioning)`);
    }
    if (mfaDelete !== undefined && !["Enabled", "Disabled"].includes(String(mfaDelete))) {
      return refuse(`mfaDelete "${mfaDelete}" is neither Enabled nor Disabled (PutBucketVersioning)`);
    }
    if (mfaDelete === "Enabled" && inputs.mfa === undefined) {
      return refuse(`mfaDelete "Enabled" without mfa: the device's number and code are needed (PutBucketVersioning)`);
    }
    return [];
  },

  async create(inputs, cloud) {
    await putVersioning(inputs, cloud);
    return { id: String(inputs.bucket), properties: {} };
  },

  async read({ id, properties }, cloud) {
    const found = await unlessMissing(cloud.s3.send(new GetBucketVersioningCommand({ Bucket: id })));
    if (!found) return undefined;
    const given = fields(properties.versioningConfiguration);
    return {
      versioningConfiguration: {
        ...given,
        status: found.Status ?? "Disabled",
        ...(given.mfaDelete === undefined ? {} : { mfaDelete: found.MFADelete ?? "Disabled" }),
      },
    };
  },

  async update(_state, inputs, cloud) {
    await putVersioning(inputs, cloud);
    return {};
  },

  async delete({ id, properties }, cloud) {
    if (fields(properties.versioningConfiguration).status === "Disabled") return;
    const VersioningConfiguration = { Status: "Suspended" } as const;
    await ignoreMissing(cloud.s3.send(new PutBucketVersioningCommand({ Bucket: id, VersioningConfiguration })));
  },
};

/** aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration; its `id` is the bucket. */
export const bucketEncryption: Actuator<AwsCloud> = {
  replaceOn: ["bucket", "expectedBucketOwner", "region"],

  check({ rules }) {
    if (rules === undefined) return [];
    const refuse = (reason: string): Refusal => ({ property: "rules", reason: `${reason} (PutBucketEncryption)` });
    if (list(rules).length !== 1) return [refuse(`${list(rules).length} rules: a bucket has exactly one`)];
    const [rule] = list(rules);
    const leftOut = refuseLeftOut(fields(rule), ["blockedEncryptionTypes"], "leave it out");
    if (leftOut.length > 0) return leftOut;
    const { sseAlgorithm, kmsMasterKeyId } = defaultOf(rule);
    if (sseAlgorithm !== undefined && !ALGORITHMS.includes(String(sseAlgorithm))) {
      return [refuse(`sseAlgorithm "${sseAlgorithm}" is none of ${ALGORITHMS.join(", ")}`)];
    }
    if (sseAlgorithm === "AES256" && kmsMasterKeyId !== undefined) {
      return [refuse(`kmsMasterKeyId beside sseAlgorithm "AES256": a key goes with aws:kms or aws:kms:dsse`)];
    }
    return [];
  },

  async create(inputs, cloud) {
    await putEncryption(inputs, cloud);
    return { id: String(inputs.bucket), properties: {} };
  },

  async read({ id, properties }, cloud) {
    const found = await unlessMissing(cloud.s3.send(new GetBucketEncryptionCommand({ Bucket: id })));
    if (!found) return undefined;
    const given = list(properties.rules);
    const rules = found.ServerSideEncryptionConfiguration?.Rules ?? [];
    return { rules: rules.map((rule, index) => ruleAsGiven(rule, fields(given[index]))) };
  },

  async update(_state, inputs, cloud) {
    await putEncryption(inputs, cloud);
    return {};
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.s3.send(new DeleteBucketEncryptionCommand({ Bucket: id }))),
};

/** aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock; its `id` is the bucket. */
export const bucketPublicAccessBlock: Actuator<AwsCloud> = {
  replaceOn: ["bucket", "region"],

  async create(inputs, cloud) {
    await putAccessBlock(inputs, cloud);
    return { id: String(inputs.bucket), properties: {} };
  },

  async read({ id }, cloud) {
    const found = await unlessMissing(cloud.s3.send(new GetPublicAccessBlockCommand({ Bucket: id })));
    const block = found?.PublicAccessBlockConfiguration;
    return (
      block && {
        blockPublicAcls: block.BlockPublicAcls,
        blockPublicPolicy: block.BlockPublicPolicy,
        ignorePublicAcls: block.IgnorePublicAcls,
        restrictPublicBuckets: block.RestrictPublicBuckets,
      }
    );
  },

  async update(_state, inputs, cloud) {
    await putAccessBlock(inputs, cloud);
    return {};
  },

  async delete({ id, properties }, cloud) {
    if (properties.skipDestroy === true) return;
    await ignoreMissing(cloud.s3.send(new DeletePublicAccessBlockCommand({ Bucket: id })));
  },
};

/** aws:s3/bucketPolicy:BucketPolicy; its `id` is the bucket. */
export const bucketPolicy: Actuator<AwsCloud> = {
  replaceOn: ["bucket", "region"],

  check(inputs) {
    const rules = { property: "policy", limit: 20_480, source: "PutBucketPolicy", kind: "resource" } as const;
    const refusals = checkPolicy(inputs.policy, rules);
    const name = text(inputs.bucket);
    if (refusals.length > 0 || name === undefined || inputs.policy === undefined) return refusals;
    return checkResources(documentText(inputs.policy), name);
  },

  async create(inputs, cloud) {
    await putPolicy(inputs, cloud);
    return { id: String(inputs.bucket), properties: {} };
  },

  async read({ id, properties }, cloud) {
    const found = await unlessMissing(cloud.s3.send(new GetBucketPolicyCommand({ Bucket: id })));
    return found && { policy: asGiven(found.Policy, properties.policy) };
  },

  async update(_state, inputs, cloud) {
    await putPolicy(inputs, cloud);
    return {};
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.s3.send(new DeleteBucketPolicyCommand({ Bucket: id }))),
};

async function putVersioning(inputs: Properties, cloud: AwsCloud): Promise<void> {
  const { status, mfaDelete } = fields(inputs.versioningConfiguration);
  // A bucket that never had versions cannot be told so.
  if (status === "Disabled") return;
  await cloud.s3.send(
    new PutBucketVersioningCommand({
      Bucket: String(inputs.bucket),
      MFA: text(inputs.mfa),
      VersioningConfiguration: { Status: status as BucketVersioningStatus, MFADelete: mfaDelete as MFADelete },
    }),
  );
}

async function putEncryption(inputs: Properties, cloud: AwsCloud): Promise<void> {
  const Rules = list(inputs.rules).map((rule) => {
    const { sseAlgorithm, kmsMasterKeyId } = defaultOf(rule);
    return {
      ApplyServerSideEncryptionByDefault: {
        SSEAlgorithm: sseAlgorithm as ServerSideEncryption,
        KMSMasterKeyID: text(kmsMasterKeyId),
      },
      BucketKeyEnabled: fields(rule).bucketKeyEnabled as boolean | undefined,
    };
  });
  const ServerSideEncryptionConfiguration = { Rules };
  const Bucket = String(inputs.bucket);
  await cloud.s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
}

function defaultOf(rule: unknown): Record<string, unknown> {
  return fields(fields(rule).applyServerSideEncryptionByDefault);
}

function ruleAsGiven(rule: ServerSideEncryptionRule, given: Properties): Properties {
  const { SSEAlgorithm, KMSMasterKeyID } = rule.ApplyServerSideEncryptionByDefault ?? {};
  const key = KMSMasterKeyID ? { kmsMasterKeyId: KMSMasterKeyID } : {};
  const bucketKey = given.bucketKeyEnabled === undefined ? {} : { bucketKeyEnabled: rule.BucketKeyEnabled ?? false };
  return { applyServerSideEncryptionByDefault: { sseAlgorithm: SSEAlgorithm, ...key }, ...bucketKey };
}

async function putAccessBlock(inputs: Properties, cloud: AwsCloud): Promise<void> {
  await cloud.s3.send(
    new PutPublicAccessBlockCommand({
      Bucket: String(inputs.bucket),
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: inputs.blockPublicAcls === true,
        BlockPublicPolicy: inputs.blockPublicPolicy === true,
        IgnorePublicAcls: inputs.ignorePublicAcls === true,
        RestrictPublicBuckets: inputs.restrictPublicBuckets === true,
      },
    }),
  );
}

/** A bucket's policy may speak of that bucket and its objects only. */
function checkResources(policy: string, name: string): Refusal[] {
  const arn = `arn:aws:s3:::${name}`;
  const others = statementsOf(policy)
    .flatMap(({ Resource }) => Resource ?? [])
    .filter((resource) => resource !== "*" && resource !== arn && !resource.startsWith(`${arn}/`));
  return others.map((resource) => ({
    property: "policy",
    reason: `the Resource "${resource}" is not of the bucket ${name}: ${arn} or ${arn}/* (MalformedPolicy)`,
  }));
}

async function putPolicy(inputs: Properties, cloud: AwsCloud): Promise<void> {
  const Policy = documentText(inputs.policy);
  await cloud.s3.send(new PutBucketPolicyCommand({ Bucket: String(inputs.bucket), Policy }));
}
