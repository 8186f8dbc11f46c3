import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { invokerTrustPolicy, reconciliationPolicy } from "./policies.ts";
import { reconciliationPlan } from "./reconciliation-plan.ts";

export interface ReconciliationArgs {
  /** The bucket to compare. */
  source: { bucketName: pulumi.Input<string>; bucketArn: pulumi.Input<string> };
  /** The replicator, which compares and is told by its own queue what to copy. */
  functionArn: pulumi.Input<string>;
  /** Batches that are compared at once, at most. */
  concurrency: number;
  /** Tags of every resource. */
  tags: Tags;
}

/** Compares a bucket of any size with its copies whenever it is started, and has what differs copied. */
export class Reconciliation extends pulumi.ComponentResource {
  readonly stateMachineArn: pulumi.Output<string>;

  constructor(name: string, args: ReconciliationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:replication:Reconciliation", name, {}, opts);
    const parent = { parent: this };
    const { concurrency, source, tags } = args;
    const functionArn = pulumi.output(args.functionArn);

    const role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: functionArn.apply((arn) => invokerTrustPolicy("states.amazonaws.com", arn)), tags },
      parent,
    );
    const machine = new aws.sfn.StateMachine(
      `${name}-machine`,
      {
        type: "STANDARD",
        roleArn: role.arn,
        definition: pulumi.jsonStringify(
          pulumi
            .all([source.bucketName, functionArn])
            .apply(([bucketName, arn]) => reconciliationPlan({ bucketName, functionArn: arn, concurrency })),
        ),
        tags,
      },
      parent,
    );
    // After the machine, which they name; nobody starts it before.
    new aws.iam.RolePolicy(
      `${name}-rights`,
      {
        role: role.name,
        policy: pulumi
          .output({ bucketArn: source.bucketArn, functionArn, stateMachineArn: machine.arn })
          .apply(reconciliationPolicy),
      },
      parent,
    );

    this.stateMachineArn = machine.arn;
    this.registerOutputs({ stateMachineArn: this.stateMachineArn });
  }
}
