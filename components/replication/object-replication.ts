import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundleFunction } from "../function-bundle.ts";
import { metricAlarm } from "../metric-alarm.ts";
import type { Tags } from "../tags.ts";
import { objectReplicatorPolicy, queueFromBucketPolicy } from "./policies.ts";
import { oldestEventRule, SET_ASIDE_RULE } from "./queue-alarms.ts";
import { planQueue } from "./queue-plan.ts";
import { Trust } from "./trust.ts";

export interface ObjectReplicationArgs {
  /** The bucket to copy from, in the region of this component: S3 sends events to queues of its own region only. */
  source: { bucketName: pulumi.Input<string>; bucketArn: pulumi.Input<string> };
  /** The container to copy to, and the identity that may write it. */
  target: {
    blobEndpoint: pulumi.Input<string>;
    containerName: pulumi.Input<string>;
    resourceGroupName: pulumi.Input<string>;
    identityName: pulumi.Input<string>;
    clientId: pulumi.Input<string>;
    tenantId: pulumi.Input<string>;
  };
  /** Replicators at work at once, 2 to 1000. */
  concurrency: number;
  /** The AWS account's issuer of web identities; see `TrustArgs.issuer`. */
  webIdentityIssuer: pulumi.Input<string>;
  /** Topic that is told when copies lag or fail, in the region of this component; without it nobody is told. */
  alarmTopicArn?: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * Carries every object of a bucket into a container: the bucket's events go to a queue, the queue wakes
 * the replicator, and what it cannot carry is set aside in a dead-letter queue.
 */
export class ObjectReplication extends pulumi.ComponentResource {
  readonly queueUrl: pulumi.Output<string>;
  readonly deadLetterQueueUrl: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: ObjectReplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:replication:ObjectReplication", name, {}, opts);
    const parent = { parent: this };
    const { source, target, tags } = args;
    const plan = planQueue(args.concurrency);

    const deadLetters = new aws.sqs.Queue(
      `${name}-dead-letters`,
      { messageRetentionSeconds: plan.deadLetterRetentionSeconds, sqsManagedSseEnabled: true, tags },
      parent,
    );
    const queue = new aws.sqs.Queue(
      `${name}-queue`,
      {
        visibilityTimeoutSeconds: plan.visibilitySeconds,
        messageRetentionSeconds: plan.retentionSeconds,
        sqsManagedSseEnabled: true,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: deadLetters.arn,
          maxReceiveCount: plan.maxReceives,
        }),
        tags,
      },
      parent,
    );
    const queuePolicy = new aws.sqs.QueuePolicy(
      `${name}-queue-policy`,
      {
        queueUrl: queue.url,
        policy: pulumi.all([queue.arn, source.bucketArn]).apply(([q, b]) => queueFromBucketPolicy(q, b)),
      },
      parent,
    );

    const role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }), tags },
      parent,
    );
    const logs = new aws.cloudwatch.LogGroup(`${name}-logs`, { retentionInDays: 30, tags }, parent);
    const rights = new aws.iam.RolePolicy(
      `${name}-rights`,
      {
        role: role.name,
        policy: pulumi
          .all([source.bucketArn, queue.arn, logs.arn])
          .apply(([bucketArn, queueArn, logGroupArn]) => objectReplicatorPolicy({ bucketArn, queueArn, logGroupArn })),
      },
      parent,
    );
    const trust = new Trust(
      `${name}-trust`,
      {
        roleArn: role.arn,
        identityName: target.identityName,
        resourceGroupName: target.resourceGroupName,
        issuer: args.webIdentityIssuer,
      },
      parent,
    );

    const replicator = new aws.lambda.Function(
      `${name}-replicator`,
      {
        description: "Copies objects of the primary's bucket into the standby's container.",
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: bundleFunction("objects/handler.ts"),
        role: role.arn,
        timeout: plan.functionTimeoutSeconds,
        memorySize: 512,
        loggingConfig: { logFormat: "JSON", logGroup: logs.name },
        environment: {
          variables: {
            SOURCE_BUCKET: source.bucketName,
            COPY_BLOB_ENDPOINT: target.blobEndpoint,
            COPY_CONTAINER: target.containerName,
            AZURE_CLIENT_ID: target.clientId,
            AZURE_TENANT_ID: target.tenantId,
          },
        },
        tags,
      },
      { parent: this, dependsOn: [rights, trust] },
    );
    const wake = new aws.lambda.EventSourceMapping(
      `${name}-wake`,
      {
        eventSourceArn: queue.arn,
        functionName: replicator.arn,
        batchSize: plan.batchSize,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: plan.concurrency },
        tags,
      },
      parent,
    );
    // Last: from here on events flow, so all that they need must stand. S3 tests the queue at once.
    new aws.s3.BucketNotification(
      `${name}-events`,
      {
        bucket: source.bucketName,
        queues: [{ queueArn: queue.arn, events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"] }],
      },
      { parent: this, dependsOn: [queuePolicy, wake] },
    );

    if (args.alarmTopicArn) {
      const told = { topicArn: args.alarmTopicArn, tags };
      metricAlarm(name, oldestEventRule(plan), { dimensions: { QueueName: queue.name }, ...told }, parent);
      metricAlarm(name, SET_ASIDE_RULE, { dimensions: { QueueName: deadLetters.name }, ...told }, parent);
    }

    this.queueUrl = queue.url;
    this.deadLetterQueueUrl = deadLetters.url;
    this.functionName = replicator.name;
    this.registerOutputs({ queueUrl: this.queueUrl, deadLetterQueueUrl: this.deadLetterQueueUrl });
  }
}
