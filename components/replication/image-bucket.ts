import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, withoutTls } from "../policy-document.ts";
import { ABANDONED_UPLOADS, type LifecycleRule, privateBucket } from "../private-bucket.ts";
import type { Tags } from "../tags.ts";
import { EXPORTS } from "./image-plan.ts";

/** An export is of use until its disk is carried; a week, for whoever looks into one that failed. */
const EXPORT_DAYS = 7;

const LIFECYCLE: LifecycleRule[] = [
  ABANDONED_UPLOADS,
  {
    id: "exports",
    status: "Enabled",
    filter: { prefix: EXPORTS },
    expiration: { days: EXPORT_DAYS },
    noncurrentVersionExpiration: { noncurrentDays: 1 },
  },
];

/** Registers the bucket that AWS exports images to: a place of passage, for what can be exported again. */
export function imageBucket(
  name: string,
  { tags }: { tags: Tags },
  parent: pulumi.Resource,
): { bucketName: pulumi.Output<string>; bucketArn: pulumi.Output<string> } {
  const { bucket, name: closed } = privateBucket(name, { lifecycle: LIFECYCLE, protect: false, tags }, parent);
  const policy = new aws.s3.BucketPolicy(
    `${name}-policy`,
    {
      bucket: closed,
      policy: bucket.arn.apply((arn) => policyDocument([withoutTls("s3:*", [arn, `${arn}/*`])])),
    },
    { parent },
  );
  return { bucketName: policy.bucket, bucketArn: bucket.arn };
}
