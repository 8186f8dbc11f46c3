import {
  DeletePolicyCommand,
  DescribePoliciesCommand,
  PutScalingPolicyCommand,
  type TargetTrackingConfiguration,
} from "@aws-sdk/client-auto-scaling";
import type { Actuator } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, refuseLeftOut, text } from "./common.ts";

const LEFT_OUT = [
  ...[
    "adjustmentType",
    "cooldown",
    "metricAggregationType",
    "minAdjustmentMagnitude",
    "predictiveScalingConfiguration",
  ],
  ...["scalingAdjustment", "stepAdjustments"],
];

/** aws:autoscaling/policy:Policy, target tracking; its `id` is its name. No load is measured, so it never acts. */
export const autoScalingPolicy: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "autoscalingGroupName"],

  check(inputs, { unknown }) {
    const refusals = refuseLeftOut(inputs, LEFT_OUT, "give the policy a targetTrackingConfiguration");
    const { targetValue, customizedMetricSpecification } = fields(inputs.targetTrackingConfiguration);
    if (unknown.has("targetTrackingConfiguration")) return refusals;
    if (typeof targetValue !== "number" || customizedMetricSpecification !== undefined) {
      const reason = "a targetValue and a predefinedMetricSpecification are expected (PutScalingPolicy)";
      refusals.push({ property: "targetTrackingConfiguration", reason });
    }
    return refusals;
  },

  async create(inputs, cloud) {
    return { id: String(inputs.name), properties: { arn: await put(cloud, inputs) } };
  },

  async read({ id, properties }, cloud) {
    const AutoScalingGroupName = String(properties.autoscalingGroupName);
    const { ScalingPolicies } = await cloud.autoscaling.send(new DescribePoliciesCommand({ AutoScalingGroupName }));
    const found = ScalingPolicies?.find(({ PolicyName }) => PolicyName === id);
    return found && { arn: found.PolicyARN, policyType: found.PolicyType };
  },

  update: async (_state, inputs, cloud) => ({ arn: await put(cloud, inputs) }),

  async delete({ id, properties }, cloud) {
    const AutoScalingGroupName = String(properties.autoscalingGroupName);
    await cloud.autoscaling.send(new DeletePolicyCommand({ AutoScalingGroupName, PolicyName: id }));
  },
};

async function put(cloud: AwsCloud, inputs: Properties): Promise<string | undefined> {
  const tracking = fields(inputs.targetTrackingConfiguration);
  const { predefinedMetricType, resourceLabel } = fields(tracking.predefinedMetricSpecification);
  const { PolicyARN } = await cloud.autoscaling.send(
    new PutScalingPolicyCommand({
      AutoScalingGroupName: String(inputs.autoscalingGroupName),
      PolicyName: String(inputs.name),
      PolicyType: text(inputs.policyType) ?? "TargetTrackingScaling",
      EstimatedInstanceWarmup: inputs.estimatedInstanceWarmup as number | undefined,
      TargetTrackingConfiguration: {
        TargetValue: Number(tracking.targetValue),
        DisableScaleIn: tracking.disableScaleIn === true,
        PredefinedMetricSpecification: {
          PredefinedMetricType: predefinedMetricType,
          ResourceLabel: resourceLabel,
        } as TargetTrackingConfiguration["PredefinedMetricSpecification"],
      },
    }),
  );
  return PolicyARN;
}
