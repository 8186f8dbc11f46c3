import * as pulumi from "@pulumi/pulumi";
import { defaultLock, type ObjectLock } from "../object-lock.ts";
import { privateBucket } from "../private-bucket.ts";
import type { Tags } from "../tags.ts";
import { contentLifecycle } from "./lifecycles.ts";

export interface ContentBucketArgs {
  /** The lock on what is written from now on; what is locked already stays so. */
  objectLock: ObjectLock;
  /**
   * Days for which a version that was overwritten or deleted is kept, if its lock does not keep it longer.
   * @default 90
   */
  noncurrentDays?: number;
  /**
   * Refuse to delete the bucket or anything in it.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The bucket that holds the workload's content: versioned, locked, encrypted, private. Its policy is that of whoever
 * delivers it, because S3 keeps only one per bucket: see ContentDelivery.
 */
export class ContentBucket extends pulumi.ComponentResource {
  /** Whoever takes the name waits until the bucket is locked and closed to the public. */
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  /** Host at which S3 answers for this bucket, with the region in it. */
  readonly regionalDomainName: pulumi.Output<string>;

  constructor(name: string, args: ContentBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:primary:ContentBucket", name, {}, opts);

    const { bucket, name: bucketName } = privateBucket(
      name,
      {
        lock: defaultLock(args.objectLock),
        lifecycle: contentLifecycle(args.noncurrentDays ?? 90),
        protect: args.protectData ?? true,
        tags: args.tags,
      },
      this,
    );

    this.bucketName = bucketName;
    this.bucketArn = bucket.arn;
    this.regionalDomainName = bucket.bucketRegionalDomainName;
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }
}
