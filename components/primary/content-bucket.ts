import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";

export interface ContentBucketArgs {
  /**
   * Refuse to delete the bucket or anything in it.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The bucket that holds the workload's content: versioned, encrypted, private, spoken to over TLS only.
 *
 * Encryption uses S3's own keys: a customer-managed key would be one more thing whose destruction
 * destroys the data.
 */
export class ContentBucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  /** Host at which S3 answers for this bucket, with the region in it. */
  readonly regionalDomainName: pulumi.Output<string>;

  constructor(name: string, args: ContentBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:primary:ContentBucket", name, {}, opts);
    const parent = { parent: this };
    const protect = args.protectData ?? true;

    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { forceDestroy: !protect, tags: args.tags },
      { parent: this, protect, retainOnDelete: protect },
    );
    new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      { parent: this, protect, retainOnDelete: protect },
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { bucket: bucket.bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      parent,
    );
    const access = new aws.s3.BucketPublicAccessBlock(
      `${name}-no-public-access`,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    // S3 refuses to change both of a bucket's access settings at once (OperationAborted).
    new aws.s3.BucketPolicy(
      `${name}-tls-only`,
      { bucket: bucket.bucket, policy: bucket.arn.apply(tlsOnly) },
      { parent: this, dependsOn: access },
    );

    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
    this.regionalDomainName = bucket.bucketRegionalDomainName;
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }
}

/** Denies every action to everybody who does not come over TLS; "*" because a denial must leave no gap. */
function tlsOnly(bucketArn: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
