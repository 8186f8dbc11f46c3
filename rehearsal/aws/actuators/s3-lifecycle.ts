import { isDeepStrictEqual } from "node:util";
import {
  DeleteBucketLifecycleCommand,
  type ExpirationStatus,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  type TransitionStorageClass,
} from "@aws-sdk/client-s3";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, ignoreMissing, list, refuseLeftOut, text, unlessMissing } from "./common.ts";

/** What a rule may do; one at least is given. */
const ACTIONS = [
  ...["abortIncompleteMultipartUpload", "expiration", "noncurrentVersionExpiration", "noncurrentVersionTransitions"],
  "transitions",
];

/** aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration; its `id` is the bucket. No rule acts here. */
export const bucketLifecycle: Actuator<AwsCloud> = {
  replaceOn: ["bucket", "expectedBucketOwner"],

  check(inputs) {
    const rules = list(inputs.rules).map(fields);
    const ids = rules.map(({ id }) => id);
    const refuse = (reason: string): Refusal => ({ property: "rules", reason: `${reason} (PutBucketLifecycle)` });
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    return [
      ...(rules.length > 1000 ? [refuse(`${rules.length} rules: 1000 at most`)] : []),
      ...(twice === undefined ? [] : [refuse(`two rules are called "${twice}"`)]),
      ...rules.flatMap((rule) => refuseLeftOut(rule, ["prefix"], "give the rule a filter")),
      ...rules.flatMap((rule) => flawsOf(rule).map((flaw) => refuse(`the rule "${rule.id}" ${flaw}`))),
    ];
  },

  async create(inputs, cloud) {
    await put(inputs, cloud);
    return { id: String(inputs.bucket), properties: {} };
  },

  async read({ id, properties }, cloud) {
    const found = await unlessMissing(cloud.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: id })));
    if (!found) return undefined;
    const given = list(properties.rules).map(fields);
    const rules = (found.Rules ?? []).map((rule) => {
      const same = given.find((each) => isDeepStrictEqual(plain(ruleOf(each)), plain(rule)));
      return same ?? { id: rule.ID, status: rule.Status };
    });
    return { rules };
  },

  async update(_state, inputs, cloud) {
    await put(inputs, cloud);
    return {};
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.s3.send(new DeleteBucketLifecycleCommand({ Bucket: id }))),
};

/** What is set in a value, to the bottom: the API leaves out what is empty, and we write it as undefined. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).flatMap(([key, item]) => {
    const inner = plain(item);
    const empty =
      inner === undefined || inner === "" || (typeof inner === "object" && Object.keys(inner ?? {}).length === 0);
    return empty ? [] : [[key, inner]];
  });
  return Object.fromEntries(kept);
}

function flawsOf(rule: Properties): string[] {
  const flaws: string[] = [];
  if (!["Enabled", "Disabled"].includes(String(rule.status))) flaws.push(`has the status "${rule.status}"`);
  if (!ACTIONS.some((key) => rule[key] !== undefined))
    flaws.push(`does nothing: one of ${ACTIONS.join(", ")} is expected`);
  const { noncurrentDays: end } = fields(rule.noncurrentVersionExpiration);
  const late = list(rule.noncurrentVersionTransitions)
    .map((each) => fields(each).noncurrentDays)
    .find((days) => end !== undefined && Number(days) >= Number(end));
  if (late !== undefined) flaws.push(`moves versions after ${late} days, when they are gone after ${end} already`);
  return flaws;
}

async function put(inputs: Properties, cloud: AwsCloud): Promise<void> {
  const Rules = list(inputs.rules).map((rule) => ruleOf(fields(rule)));
  const Bucket = String(inputs.bucket);
  await cloud.s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
}

function ruleOf(rule: Properties): LifecycleRule {
  const expiration = fields(rule.expiration);
  const { noncurrentDays, newerNoncurrentVersions } = fields(rule.noncurrentVersionExpiration);
  return {
    ID: text(rule.id),
    Status: rule.status as ExpirationStatus,
    Filter: filterOf(fields(rule.filter)),
    AbortIncompleteMultipartUpload: rule.abortIncompleteMultipartUpload
      ? { DaysAfterInitiation: Number(fields(rule.abortIncompleteMultipartUpload).daysAfterInitiation) }
      : undefined,
    Expiration: rule.expiration
      ? {
          Days: expiration.days as number | undefined,
          ExpiredObjectDeleteMarker: expiration.expiredObjectDeleteMarker as boolean | undefined,
        }
      : undefined,
    NoncurrentVersionExpiration: rule.noncurrentVersionExpiration
      ? {
          NoncurrentDays: noncurrentDays as number | undefined,
          NewerNoncurrentVersions: newerNoncurrentVersions as number | undefined,
        }
      : undefined,
    NoncurrentVersionTransitions: list(rule.noncurrentVersionTransitions).map((each) => ({
      NoncurrentDays: fields(each).noncurrentDays as number | undefined,
      NewerNoncurrentVersions: fields(each).newerNoncurrentVersions as number | undefined,
      StorageClass: fields(each).storageClass as TransitionStorageClass,
    })),
    Transitions: list(rule.transitions).map((each) => ({
      Days: fields(each).days as number | undefined,
      StorageClass: fields(each).storageClass as TransitionStorageClass,
    })),
  };
}

/** An empty filter is for everything. */
function filterOf({ prefix }: Properties): LifecycleRule["Filter"] {
  return { Prefix: text(prefix) ?? "" };
}
