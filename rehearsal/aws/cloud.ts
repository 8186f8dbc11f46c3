import { readFileSync } from "node:fs";
import { Agent as HttpsAgent } from "node:https";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
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
  readonly ec2: EC2Client;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly route53: Route53Client;

  constructor(endpoint: AwsEndpoint, region: string, webIdentity: WebIdentity) {
    this.accountId = endpoint.accountId;
    this.region = region;
    this.webIdentity = webIdentity;
    const options = clientOptions(endpoint, region);
    this.ec2 = new EC2Client(options);
    this.s3 = new S3Client(options);
    this.sqs = new SQSClient(options);
    this.iam = new IAMClient(options);
    this.lambda = new LambdaClient(options);
    this.logs = new CloudWatchLogsClient(options);
    this.route53 = new Route53Client(options);
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
