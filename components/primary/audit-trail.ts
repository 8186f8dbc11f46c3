import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { privateBucket } from "../private-bucket.ts";
import type { Tags } from "../tags.ts";
import { logLifecycle } from "./lifecycles.ts";
import { trailBucketPolicy } from "./resource-policies.ts";
import { writesTo } from "./trail-selectors.ts";

export interface AuditTrailArgs {
  /** The bucket whose changes are written down. */
  contentBucketArn: pulumi.Input<string>;
  /** Days for which the log is kept, and cannot be deleted without a special right, 1 to 36500. @example 365 */
  retentionDays: number;
  /**
   * Refuse to delete the log.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * Who wrote or deleted what of the content, and when: a trail of its own, into a bucket of its own.
 *
 * The bucket is locked in governance mode, so that the log of a test can go.
 * CloudTrail signs its files, so a change of one would show. What happens to everything else of the account belongs
 * into a trail of the account.
 */
export class AuditTrail extends pulumi.ComponentResource {
  /** Where the log lies. */
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: AuditTrailArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:primary:AuditTrail", name, {}, opts);
    const { retentionDays, tags } = args;
    const { bucket, name: bucketName } = privateBucket(
      name,
      {
        lock: { mode: "GOVERNANCE", days: retentionDays },
        lifecycle: logLifecycle(retentionDays),
        protect: args.protectData ?? true,
        tags,
      },
      this,
    );

    // The trail has its bucket's name: the bucket must let it in, by its ARN, before there is a trail.
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    const trailArn = pulumi
      .all([bucket.arn, bucket.region, accountId, bucketName])
      .apply(
        ([arn, region, account, trail]) => `arn:${arn.split(":")[1]}:cloudtrail:${region}:${account}:trail/${trail}`,
      );
    const policy = new aws.s3.BucketPolicy(
      `${name}-policy`,
      { bucket: bucketName, policy: pulumi.all([bucket.arn, trailArn]).apply(([b, t]) => trailBucketPolicy(b, t)) },
      { parent: this },
    );
    new aws.cloudtrail.Trail(
      `${name}-trail`,
      {
        name: bucketName,
        s3BucketName: bucketName,
        isMultiRegionTrail: true,
        enableLogFileValidation: true,
        advancedEventSelectors: [pulumi.output(args.contentBucketArn).apply(writesTo)],
        tags,
      },
      { parent: this, dependsOn: policy },
    );

    this.bucketName = bucketName;
    this.registerOutputs({ bucketName: this.bucketName });
  }
}
