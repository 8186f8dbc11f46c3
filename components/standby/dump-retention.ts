import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import { type DumpDays, dumpRules } from "./dump-retention-plan.ts";

export interface DumpRetentionArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Account with the dumps. */
  accountName: pulumi.Input<string>;
  /** Its container. */
  containerName: pulumi.Input<string>;
  /** Days for which dumps are kept. @example { daily: 14, weekly: 35, monthly: 400 } */
  days: DumpDays;
  /** Days for which nobody can delete a version; no dump is kept for less. @example 30 */
  immutabilityDays: number;
}

/** Deletes dumps that are old enough, and all their versions. What is deleted stays restorable as the account has it. */
export class DumpRetention extends pulumi.ComponentResource {
  constructor(name: string, args: DumpRetentionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:DumpRetention", name, {}, opts);
    const { days, immutabilityDays } = args;
    const rules = pulumi.output(args.containerName).apply((container) => dumpRules(container, days, immutabilityDays));
    new azure.storage.ManagementPolicy(
      `${name}-policy`,
      {
        resourceGroupName: args.resourceGroupName,
        accountName: args.accountName,
        managementPolicyName: "default",
        policy: { rules: rules.apply((all) => all.map(lifecycleRule)) },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}

function lifecycleRule({ name, prefixes, days }: ReturnType<typeof dumpRules>[number]) {
  const age = { daysAfterCreationGreaterThan: days };
  return {
    name,
    enabled: true,
    type: azure.storage.RuleType.Lifecycle,
    definition: {
      filters: { blobTypes: ["blockBlob"], prefixMatch: prefixes },
      // What is deleted becomes a version first, which is as old as the blob was.
      actions: { baseBlob: { delete: age }, version: { delete: age } },
    },
  };
}
