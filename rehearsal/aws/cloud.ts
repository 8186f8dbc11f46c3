import { readFileSync } from "node:fs";
import { Agent as HttpsAgent } from "node:https";
import { ACMClient } from "@aws-sdk/client-acm";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { RDSClient } from "@aws-sdk/client-rds";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { MysqlServers } from "../local/mysql-servers.ts";
import type { Hosting } from "./hosting.ts";
import type { WebIdentity } from "./web-identity.ts";

/** Where the local AWS answers and as whom to speak to it. */
export interface AwsEndpoint {
  url: string;
  /** File with the certificate that the endpoint shows. */
  certificateFile: string;
  /** The account; the emulator takes its id as the access key of the account's root. */
  accountId: string;
  secretAccessKey: string;
}

/** The local AWS in one region: its API's clients, and what the emulator does not have. */
export class AwsCloud {
  readonly accountId: string;
  readonly region: string;
  readonly webIdentity: WebIdentity;
  readonly hosting: Hosting;
  /** What stands behind the records of database instances. */
  readonly databases: MysqlServers;
  readonly acm: ACMClient;
  readonly autoscaling: AutoScalingClient;
  readonly cloudfront: CloudFrontClient;
  readonly ec2: EC2Client;
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly eventbridge: EventBridgeClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly rds: RDSClient;
  readonly route53: Route53Client;
  readonly scheduler: SchedulerClient;
  readonly secrets: SecretsManagerClient;
  readonly sfn: SFNClient;
  readonly #endpoint: AwsEndpoint;
  readonly #others = new Map<string, AwsCloud>();

  constructor(
    endpoint: AwsEndpoint,
    region: string,
    webIdentity: WebIdentity,
    hosting: Hosting,
    databases: MysqlServers,
  ) {
    this.#endpoint = endpoint;
    this.accountId = endpoint.accountId;
    this.region = region;
    this.webIdentity = webIdentity;
    this.hosting = hosting;
    this.databases = databases;
    const options = clientOptions(endpoint, region);
    this.acm = new ACMClient(options);
    this.autoscaling = new AutoScalingClient(options);
    this.cloudfront = new CloudFrontClient(options);
    this.ec2 = new EC2Client(options);
    this.elbv2 = new ElasticLoadBalancingV2Client(options);
    this.eventbridge = new EventBridgeClient(options);
    this.s3 = new S3Client(options);
    this.sqs = new SQSClient(options);
    this.iam = new IAMClient(options);
    this.lambda = new LambdaClient(options);
    this.logs = new CloudWatchLogsClient(options);
    this.rds = new RDSClient(options);
    this.route53 = new Route53Client(options);
    this.scheduler = new SchedulerClient(options);
    this.secrets = new SecretsManagerClient(options);
    this.sfn = new SFNClient(options);
  }

  /** The same AWS in another region; itself where none is named. */
  in(region: unknown): AwsCloud {
    if (typeof region !== "string" || region === this.region) return this;
    const other =
      this.#others.get(region) ?? new AwsCloud(this.#endpoint, region, this.webIdentity, this.hosting, this.databases);
    this.#others.set(region, other);
    return other;
  }

  arn(service: string, resource: string, { global = false } = {}): string {
    return `arn:aws:${service}:${global ? "" : this.region}:${this.accountId}:${resource}`;
  }
}

/** What every SDK client needs to speak to the local AWS as its root. */
export function clientOptions(endpoint: AwsEndpoint, region: string) {
  return {
    endpoint: endpoint.url,
    region,
    credentials: { accessKeyId: endpoint.accountId, secretAccessKey: endpoint.secretAccessKey },
    requestHandler: { httpsAgent: new HttpsAgent({ ca: readFileSync(endpoint.certificateFile), keepAlive: true }) },
  };
}
