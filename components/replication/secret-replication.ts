import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { metricAlarm } from "../metric-alarm.ts";
import type { Tags } from "../tags.ts";
import { invokerPolicy } from "./policies.ts";
import { queueEvents } from "./queue-events.ts";
import { wakeUp, workQueues } from "./replication-queues.ts";
import { schedule } from "./schedule.ts";
import { driftRule, SECRETS_SET_ASIDE_RULE } from "./secret-alarms.ts";
import { SECRET_CHANGES } from "./secret-events.ts";
import { planSecrets, type SecretPlan, type SecretReplicationMode } from "./secret-plan.ts";
import { secretReplicatorPolicy } from "./secret-policies.ts";
import { trustedFunction } from "./trusted-function.ts";

export interface SecretReplicationArgs {
  /** Whose secrets cross: those whose tag `multicloud-dr:replicate` has this value. @example "shop" */
  workload: string;
  /** Whether secrets follow as they change, or once a night. */
  mode: SecretReplicationMode;
  /** The vault to copy to, and the identity that may write it. */
  target: {
    vaultUri: pulumi.Input<string>;
    resourceGroupName: pulumi.Input<string>;
    identityName: pulumi.Input<string>;
    clientId: pulumi.Input<string>;
    tenantId: pulumi.Input<string>;
  };
  /** The AWS account's issuer of web identities; see `TrustArgs.issuer`. */
  webIdentityIssuer: pulumi.Input<string>;
  /** Topic that is told when copies lag or fail, in the region of this component; without it nobody is told. */
  alarmTopicArn?: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * Carries the secrets of a region that are tagged for it into a vault: changes go to a queue, the queue wakes the
 * replicator, and what it cannot carry is set aside. A comparison finds what no event told of.
 */
export class SecretReplication extends pulumi.ComponentResource {
  readonly queueUrl: pulumi.Output<string>;
  readonly deadLetterQueueUrl: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: SecretReplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:replication:SecretReplication", name, {}, opts);
    const { tags } = args;
    const plan = planSecrets(args.mode);

    const { queue, deadLetters } = workQueues(name, { plan, tags }, this);
    const replicator = this.#replicator(name, args, plan, queue, deadLetters);
    const wake = wakeUp(name, { queue, functionArn: replicator.arn, plan, tags }, this);
    if (plan.events) {
      const rule = { name: "changes", description: "Changes of secrets.", pattern: JSON.stringify(SECRET_CHANGES) };
      queueEvents(name, { queue, rule, target: { name: "changes-target" }, after: [wake], tags }, this);
    }
    schedule(
      `${name}-sweep`,
      {
        description: "Compares the primary's secrets with their copies, and has what differs copied.",
        expression: plan.sweeps,
        target: { arn: replicator.arn, input: { sweep: true } },
        policy: invokerPolicy,
        after: [wake],
        tags,
      },
      this,
    );

    if (args.alarmTopicArn) {
      const told = { topicArn: args.alarmTopicArn, tags };
      const parent = { parent: this };
      metricAlarm(name, SECRETS_SET_ASIDE_RULE, { dimensions: { QueueName: deadLetters.name }, ...told }, parent);
      metricAlarm(name, driftRule(plan), { dimensions: { FunctionName: replicator.name }, ...told }, parent);
    }

    this.queueUrl = queue.url;
    this.deadLetterQueueUrl = deadLetters.url;
    this.functionName = replicator.name;
    this.registerOutputs({ queueUrl: this.queueUrl, functionName: this.functionName });
  }

  #replicator(
    name: string,
    { target, tags, ...args }: SecretReplicationArgs,
    plan: SecretPlan,
    queue: aws.sqs.Queue,
    deadLetters: aws.sqs.Queue,
  ): aws.lambda.Function {
    const policy = (logGroupArn: string) =>
      pulumi
        .output({ queueArn: queue.arn, deadLetterQueueArn: deadLetters.arn, logGroupArn })
        .apply((resources) => secretReplicatorPolicy(args.workload, resources));
    const replicating = {
      functionName: `${name}-replicator`,
      description: "Copies the primary's secrets into the standby's vault.",
      program: "secrets/handler.ts",
      policy,
      identity: target,
      webIdentityIssuer: args.webIdentityIssuer,
      timeoutSeconds: plan.functionTimeoutSeconds,
      memoryMib: plan.memoryMib,
      variables: {
        WORKLOAD: args.workload,
        VAULT_URI: target.vaultUri,
        QUEUE_URL: queue.url,
        DEAD_LETTER_QUEUE_URL: deadLetters.url,
      },
      tags,
    };
    return trustedFunction(name, replicating, this);
  }
}
