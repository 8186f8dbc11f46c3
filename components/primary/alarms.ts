import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmRule, metricAlarm } from "../metric-alarm.ts";
import type { Tags } from "../tags.ts";
import { alarmKeyPolicy, alarmTopicPolicy } from "./resource-policies.ts";
import { databaseRules, ERROR_RULES, REPLICA_RULES, UNHEALTHY_SERVERS_RULE } from "./site-alarms.ts";

export interface AlarmsArgs {
  /** Mailbox that is told; empty for none. It must confirm the mail that AWS sends it. @example "ops@example.com" */
  email: string;
  /** The end of the load balancer's ARN, as its metrics name it. @example "app/shop/50dc6c495c0c9188" */
  loadBalancerArnSuffix: pulumi.Input<string>;
  /** The end of its target group's ARN. @example "targetgroup/shop/73e2d6bc24d8a067" */
  targetGroupArnSuffix: pulumi.Input<string>;
  /** Identifier of the database instance. */
  databaseIdentifier: pulumi.Input<string>;
  /** Storage in GiB that the database began with. */
  databaseStorageGib: number;
  /**
   * Identifier of a read replica that the standby is fed from, where one stands. The second server of a
   * Multi-AZ instance follows in step and has no lag to measure.
   */
  replicaIdentifier?: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The topic that whoever runs the site listens to, and the alarms that ring there.
 *
 * The topic has a key of its own, the only one of the project: CloudWatch may not use the key that AWS manages for
 * SNS, so its alarms would be lost without a word. Losing the key loses no data.
 */
export class Alarms extends pulumi.ComponentResource {
  /** For alarms in the same region and account. */
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:primary:Alarms", name, {}, opts);
    const parent = { parent: this };
    const { tags } = args;

    const key = new aws.kms.Key(
      `${name}-key`,
      { description: `Alarms of ${name}`, enableKeyRotation: true, deletionWindowInDays: 30, tags },
      parent,
    );
    const topic = new aws.sns.Topic(`${name}-topic`, { kmsMasterKeyId: key.arn, tags }, parent);
    const keyPolicy = new aws.kms.KeyPolicy(
      `${name}-key-policy`,
      { keyId: key.keyId, policy: pulumi.all([key.arn, topic.arn]).apply(([k, t]) => alarmKeyPolicy(k, t)) },
      parent,
    );
    const topicPolicy = new aws.sns.TopicPolicy(
      `${name}-topic-policy`,
      { arn: topic.arn, policy: topic.arn.apply(alarmTopicPolicy) },
      { parent: this, dependsOn: keyPolicy },
    );
    if (args.email) {
      new aws.sns.TopicSubscription(
        `${name}-email`,
        { topic: topic.arn, protocol: "email", endpoint: args.email },
        parent,
      );
    }
    // Whoever takes the ARN finds a topic that lets alarms in.
    this.topicArn = topicPolicy.arn;

    const LoadBalancer = args.loadBalancerArnSuffix;
    const alarms = (rules: readonly AlarmRule[], dimensions: Record<string, pulumi.Input<string>>) => {
      for (const rule of rules) metricAlarm(name, rule, { dimensions, topicArn: this.topicArn, tags }, parent);
    };
    alarms(ERROR_RULES, { LoadBalancer });
    alarms([UNHEALTHY_SERVERS_RULE], { LoadBalancer, TargetGroup: args.targetGroupArnSuffix });
    alarms(databaseRules(args.databaseStorageGib), { DBInstanceIdentifier: args.databaseIdentifier });
    if (args.replicaIdentifier) alarms(REPLICA_RULES, { DBInstanceIdentifier: args.replicaIdentifier });

    this.registerOutputs({ topicArn: this.topicArn });
  }
}
