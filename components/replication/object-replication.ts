import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { metricAlarm } from "../metric-alarm.ts";
import type { Tags } from "../tags.ts";
import { objectReplicator } from "./object-replicator.ts";
import { LAG_RULE, oldestEventRule, parkedRule, SET_ASIDE_RULE } from "./queue-alarms.ts";
import { planQueue } from "./queue-plan.ts";
import { replicationQueues, wakeUp } from "./replication-queues.ts";
import { resumeSchedule } from "./resume-schedule.ts";

export interface ObjectReplicationArgs {
  /** The bucket to copy from, in the region of this component: S3 sends events to queues of its own region only. */
  source: {
    bucketName: pulumi.Input<string>;
    bucketArn: pulumi.Input<string>;
    /**
     * What the keys begin with that are carried, none of them with another.
     * @default everything
     */
    prefixes?: readonly string[];
    /**
     * Carry what is added, and nothing else: what goes from the bucket, by whatever hand, stays in the container.
     * @default false
     */
    additionsOnly?: boolean;
  };
  /** The container to copy to, and the identity that may write it. */
  target: {
    blobEndpoint: pulumi.Input<string>;
    containerName: pulumi.Input<string>;
    resourceGroupName: pulumi.Input<string>;
    identityName: pulumi.Input<string>;
    clientId: pulumi.Input<string>;
    tenantId: pulumi.Input<string>;
    /** Where a declaration is told that forbids it to; without it nothing does. */
    markerUrl?: pulumi.Input<string>;
  };
  /** Replicators at work at once, 2 to 1000. */
  concurrency: number;
  /** Whether Azure may fetch objects from S3 itself, by signed URLs, where that is possible. */
  serverSideCopy: boolean;
  /** The AWS account's issuer of web identities; see `TrustArgs.issuer`. */
  webIdentityIssuer: pulumi.Input<string>;
  /** Topic that is told when copies lag or fail, in the region of this component; without it nobody is told. */
  alarmTopicArn?: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

const ADDED = "s3:ObjectCreated:*";

/** What can change the content: by users, by lifecycles, and by what is brought back from an archive. */
const EVENTS = [
  ...[ADDED, "s3:ObjectRemoved:*", "s3:ObjectTagging:*"],
  ...["s3:LifecycleExpiration:*", "s3:ObjectRestore:Completed"],
];

/**
 * Carries every object of a bucket into a container: the bucket's events go to a queue, the queue wakes
 * the replicator, and what it cannot carry is set aside in a dead-letter queue. While a declaration forbids it, it
 * parks what comes and resumes it afterwards.
 */
export class ObjectReplication extends pulumi.ComponentResource {
  readonly queueUrl: pulumi.Output<string>;
  readonly deadLetterQueueUrl: pulumi.Output<string>;
  readonly parkedQueueUrl: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  readonly functionArn: pulumi.Output<string>;

  constructor(name: string, args: ObjectReplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:replication:ObjectReplication", name, {}, opts);
    const parent = { parent: this };
    const { source, tags } = args;
    const plan = planQueue(args.concurrency);

    const queues = replicationQueues(name, { plan, bucketArn: source.bucketArn, tags }, this);
    const { queue, deadLetters, parked } = queues;
    const replicator = objectReplicator(name, args, plan, queues, this);
    const wake = wakeUp(name, { queue, functionArn: replicator.arn, plan, tags }, this);
    // What nothing forbids is never parked.
    if (args.target.markerUrl) resumeSchedule(name, { functionArn: replicator.arn, tags }, this);
    // Last: from here on events flow, so all that they need must stand. S3 tests the queue at once.
    new aws.s3.BucketNotification(
      `${name}-events`,
      { bucket: source.bucketName, queues: rulesFor(source, queue.arn) },
      { parent: this, dependsOn: [queues.policy, wake] },
    );

    if (args.alarmTopicArn) {
      const told = { topicArn: args.alarmTopicArn, tags };
      metricAlarm(name, oldestEventRule(plan), { dimensions: { QueueName: queue.name }, ...told }, parent);
      metricAlarm(name, SET_ASIDE_RULE, { dimensions: { QueueName: deadLetters.name }, ...told }, parent);
      if (args.target.markerUrl) {
        metricAlarm(name, parkedRule(plan), { dimensions: { QueueName: parked.name }, ...told }, parent);
      }
      metricAlarm(name, LAG_RULE, { dimensions: { FunctionName: replicator.name }, ...told }, parent);
    }

    this.queueUrl = queue.url;
    this.deadLetterQueueUrl = deadLetters.url;
    this.parkedQueueUrl = parked.url;
    this.functionName = replicator.name;
    this.functionArn = replicator.arn;
    this.registerOutputs({
      queueUrl: this.queueUrl,
      deadLetterQueueUrl: this.deadLetterQueueUrl,
      parkedQueueUrl: this.parkedQueueUrl,
    });
  }
}

/** The rules of a notification, one for each prefix. */
function rulesFor({ prefixes, additionsOnly }: ObjectReplicationArgs["source"], queueArn: pulumi.Output<string>) {
  const rule = { queueArn, events: additionsOnly ? [ADDED] : EVENTS };
  return prefixes?.map((filterPrefix) => ({ ...rule, filterPrefix })) ?? [rule];
}
