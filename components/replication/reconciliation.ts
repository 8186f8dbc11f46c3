import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { machine } from "./machine.ts";
import { reconciliationPolicy } from "./policies.ts";
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
    const { concurrency, source, tags } = args;
    const functionArn = pulumi.output(args.functionArn);

    const { arn } = machine(
      name,
      {
        definition: pulumi
          .output({ bucketName: source.bucketName, functionArn, concurrency })
          .apply(reconciliationPlan),
        ownArn: functionArn,
        policy: (stateMachineArn) =>
          pulumi.output({ bucketArn: source.bucketArn, functionArn, stateMachineArn }).apply(reconciliationPolicy),
        tags,
      },
      this,
    );

    this.stateMachineArn = arn;
    this.registerOutputs({ stateMachineArn: this.stateMachineArn });
  }
}
