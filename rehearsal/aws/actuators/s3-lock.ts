import {
  GetObjectLockConfigurationCommand,
  type ObjectLockRetentionMode,
  PutObjectLockConfigurationCommand,
} from "@aws-sdk/client-s3";
import type { Actuator } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, ignoreMissing, refuseLeftOut, unlessMissing } from "./common.ts";

/** Days that a lock may last at most, a hundred years of them (Object Lock considerations). */
const MOST_DAYS = 36_500;

/** aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration; its `id` is the bucket. */
export const bucketObjectLock: Actuator<AwsCloud> = {
  replaceOn: ["bucket", "expectedBucketOwner"],

  check(inputs) {
    const refusals = refuseLeftOut(inputs, ["token"], "leave it out");
    const { mode, days, years } = retentionOf(inputs);
    const refuse = (reason: string) => refusals.push({ property: "rule", reason: `${reason} (DefaultRetention)` });
    if (mode !== undefined && mode !== "GOVERNANCE" && mode !== "COMPLIANCE") {
      refuse(`the mode "${mode}" is neither GOVERNANCE nor COMPLIANCE`);
    }
    if (mode !== undefined && (days === undefined) === (years === undefined)) {
      refuse("days or years are expected, and not both");
    }
    const most = days === undefined ? MOST_DAYS / 365 : MOST_DAYS;
    const length = Number(days ?? years ?? 1);
    if (length < 1 || length > most) refuse(`a lock of ${length}: 1 to ${most} is expected`);
    return refusals;
  },

  async create(inputs, cloud) {
    await put(inputs, cloud);
    return { id: String(inputs.bucket), properties: {} };
  },

  async read({ id }, cloud) {
    const found = await unlessMissing(cloud.s3.send(new GetObjectLockConfigurationCommand({ Bucket: id })));
    if (!found) return undefined;
    const { Mode, Days, Years } = found.ObjectLockConfiguration?.Rule?.DefaultRetention ?? {};
    if (!Mode) return { rule: undefined };
    const length = Years === undefined ? { days: Days } : { years: Years };
    return { rule: { defaultRetention: { mode: Mode, ...length } } };
  },

  async update(_state, inputs, cloud) {
    await put(inputs, cloud);
    return {};
  },

  // The bucket keeps Object Lock for ever; what ends is the rule for new versions.
  delete: ({ id }, cloud) => ignoreMissing(put({ bucket: id }, cloud)),
};

function retentionOf(inputs: Properties): Record<string, unknown> {
  return fields(fields(inputs.rule).defaultRetention);
}

async function put(inputs: Properties, cloud: AwsCloud): Promise<void> {
  const { mode, days, years } = retentionOf(inputs);
  const DefaultRetention = {
    Mode: mode as ObjectLockRetentionMode,
    Days: days as number | undefined,
    Years: years as number | undefined,
  };
  await cloud.s3.send(
    new PutObjectLockConfigurationCommand({
      Bucket: String(inputs.bucket),
      ObjectLockConfiguration: {
        ObjectLockEnabled: "Enabled",
        Rule: mode === undefined ? undefined : { DefaultRetention },
      },
    }),
  );
}
