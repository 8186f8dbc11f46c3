import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { cloudConfig, type SiteDocument } from "../site-document.ts";
import type { Tags } from "../tags.ts";
import { serverPolicy } from "./server-policy.ts";
import {
  AMAZON_LINUX,
  CPU_TARGET,
  GRACE_SECONDS,
  METADATA,
  REPLACEMENT,
  ROOT_DEVICE,
  WARMUP_SECONDS,
} from "./server-settings.ts";

export interface ServersArgs {
  /** Subnets to spread over, one per zone. */
  subnetIds: pulumi.Input<string>[];
  /** Security group of the servers. */
  securityGroupId: pulumi.Input<string>;
  /** Target group that they join, and whose health check they must pass. */
  targetGroupArn: pulumi.Input<string>;
  /**
   * AMI, or `resolve:ssm:` and the parameter that holds one; its root volume is `/dev/xvda`, as Amazon Linux's is.
   * @default the newest Amazon Linux 2023 for x86
   */
  imageId?: string;
  /** Instance type. @example "m7i.large" */
  instanceType: string;
  /** Fewest and most servers. */
  servers: { min: number; max: number };
  /** What a server finds on its disk when it boots. A change replaces the servers, half of them at a time at most. */
  siteDocument: pulumi.Input<SiteDocument>;
  /** Secret with the database's credentials, for them to read. */
  secretArn: pulumi.Input<string>;
  /** Bucket with the content, for them to read. */
  contentBucketArn: pulumi.Input<string>;
  /** Tags of every resource, of every server too. */
  tags: Tags;
}

/**
 * Servers that come and go with the load, all of one template. Nobody logs in to them from outside: they have no key
 * and no public address, and Session Manager opens a shell to whom IAM lets.
 */
export class Servers extends pulumi.ComponentResource {
  readonly autoScalingGroupName: pulumi.Output<string>;

  constructor(name: string, args: ServersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:primary:Servers", name, {}, opts);
    const { min, max } = args.servers;

    const { profileArn, rights } = this.#identity(name, args);
    const template = this.#template(name, profileArn, args);
    const group = new aws.autoscaling.Group(
      `${name}-group`,
      {
        vpcZoneIdentifiers: args.subnetIds,
        minSize: min,
        maxSize: max,
        // The number and not "$Latest": only so does a new version replace the servers.
        launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
        targetGroupArns: [args.targetGroupArn],
        healthCheckType: "ELB",
        healthCheckGracePeriod: GRACE_SECONDS,
        defaultInstanceWarmup: WARMUP_SECONDS,
        instanceMaintenancePolicy: REPLACEMENT,
        // No rollback by itself: AWS knows none where the image is a parameter (RollbackInstanceRefresh).
        instanceRefresh: { strategy: "Rolling", preferences: REPLACEMENT },
        tags: Object.entries({ ...args.tags, Name: name }).map(([key, value]) => ({
          key,
          value,
          propagateAtLaunch: true,
        })),
      },
      // A server reads its secret as soon as it boots.
      { parent: this, dependsOn: rights },
    );
    new aws.autoscaling.Policy(
      `${name}-scaling`,
      {
        autoscalingGroupName: group.name,
        policyType: "TargetTrackingScaling",
        targetTrackingConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
          targetValue: CPU_TARGET,
        },
      },
      { parent: this },
    );

    this.autoScalingGroupName = group.name;
    this.registerOutputs({ autoScalingGroupName: this.autoScalingGroupName });
  }

  /** The role that the servers act as, and what has to stand before it is of use. */
  #identity(name: string, { secretArn, contentBucketArn, tags }: ServersArgs) {
    const parent = { parent: this };
    const role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "ec2.amazonaws.com" }), tags },
      parent,
    );
    const policy = pulumi
      .all([secretArn, contentBucketArn])
      .apply(([secret, bucket]) => serverPolicy({ secretArn: secret, contentBucketArn: bucket }));
    const rights = [
      new aws.iam.RolePolicy(`${name}-rights`, { role: role.name, policy }, parent),
      new aws.iam.RolePolicyAttachment(
        `${name}-managed`,
        { role: role.name, policyArn: aws.iam.ManagedPolicy.AmazonSSMManagedInstanceCore },
        parent,
      ),
    ];
    const profile = new aws.iam.InstanceProfile(`${name}-profile`, { role: role.name, tags }, parent);
    return { profileArn: profile.arn, rights };
  }

  #template(name: string, profileArn: pulumi.Output<string>, args: ServersArgs): aws.ec2.LaunchTemplate {
    const tags = { ...args.tags, Name: name };
    return new aws.ec2.LaunchTemplate(
      `${name}-template`,
      {
        imageId: args.imageId ?? AMAZON_LINUX,
        instanceType: args.instanceType,
        iamInstanceProfile: { arn: profileArn },
        vpcSecurityGroupIds: [args.securityGroupId],
        userData: pulumi
          .output(args.siteDocument)
          .apply((document) => Buffer.from(cloudConfig(document)).toString("base64")),
        metadataOptions: METADATA,
        blockDeviceMappings: [{ deviceName: ROOT_DEVICE, ebs: { encrypted: "true", volumeType: "gp3" } }],
        // By the minute and not by five: the scaling sees the load sooner.
        monitoring: { enabled: true },
        // The group tags the servers; what comes with them only the template can.
        tagSpecifications: ["volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
        updateDefaultVersion: true,
        tags: args.tags,
      },
      { parent: this },
    );
  }
}
