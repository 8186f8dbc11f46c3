import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { metricAlarm } from "../metric-alarm.ts";
import type { Tags } from "../tags.ts";
import { CONTAINER_LAG_RULE, CONTAINERS_SET_ASIDE_RULE, oldestPushRule } from "./container-alarms.ts";
import { planContainerQueue, pushPattern, SWEEP_TIME } from "./container-plan.ts";
import { containerReplicator } from "./container-replicator.ts";
import { invokerPolicy } from "./policies.ts";
import { queueEvents } from "./queue-events.ts";
import { wakeUp, workQueues } from "./replication-queues.ts";
import { schedule } from "./schedule.ts";

export interface ContainerReplicationArgs {
  /** Names of the ECR repositories to copy, in the region of this component. @example ["shop/web", "shop/jobs"] */
  repositories: readonly string[];
  /** The registry to copy to, and the identity that may push there. */
  target: {
    /** Where it answers, a host without a scheme. @example "shop1a2b3c4d.azurecr.io" */
    loginServer: pulumi.Input<string>;
    resourceGroupName: pulumi.Input<string>;
    identityName: pulumi.Input<string>;
    clientId: pulumi.Input<string>;
    tenantId: pulumi.Input<string>;
    /** Where a declaration is told that forbids to write. */
    markerUrl: pulumi.Input<string>;
  };
  /** The AWS account's issuer of web identities; see `TrustArgs.issuer`. */
  webIdentityIssuer: pulumi.Input<string>;
  /** Topic that is told when copies lag or fail, in the region of this component; without it nobody is told. */
  alarmTopicArn?: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * Carries every image of some repositories of ECR into the standby's registry, by its digest and with all that belongs to
 * it: a push wakes the replicator through a queue, what it cannot carry is set aside in a dead-letter queue, and each
 * night every tag is looked at anew, since pushes are told on a best-effort basis.
 */
export class ContainerReplication extends pulumi.ComponentResource {
  readonly queueUrl: pulumi.Output<string>;
  readonly deadLetterQueueUrl: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: ContainerReplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:replication:ContainerReplication", name, {}, opts);
    const parent = { parent: this };
    const { tags } = args;
    const plan = planContainerQueue();

    const queues = workQueues(name, { plan, tags }, this);
    const replicator = containerReplicator(name, args, plan, queues, this);
    const wake = wakeUp(name, { queue: queues.queue, functionArn: replicator.arn, plan, tags }, this);
    queueEvents(
      name,
      {
        queue: queues.queue,
        rule: {
          name: "pushes",
          description: "Pushes of container images that are copied.",
          pattern: pushPattern(args.repositories),
        },
        target: { name: "pushes-queue", targetId: "queue" },
        after: [wake],
        tags,
      },
      this,
    );
    schedule(
      `${name}-sweep`,
      {
        description: "Has every tag of the repositories looked at anew: pushes are told on a best-effort basis.",
        expression: SWEEP_TIME,
        target: { arn: replicator.arn, input: { sweep: true } },
        policy: invokerPolicy,
        after: [wake],
        tags,
      },
      this,
    );
    if (args.alarmTopicArn) {
      const told = { topicArn: args.alarmTopicArn, tags };
      const ofQueue = (queue: aws.sqs.Queue) => ({ dimensions: { QueueName: queue.name }, ...told });
      metricAlarm(name, oldestPushRule(plan), ofQueue(queues.queue), parent);
      metricAlarm(name, CONTAINERS_SET_ASIDE_RULE, ofQueue(queues.deadLetters), parent);
      metricAlarm(name, CONTAINER_LAG_RULE, { dimensions: { FunctionName: replicator.name }, ...told }, parent);
    }

    this.queueUrl = queues.queue.url;
    this.deadLetterQueueUrl = queues.deadLetters.url;
    this.functionName = replicator.name;
    this.registerOutputs({ queueUrl: this.queueUrl, deadLetterQueueUrl: this.deadLetterQueueUrl });
  }
}
