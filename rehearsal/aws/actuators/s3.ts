import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
} from "@aws-sdk/client-s3";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { fromTagList, tagsOf, toTagList } from "./tags.ts";

/** What the names of ordinary buckets don't begin and end with (Bucket naming rules). */
const RESERVED_PREFIXES = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_SUFFIXES = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

/** Settings that the type still takes, and that have types of their own. */
const OWN_TYPES = [
  ...["accelerationStatus", "acl", "corsRules", "grants", "lifecycleRules", "logging", "objectLockConfiguration"],
  ...["policy", "replicationConfiguration", "requestPayer", "serverSideEncryptionConfiguration", "versioning"],
  "website",
];

/** aws:s3/bucket:Bucket; its `id` is its name. */
export const bucket: Actuator<AwsCloud> = {
  autoname: { property: "bucket", make: (name, hex) => `${name.toLowerCase()}-${hex.slice(0, 7)}` },
  replaceOn: ["bucket", "bucketPrefix", "bucketNamespace", "objectLockEnabled", "region"],

  async check(inputs, { cloud, former }) {
    const instead = "make it a resource of its own, such as aws.s3.BucketVersioning";
    const refusals = refuseLeftOut(inputs, OWN_TYPES, instead);
    const name = text(inputs.bucket);
    if (name === undefined) return refusals;
    const misnamed = checkName(name);
    if (misnamed.length > 0 || name === former?.bucket || !(await bucketExists(cloud, name))) {
      return [...refusals, ...misnamed];
    }
    const reason = `the bucket "${name}" exists already, and no two in the world share a name (BucketAlreadyExists)`;
    return [...refusals, { property: "bucket", reason }];
  },

  async create(inputs, cloud) {
    const name = String(inputs.bucket);
    await cloud.s3.send(
      new CreateBucketCommand({
        Bucket: name,
        // us-east-1 is where a bucket goes that says nothing, and cannot be named (CreateBucket).
        CreateBucketConfiguration:
          cloud.region === "us-east-1" ? undefined : { LocationConstraint: cloud.region as "eu-central-1" },
        ObjectLockEnabledForBucket: inputs.objectLockEnabled === true ? true : undefined,
      }),
    );
    await tag(cloud, name, inputs.tags);
    const properties = {
      arn: `arn:aws:s3:::${name}`,
      bucketDomainName: `${name}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${name}.s3.${cloud.region}.amazonaws.com`,
      bucketRegion: cloud.region,
      tagsAll: inputs.tags,
    };
    return { id: name, properties };
  },

  async read({ id }, cloud) {
    if (!(await bucketExists(cloud, id))) return undefined;
    const found = await unlessMissing(cloud.s3.send(new GetBucketTaggingCommand({ Bucket: id })));
    const tags = fromTagList(found?.TagSet);
    return { tags, tagsAll: tags };
  },

  async update({ id }, inputs, cloud) {
    await tag(cloud, id, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  async delete({ id, properties }, cloud) {
    if (properties.forceDestroy === true && (await bucketExists(cloud, id)))
      await empty(cloud, id, properties.objectLockEnabled === true);
    await ignoreMissing(cloud.s3.send(new DeleteBucketCommand({ Bucket: id })));
  },
};

async function bucketExists(cloud: AwsCloud, Bucket: string): Promise<boolean> {
  return (await unlessMissing(cloud.s3.send(new HeadBucketCommand({ Bucket })))) !== undefined;
}

function checkName(name: string): Refusal[] {
  const refuse = (reason: string) => [{ property: "bucket", reason: `${reason} (Bucket naming rules)` }];
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
    return refuse(`"${name}" is no bucket name: 3 to 63 of a-z, 0-9, '.' and '-', a letter or digit at both ends`);
  }
  if (name.includes("..")) return refuse(`"${name}" has two dots side by side`);
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return refuse(`"${name}" has the form of an IP address`);
  const prefix = RESERVED_PREFIXES.find((each) => name.startsWith(each));
  if (prefix) return refuse(`"${name}" begins with "${prefix}", which S3 keeps for itself`);
  const suffix = RESERVED_SUFFIXES.find((each) => name.endsWith(each));
  return suffix ? refuse(`"${name}" ends with "${suffix}", which S3 keeps for itself`) : [];
}

async function tag(cloud: AwsCloud, Bucket: string, tags: unknown): Promise<void> {
  if (Object.keys(tagsOf(tags)).length === 0) {
    await ignoreMissing(cloud.s3.send(new DeleteBucketTaggingCommand({ Bucket })));
  } else {
    await cloud.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: toTagList(tags) } }));
  }
}

/**
 * Deletes every version and delete marker, a page at a time: S3 deletes an empty bucket only. Locks of governance
 * are lifted, as the provider does; those of compliance nobody lifts.
 */
async function empty(cloud: AwsCloud, Bucket: string, locked: boolean): Promise<void> {
  for (;;) {
    const page = await cloud.s3.send(new ListObjectVersionsCommand({ Bucket }));
    const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    if (found.length === 0) return;
    const Objects = found.map(({ Key, VersionId }) => ({ Key, VersionId }));
    const { Errors = [] } = await cloud.s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects }, BypassGovernanceRetention: locked || undefined }),
    );
    const [first] = Errors;
    if (first) throw new Error(`${Bucket} can't be emptied: ${first.Key}: ${first.Code} ${first.Message}`);
  }
}
