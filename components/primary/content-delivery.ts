import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { contentBucketPolicy } from "./resource-policies.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

export interface ContentDeliveryArgs {
  /** The bucket whose objects are delivered; nobody else may register a policy for it. */
  bucketName: pulumi.Input<string>;
  bucketArn: pulumi.Input<string>;
  /** Host at which S3 answers for the bucket, with the region in it. */
  bucketRegionalDomainName: pulumi.Input<string>;
  /** Name under which the public asks for the content. @example "content.example.com" */
  alias: string;
  /** ARN of a certificate for that name, in us-east-1 wherever the bucket is: CloudFront takes no other. */
  certificateArn: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/** CloudFront's managed policy CachingOptimized ("Use managed cache policies"): keeps what the object's headers allow. */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

const READS = ["GET", "HEAD"];

/**
 * The content as the public gets it: CloudFront before the bucket, which answers to this distribution only.
 *
 * An object that is not there is answered by 403, because the distribution may not list the bucket.
 */
export class ContentDelivery extends pulumi.ComponentResource {
  /** Host that the alias must lead to. @example "d111111abcdef8.cloudfront.net" */
  readonly domainName: pulumi.Output<string>;
  /** Route 53's zone of that host, for alias records. */
  readonly hostedZoneId: pulumi.Output<string>;
  readonly distributionArn: pulumi.Output<string>;

  constructor(name: string, args: ContentDeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:primary:ContentDelivery", name, {}, opts);
    const parent = { parent: this };

    const access = new aws.cloudfront.OriginAccessControl(
      `${name}-access`,
      {
        description: `Signs what ${name} asks of its bucket`,
        originAccessControlOriginType: "s3",
        signingBehavior: "always",
        signingProtocol: "sigv4",
      },
      parent,
    );
    const headers = new aws.cloudfront.ResponseHeadersPolicy(
      `${name}-headers`,
      { comment: `Security headers of ${name}`, securityHeadersConfig: SECURITY_HEADERS },
      parent,
    );
    const distribution = new aws.cloudfront.Distribution(
      `${name}-distribution`,
      {
        comment: name,
        enabled: true,
        aliases: [args.alias],
        httpVersion: "http2and3",
        isIpv6Enabled: true,
        origins: [{ originId: "bucket", domainName: args.bucketRegionalDomainName, originAccessControlId: access.id }],
        defaultCacheBehavior: {
          targetOriginId: "bucket",
          allowedMethods: READS,
          cachedMethods: READS,
          viewerProtocolPolicy: "redirect-to-https",
          compress: true,
          cachePolicyId: CACHING_OPTIMIZED,
          responseHeadersPolicyId: headers.id,
        },
        restrictions: { geoRestriction: { restrictionType: "none" } },
        viewerCertificate: {
          acmCertificateArn: args.certificateArn,
          sslSupportMethod: "sni-only",
          minimumProtocolVersion: "TLSv1.2_2021",
        },
        tags: args.tags,
      },
      parent,
    );
    new aws.s3.BucketPolicy(
      `${name}-bucket-policy`,
      {
        bucket: args.bucketName,
        policy: pulumi.all([args.bucketArn, distribution.arn]).apply(([b, d]) => contentBucketPolicy(b, d)),
      },
      parent,
    );

    this.domainName = distribution.domainName;
    this.hostedZoneId = distribution.hostedZoneId;
    this.distributionArn = distribution.arn;
    this.registerOutputs({ domainName: this.domainName, hostedZoneId: this.hostedZoneId });
  }
}
