import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { flowLogPolicy, flowLogTrust } from "./flow-log-policies.ts";

export interface FlowLogArgs {
  /** The VPC whose traffic is written down. */
  vpcId: pulumi.Input<string>;
  /** Days for which the log is kept, one of the numbers that CloudWatch Logs knows. @example 90 */
  retentionDays: number;
  /** Tags of every resource. */
  tags: Tags;
}

/** Who spoke with whom in a VPC, and who was refused; never what was said. */
export class FlowLog extends pulumi.ComponentResource {
  constructor(name: string, args: FlowLogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:primary:FlowLog", name, {}, opts);
    const { tags } = args;
    const parent = { parent: this };

    const group = new aws.cloudwatch.LogGroup(`${name}-group`, { retentionInDays: args.retentionDays, tags }, parent);
    const role = new aws.iam.Role(`${name}-role`, { assumeRolePolicy: group.arn.apply(flowLogTrust), tags }, parent);
    const rights = new aws.iam.RolePolicy(
      `${name}-rights`,
      { role: role.name, policy: group.arn.apply(flowLogPolicy) },
      parent,
    );
    new aws.ec2.FlowLog(
      `${name}-traffic`,
      {
        vpcId: args.vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        tags: { ...tags, Name: name },
      },
      { parent: this, dependsOn: rights },
    );

    this.registerOutputs({});
  }
}
