import type { Actuator, State } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";

/** Services without regions. */
const GLOBAL = ["cloudfront", "iam", "route53"];

/** Has an actuator act in the region that the resource itself names; every regional type takes that input. */
export function regional(token: string, actuator: Actuator<AwsCloud>): Actuator<AwsCloud> {
  const [service = "", type = ""] = token.split(":")[1]?.split("/") ?? [];
  // Route 53 has names everywhere, and its resolvers in networks.
  if (GLOBAL.includes(service) && !type.startsWith("resolver")) return actuator;
  const { check, update, replaceOn = [] } = actuator;
  const placeOf = ({ properties }: State, cloud: AwsCloud) => cloud.in(properties.region);
  return {
    ...actuator,
    replaceOn: [...new Set([...replaceOn, "region"])],
    check: check && ((inputs, context) => check(inputs, { ...context, cloud: context.cloud.in(inputs.region) })),
    create: async (inputs, cloud) => {
      const there = cloud.in(inputs.region);
      const { id, properties } = await actuator.create(inputs, there);
      return { id, properties: { region: there.region, ...properties } };
    },
    read: (state, cloud) => actuator.read(state, placeOf(state, cloud)),
    update: update && ((state, inputs, cloud) => update(state, inputs, placeOf(state, cloud))),
    delete: (state, cloud) => actuator.delete(state, placeOf(state, cloud)),
  };
}
