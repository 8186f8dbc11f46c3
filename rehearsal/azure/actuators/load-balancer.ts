import type { Properties } from "../../provider/codec.ts";
import type { LoadBalancer } from "../load-balancers.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { balancerRefusals } from "./load-balancer-checks.ts";
import { NETWORK_NAME } from "./public-addresses.ts";
import { inUse } from "./references.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

/** What of a balancer has an id of its own. */
const PARTS = ["frontendIPConfigurations", "backendAddressPools", "probes", "loadBalancingRules", "outboundRules"];

/** azure-native:network:LoadBalancer */
export const loadBalancer = armActuator({
  id: (inputs, cloud) =>
    inGroup(cloud, inputs.resourceGroupName, `Microsoft.Network/loadBalancers/${inputs.loadBalancerName}`),
  name: { property: "loadBalancerName", ...NETWORK_NAME },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  replaceOn: ["sku"],
  check: balancerRefusals,
  onWrite: (inputs, id, { balancers }) => balancers.write(id, inputs as LoadBalancer),
  outputs: (inputs, id) => ({
    ...Object.fromEntries(
      PARTS.filter((kind) => inputs[kind] !== undefined).map((kind) => [
        kind,
        (inputs[kind] as Properties[]).map((part) => ({ ...part, id: `${id}/${kind}/${part.name}` })),
      ]),
    ),
    provisioningState: "Succeeded",
    resourceGuid: crypto.randomUUID(),
  }),
  keeps: (id, cloud) => {
    const pools = (cloud.resources.get(id)?.properties.backendAddressPools ?? []) as { id: string }[];
    const [found] = pools.flatMap(
      (pool) => inUse(pool.id, ["Microsoft.Compute/virtualMachineScaleSets"], "InUseBackendAddressPool", cloud) ?? [],
    );
    return found;
  },
});
