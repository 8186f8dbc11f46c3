import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { databaseAlarmRules, type LogAlarmRule } from "./database-alarm-rules.ts";
import type { DatabasePlan } from "./standby-plan.ts";

export interface DatabaseAlarmsArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Id of the workspace that keeps the controller's log. */
  workspaceId: pulumi.Input<string>;
  /** What becomes of the database. */
  plan: DatabasePlan;
  /** Mail address that is told; empty for none: the alarms ring all the same, where Azure shows them. @example "ops@example.com" */
  alertEmail: string;
  /** Tags of every resource. */
  tags: Tags;
}

/** Alarms about the standby's database, by what the controller says in its log. */
export class DatabaseAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: DatabaseAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:DatabaseAlarms", name, {}, opts);
    const { resourceGroupName, alertEmail, tags } = args;
    const group = new azure.monitor.ActionGroup(
      `${name}-people`,
      {
        resourceGroupName,
        actionGroupName: name,
        // Stands in mails, and has 12 characters at most ("Action Groups - Create Or Update").
        groupShortName: "standby-db",
        // Of all the world: an action group is in no region.
        location: "Global",
        enabled: true,
        emailReceivers: alertEmail ? [{ name: "alerts", emailAddress: alertEmail, useCommonAlertSchema: true }] : [],
        tags,
      },
      { parent: this },
    );
    for (const rule of databaseAlarmRules(args.plan)) this.#alarm(name, rule, args, group.id);
    this.registerOutputs();
  }

  #alarm(name: string, rule: LogAlarmRule, args: DatabaseAlarmsArgs, groupId: pulumi.Input<string>): void {
    new azure.monitor.ScheduledQueryRule(
      `${name}-${rule.name}`,
      {
        resourceGroupName: args.resourceGroupName,
        ruleName: `${name}-${rule.name}`,
        kind: azure.monitor.Kind.LogAlert,
        displayName: `${name}-${rule.name}`,
        description: rule.description,
        severity: rule.severity,
        enabled: true,
        scopes: [args.workspaceId],
        evaluationFrequency: `PT${rule.everyMinutes}M`,
        windowSize: rule.windowMinutes === 60 ? "PT1H" : `PT${rule.windowMinutes}M`,
        criteria: {
          allOf: [
            {
              query: rule.query,
              timeAggregation: azure.monitor.TimeAggregation.Count,
              // The SDK's enum has the short words of another API ("Scheduled Query Rules - Create Or Update", ConditionOperator).
              operator: rule.rings === "above" ? "GreaterThan" : "LessThan",
              threshold: rule.threshold,
              failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
            },
          ],
        },
        // Rings once, and tells when it is over.
        autoMitigate: true,
        // A workspace that is new has no such table before the first line, and the query would be refused.
        skipQueryValidation: true,
        actions: { actionGroups: [groupId] },
        tags: args.tags,
      },
      { parent: this },
    );
  }
}
