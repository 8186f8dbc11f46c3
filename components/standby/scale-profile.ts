import * as azure from "@pulumi/azure-native";
import type { ServerRange } from "./standby-plan.ts";

/**
 * When servers are added and taken away, by the load of their processors.
 *
 * Out fast and in slowly, with room between the two thresholds: what leaves would otherwise be missed at once and
 * come back ("Best practices for autoscale in Azure Monitor", flapping).
 *
 * @param scaleSetId resource id of the scale set, whose metric it is
 */
export function scaleProfile(
  { min, max }: ServerRange,
  scaleSetId: string,
): azure.types.input.monitor.AutoscaleProfileArgs {
  const { GreaterThan, LessThan } = azure.monitor.ComparisonOperationType;
  const { Increase, Decrease } = azure.monitor.ScaleDirection;
  const rule = (
    operator: azure.monitor.ComparisonOperationType,
    threshold: number,
    direction: azure.monitor.ScaleDirection,
    value: number,
    cooldown: string,
  ): azure.types.input.monitor.ScaleRuleArgs => ({
    metricTrigger: {
      metricName: "Percentage CPU",
      metricResourceUri: scaleSetId,
      timeGrain: "PT1M",
      timeWindow: "PT5M",
      statistic: azure.monitor.MetricStatisticType.Average,
      timeAggregation: azure.monitor.TimeAggregationType.Average,
      operator,
      threshold,
    },
    scaleAction: { direction, type: azure.monitor.ScaleType.ChangeCount, value: String(value), cooldown },
  });
  return {
    name: "load",
    // Without a metric, the least that carries the load.
    capacity: { minimum: String(min), maximum: String(max), default: String(min) },
    rules: [rule(GreaterThan, 60, Increase, 2, "PT3M"), rule(LessThan, 30, Decrease, 1, "PT10M")],
  };
}
