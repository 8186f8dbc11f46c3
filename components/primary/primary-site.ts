import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { Alarms } from "./alarms.ts";
import { AuditTrail } from "./audit-trail.ts";
import { BackupVault } from "./backup-vault.ts";
import { Certificate } from "./certificate.ts";
import { ContentBucket } from "./content-bucket.ts";
import { ContentDelivery } from "./content-delivery.ts";
import { Database } from "./database.ts";
import { Network } from "./network.ts";
import { SecurityGroups } from "./security-groups.ts";
import { WebTier } from "./web-tier.ts";

/** Where the servers listen, behind the load balancer that ends TLS. */
const APP_PORT = 8080;

/** Days within which a vault's compliance lock can still be taken off: the fewest that AWS takes ("PutBackupVaultLockConfiguration"). */
const LOCK_GRACE_DAYS = 3;

export interface PrimarySiteArgs {
  /** Short name of the workload. @example "shop" */
  workload: string;
  /** Region of the site. @example "eu-west-1" */
  region: string;
  /** IPv4 range of the VPC, /16 to /22. @example "10.16.0.0/16" */
  cidr: string;
  /** Availability zones to spread over, 2 to 6. */
  zones: number;
  /** NAT gateways: one per zone, or one for all (cheaper, and lost with its zone). */
  natGateways: "zone" | "one";
  /** DNS zone of the workload. @example "example.com" */
  domain: string;
  /** Id of that zone where it stands already; without it one is made. */
  zoneId?: string;
  /** Name of the app, inside the zone. @example "app.example.com" */
  appName: string;
  /** Name of the content, inside the zone. @example "content.example.com" */
  contentName: string;
  /** Path that is 200 only while a server and all that it needs are well. @example "/healthz" */
  healthPath: string;
  /** Servers that carry the load. */
  servers: { min: number; max: number };
  /** AMI of the servers, or `resolve:ssm:` and the parameter that holds one. */
  serverImage: string;
  /** Instance type of the servers. @example "m7i.large" */
  serverType: string;
  database: {
    /** Name of the database. @example "app" */
    name: string;
    /** Instance class. @example "db.m7g.xlarge" */
    instanceClass: string;
    /** Storage in GiB, and that up to which it may grow by itself. */
    storageGib: number;
    maxStorageGib: number;
    /** Days for which it can be restored to any moment, 1 to 35. */
    backupDays: number;
    /** Number of the administrator's password: another number is another password. */
    passwordGeneration: number;
    /** Name at which the servers find it, where `traffic` has one that moves with a disaster; RDS's own without it. */
    hostName?: string;
  };
  /** Lock on each version of an object: who may shorten it, and days. */
  objectLock: { mode: "governance" | "compliance" | "none"; days: number };
  /** Lock on the vault of backups: who may take it off, and the days for which no backup can be deleted. */
  vaultLock: { mode: "governance" | "compliance"; days: number };
  /** Days for which logs are kept. */
  logRetentionDays: number;
  /** Mail address that alarms go to; empty for none. */
  alertEmail: string;
  /**
   * Refuse to delete what holds data.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The primary site of a workload on AWS: servers behind a load balancer, a database, content behind a CDN, the
 * backups, the trail of what is done to the content, and the alarms.
 */
export class PrimarySite extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;
  /** Servers of names that the registrar must hand the domain to; empty where the zone stood before. */
  readonly nameServers: pulumi.Output<string[]>;
  readonly network: Network;
  readonly securityGroups: SecurityGroups;
  readonly database: Database;
  readonly content: ContentBucket;
  readonly delivery: ContentDelivery;
  readonly web: WebTier;
  readonly alarms: Alarms;

