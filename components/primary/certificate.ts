import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";

export interface CertificateArgs {
  /** Id of the Route 53 zone that the name is in; the world must find it by the name, or nothing can be proven. */
  zoneId: pulumi.Input<string>;
  /** Name that the certificate is for. @example "app.example.com" */
  domainName: string;
  /**
   * Region that holds the certificate; CloudFront takes those of us-east-1 only.
   * @default the provider's
   */
  region?: string;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * A public certificate that AWS issues and renews by itself, as long as the record that proves the name stays. Until
 * the record is seen from outside, AWS does not issue it, and Pulumi waits, 75 minutes at most.
 */
export class Certificate extends pulumi.ComponentResource {
  /** Whoever takes the ARN waits until the certificate is issued. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:primary:Certificate", name, {}, opts);
    const { domainName, region, tags } = args;
    const parent = { parent: this };

    const certificate = new aws.acm.Certificate(
      `${name}-certificate`,
      { domainName, validationMethod: "DNS", region, tags },
      parent,
    );
    // One name, so one proof.
    const proof = certificate.domainValidationOptions.apply(([only]) => only as NonNullable<typeof only>);
    const record = new aws.route53.Record(
      `${name}-proof`,
      {
        zoneId: args.zoneId,
        name: proof.resourceRecordName,
        type: proof.resourceRecordType.apply((type) => type as aws.route53.RecordType),
        records: [proof.resourceRecordValue],
        ttl: 60,
        // For one name ACM asks an account for the same record always: what stands there proves it as well.
        allowOverwrite: true,
      },
      parent,
    );
    const validation = new aws.acm.CertificateValidation(
      `${name}-issued`,
      { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn], region },
      parent,
    );

    this.arn = validation.certificateArn;
    this.registerOutputs({ arn: this.arn });
  }
}
