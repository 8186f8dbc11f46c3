import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "./tags.ts";

/** What becomes of the objects of a bucket with time. */
export type LifecycleRule = aws.types.input.s3.BucketLifecycleConfigurationRule;

/** Parts of uploads that nobody finished cost like objects, and nobody sees them. */
export const ABANDONED_UPLOADS: LifecycleRule = {
  id: "abandoned-uploads",
  status: "Enabled",
  filter: {},
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
};

export interface PrivateBucketArgs {
  /** What each version is locked by, from when it is written; without it there is no lock. */
  lock?: { mode: "GOVERNANCE" | "COMPLIANCE"; days: number };
  lifecycle: LifecycleRule[];
  /** Refuse to delete the bucket or anything in it. */
  protect: boolean;
  tags: Tags;
}

export interface PrivateBucket {
  bucket: aws.s3.Bucket;
  /** Its name, for all that must not come before the bucket is locked and closed to the public. */
  name: pulumi.Output<string>;
}

/**
 * Registers a bucket that keeps every version, encrypts with S3's own keys and is closed to the public.
 *
 * A key of the customer's would be one more thing whose destruction destroys the data.
 */
export function privateBucket(name: string, args: PrivateBucketArgs, parent: pulumi.Resource): PrivateBucket {
  const { lock, protect, tags } = args;
  const data = { parent, protect, retainOnDelete: protect };

  const bucket = new aws.s3.Bucket(
    `${name}-bucket`,
    { forceDestroy: !protect, objectLockEnabled: lock !== undefined, tags },
    // To turn the lock on or off later is the part of its configuration, below: here it would replace the bucket.
    { ...data, ignoreChanges: ["objectLockEnabled"] },
  );
  const ofBucket = { bucket: bucket.bucket };
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { ...ofBucket, versioningConfiguration: { status: "Enabled" } },
    data,
  );
  // What is locked, and what goes in the end, are versions: S3 wants them first.
  const versioned = { parent, dependsOn: versioning };
  const rule = lock && { defaultRetention: lock };
  const locking = lock && new aws.s3.BucketObjectLockConfiguration(`${name}-lock`, { ...ofBucket, rule }, versioned);
  new aws.s3.BucketLifecycleConfiguration(`${name}-lifecycle`, { ...ofBucket, rules: args.lifecycle }, versioned);
  new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    { ...ofBucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    { parent },
  );
  const closed = new aws.s3.BucketPublicAccessBlock(
    `${name}-no-public-access`,
    {
      ...ofBucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    { parent, dependsOn: locking ?? versioning },
  );

  // A policy must wait too: S3 refuses to change both of a bucket's access settings at once (OperationAborted).
  return { bucket, name: closed.bucket };
}
