import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { privateBucket } from "../private-bucket.ts";
import type { SiteDocument } from "../site-document.ts";
import type { Tags } from "../tags.ts";
import { logLifecycle } from "./lifecycles.ts";
import { accessLogBucketPolicy } from "./resource-policies.ts";
import { Servers } from "./servers.ts";

export interface WebTierArgs {
  vpcId: pulumi.Input<string>;
  /** Subnets of the load balancer, one per zone. */
  publicSubnetIds: pulumi.Input<string>[];
  /** Subnets of the servers, one per zone. */
  privateSubnetIds: pulumi.Input<string>[];
  securityGroups: { loadBalancer: pulumi.Input<string>; servers: pulumi.Input<string> };
  /** Certificate of the app's name, issued, in this region. */
  certificateArn: pulumi.Input<string>;
  /** See `ServersArgs.imageId`. */
  imageId?: string;
  /** Instance type of the servers. @example "m7i.large" */
  instanceType: string;
  /** Fewest and most servers. */
  servers: { min: number; max: number };
  /** TCP port on which the servers listen, without TLS. @example 8080 */
  appPort: number;
  /** Path that answers 200 only while a server and all that it needs are well. @example "/healthz" */
  healthPath: string;
  /** What a server has to know; see `ServersArgs.siteDocument`. */
  siteDocument: pulumi.Input<SiteDocument>;
  /** Secret with the database's credentials, for the servers to read. */
  secretArn: pulumi.Input<string>;
  /** Bucket with the content, for the servers to read. */
  contentBucketArn: pulumi.Input<string>;
  /** Days for which it is kept who asked for what. @example 90 */
  logRetentionDays: number;
  /**
   * Refuse to delete the logs, and the load balancer, whose name the world knows.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

/** TLS 1.3 and 1.2 with forward secrecy, and a key exchange that outlives quantum computers ("Security policies"). */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

/** A server is in after 20 seconds and out after 30; a check that takes longer than a user waits has failed. */
const HEALTH_CHECK = { interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 3 };

/** Seconds that a server which goes may finish in: the load balancer itself drops what is silent for longer. */
const DRAIN_SECONDS = 60;

/** The site's front: a load balancer that ends TLS, and the servers behind it. */
export class WebTier extends pulumi.ComponentResource {
  /** Host at which the load balancer answers, and the Route 53 zone that an alias to it names. */
  readonly dnsName: pulumi.Output<string>;
  readonly hostedZoneId: pulumi.Output<string>;
  /** How CloudWatch calls the load balancer and its target group. @example "app/shop-web-lb/50dc6c495c0c9188" */
  readonly loadBalancerArnSuffix: pulumi.Output<string>;
  readonly targetGroupArnSuffix: pulumi.Output<string>;
  readonly autoScalingGroupName: pulumi.Output<string>;

  constructor(name: string, args: WebTierArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:primary:WebTier", name, {}, opts);
    const parent = { parent: this };
    const { tags } = args;

    // AWS takes 32 characters for this name and the load balancer's, of which Pulumi's suffix has 8: so both are short.
    const targets = new aws.lb.TargetGroup(
      `${name}-app`,
      {
        vpcId: args.vpcId,
        targetType: "instance",
        port: args.appPort,
        protocol: "HTTP",
        healthCheck: { ...HEALTH_CHECK, protocol: "HTTP", path: args.healthPath, matcher: "200" },
        deregistrationDelay: DRAIN_SECONDS,
        tags,
      },
      parent,
    );
    const balancer = this.#loadBalancer(name, this.#logBucket(name, targets.arn, args), args);
    const served = this.#listen(name, balancer, targets, args);
    const servers = new Servers(
      `${name}-servers`,
      {
        subnetIds: args.privateSubnetIds,
        securityGroupId: args.securityGroups.servers,
        // Nobody asks the servers for their health before a listener sends requests to their group.
        targetGroupArn: pulumi.all([targets.arn, served.arn]).apply(([arn]) => arn),
        imageId: args.imageId,
        instanceType: args.instanceType,
        servers: args.servers,
        siteDocument: args.siteDocument,
        secretArn: args.secretArn,
        contentBucketArn: args.contentBucketArn,
        tags,
      },
      parent,
    );

    this.dnsName = balancer.dnsName;
    this.hostedZoneId = balancer.zoneId;
    this.loadBalancerArnSuffix = balancer.arnSuffix;
    this.targetGroupArnSuffix = targets.arnSuffix;
    this.autoScalingGroupName = servers.autoScalingGroupName;
    this.registerOutputs({ dnsName: this.dnsName, autoScalingGroupName: this.autoScalingGroupName });
  }

  /** The bucket for what is written of every request. @returns its name, once load balancers may write to it */
  #logBucket(name: string, targetGroupArn: pulumi.Output<string>, args: WebTierArgs): pulumi.Output<string> {
    const { bucket, name: bucketName } = privateBucket(
      `${name}-logs`,
      { lifecycle: logLifecycle(args.logRetentionDays), protect: args.protectData ?? true, tags: args.tags },
      this,
    );
    const policy = pulumi.all([bucket.arn, targetGroupArn]).apply(([b, t]) => accessLogBucketPolicy(b, t));
    return new aws.s3.BucketPolicy(`${name}-logs-policy`, { bucket: bucketName, policy }, { parent: this }).bucket;
  }

  #loadBalancer(name: string, logBucket: pulumi.Output<string>, args: WebTierArgs): aws.lb.LoadBalancer {
    return new aws.lb.LoadBalancer(
      `${name}-lb`,
      {
        loadBalancerType: "application",
        internal: false,
        subnets: args.publicSubnetIds,
        securityGroups: [args.securityGroups.loadBalancer],
        dropInvalidHeaderFields: true,
        enableDeletionProtection: args.protectData ?? true,
        accessLogs: { bucket: logBucket, enabled: true },
        tags: args.tags,
      },
      { parent: this },
    );
  }

  /** Sends HTTP to HTTPS, and that to the servers. @returns the listener that serves */
  #listen(
    name: string,
    { arn: loadBalancerArn }: aws.lb.LoadBalancer,
    targets: aws.lb.TargetGroup,
    { certificateArn, tags }: WebTierArgs,
  ): aws.lb.Listener {
    const redirect = { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" };
    new aws.lb.Listener(
      `${name}-http`,
      { loadBalancerArn, port: 80, protocol: "HTTP", defaultActions: [{ type: "redirect", redirect }], tags },
      { parent: this },
    );
    return new aws.lb.Listener(
      `${name}-https`,
      {
        loadBalancerArn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: TLS_POLICY,
        certificateArn,
        defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
        tags,
      },
      { parent: this },
    );
  }
}
