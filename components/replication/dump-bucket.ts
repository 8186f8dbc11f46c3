import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { defaultLock, type ObjectLock } from "../object-lock.ts";
import { policyDocument, withoutTls } from "../policy-document.ts";
import { privateBucket } from "../private-bucket.ts";
import type { Tags } from "../tags.ts";
import { type DumpDays, dumpLifecycle } from "./dump-lifecycle.ts";

export interface DumpBucketArgs {
  /** Days for which dumps are kept, by kind. @example { daily: 14, weekly: 35, monthly: 400 } */
  days: DumpDays;
  /** Who may delete a dump while it is among the daily ones; for `none`, everybody who may delete at all. */
  lockMode: ObjectLock["mode"];
  /**
   * Refuse to delete the bucket or anything in it.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The bucket that the database's dumps are written to: versioned, locked, encrypted, private, over TLS only.
 *
 * The lock is a bucket's, one for all that is written, so it holds for as long as the daily dumps are kept: the
 * longest that makes none of them dearer. By then the standby has a copy under a lock of its own.
 */
export class DumpBucket extends pulumi.ComponentResource {
  /** Whoever takes the name waits until the bucket is locked and closed to the public. */
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;

  constructor(name: string, args: DumpBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:replication:DumpBucket", name, {}, opts);

    const { bucket, name: closed } = privateBucket(
      name,
      {
        lock: defaultLock({ mode: args.lockMode, days: args.days.daily }),
        lifecycle: dumpLifecycle(args.days),
        protect: args.protectData ?? true,
        tags: args.tags,
      },
      this,
    );
    const policy = new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket: closed,
        policy: bucket.arn.apply((arn) => policyDocument([withoutTls("s3:*", [arn, `${arn}/*`])])),
      },
      { parent: this },
    );

    this.bucketName = policy.bucket;
    this.bucketArn = bucket.arn;
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }
}