  constructor(name: string, args: PrimarySiteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:primary:PrimarySite", name, {}, opts);
    const parent = { parent: this };
    const { tags, protectData = true, logRetentionDays } = args;
    const common = { protectData, tags };

    const zone = args.zoneId
      ? undefined
      : new aws.route53.Zone(
          `${name}-zone`,
          { name: args.domain, forceDestroy: !protectData, tags },
          // Another zone has other servers of names, and the registrar knows these.
          { parent: this, protect: protectData, retainOnDelete: protectData },
        );
    this.zoneId = zone?.zoneId ?? pulumi.output(args.zoneId as string);
    this.nameServers = zone?.nameServers ?? pulumi.output([]);

    this.network = new Network(
      `${name}-network`,
      { cidr: args.cidr, zones: args.zones, natGateways: args.natGateways, logRetentionDays, ...common },
      parent,
    );
    this.securityGroups = new SecurityGroups(
      `${name}-access`,
      { vpcId: this.network.vpcId, appPort: APP_PORT, tags },
      parent,
    );
    const securityGroups = this.securityGroups.ids;
    const { instanceClass, storageGib, maxStorageGib, backupDays, passwordGeneration } = args.database;
    this.database = new Database(
      `${name}-database`,
      {
        subnetIds: this.network.subnetIds.data,
        securityGroupId: securityGroups.database,
        instanceClass,
        storageGib,
        maxStorageGib,
        backupRetentionDays: backupDays,
        databaseName: args.database.name,
        passwordGeneration,
        ...common,
      },
      parent,
    );

    this.content = new ContentBucket(`${name}-content`, { objectLock: args.objectLock, ...common }, parent);
    this.delivery = new ContentDelivery(
      `${name}-delivery`,
      {
        bucketName: this.content.bucketName,
        bucketArn: this.content.bucketArn,
        bucketRegionalDomainName: this.content.regionalDomainName,
        alias: args.contentName,
        // CloudFront takes certificates from this region only.
        certificateArn: new Certificate(
          `${name}-content-tls`,
          { zoneId: this.zoneId, domainName: args.contentName, region: "us-east-1", tags },
          parent,
        ).arn,
        ...common,
      },
      parent,
    );
    this.web = new WebTier(
      `${name}-web`,
      {
        vpcId: this.network.vpcId,
        publicSubnetIds: this.network.subnetIds.public,
        privateSubnetIds: this.network.subnetIds.private,
        securityGroups: { loadBalancer: securityGroups.loadBalancer, servers: securityGroups.servers },
        certificateArn: new Certificate(
          `${name}-app-tls`,
          { zoneId: this.zoneId, domainName: args.appName, tags },
          parent,
        ).arn,
        imageId: args.serverImage,
        instanceType: args.serverType,
        servers: args.servers,
        appPort: APP_PORT,
        healthPath: args.healthPath,
        siteDocument: pulumi.output({
          workload: args.workload,
          site: "primary" as const,
          appName: args.appName,
          port: APP_PORT,
          healthPath: args.healthPath,
          database: {
            host: args.database.hostName ?? this.database.address,
            port: this.database.port,
            name: args.database.name,
            secret: this.database.secretArn,
          },
          content: { kind: "s3" as const, bucket: this.content.bucketName, region: args.region },
        }),
        secretArn: this.database.secretArn,
        contentBucketArn: this.content.bucketArn,
        logRetentionDays,
        ...common,
      },
      parent,
    );

    new BackupVault(
      `${name}-backups`,
      {
        minRetentionDays: args.vaultLock.days,
        lockGraceDays: args.vaultLock.mode === "compliance" ? LOCK_GRACE_DAYS : undefined,
        resourceArns: [this.database.arn, this.content.bucketArn],
        ...common,
      },
      parent,
    );
    new AuditTrail(
      `${name}-trail`,
      { contentBucketArn: this.content.bucketArn, retentionDays: logRetentionDays, ...common },
      parent,
    );
    this.alarms = new Alarms(
      `${name}-alarms`,
      {
        email: args.alertEmail,
        loadBalancerArnSuffix: this.web.loadBalancerArnSuffix,
        targetGroupArnSuffix: this.web.targetGroupArnSuffix,
        databaseIdentifier: this.database.identifier,
        databaseStorageGib: storageGib,
        tags,
      },
      parent,
    );

    this.registerOutputs({ zoneId: this.zoneId, appHost: this.web.dnsName, contentHost: this.delivery.domainName });
  }
}
