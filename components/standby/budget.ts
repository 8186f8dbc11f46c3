import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import { budgetNotices, monthOf } from "./budget-plan.ts";

export interface BudgetArgs {
  /** Id of the resource group, or of the subscription, whose cost is watched. */
  scope: pulumi.Input<string>;
  /** What a month may cost, in the billing currency. */
  amount: number;
  /** Who is told; the scope's owners when there is nobody. @example ["ops@example.com"] */
  emails: string[];
}

/** A monthly budget that tells somebody; it stops nothing. */
export class Budget extends pulumi.ComponentResource {
  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:Budget", name, {}, opts);
    new azure.consumption.Budget(
      `${name}-budget`,
      {
        scope: args.scope,
        budgetName: name,
        amount: args.amount,
        category: azure.consumption.CategoryType.Cost,
        timeGrain: azure.consumption.TimeGrainType.Monthly,
        timePeriod: { startDate: monthOf(new Date()) },
        notifications: budgetNotices(args.emails),
      },
      // Azure wants the month in which the budget is made, and none after that: the next month must change nothing.
      { parent: this, ignoreChanges: ["timePeriod"] },
    );
    this.registerOutputs();
  }
}
