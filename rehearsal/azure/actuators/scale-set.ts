import type { ScaleSet } from "../scale-sets.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { scaleSetRefusals } from "./scale-set-checks.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

/** azure-native:compute:VirtualMachineScaleSet */
export const scaleSet = armActuator({
  id: (inputs, cloud) =>
    inGroup(cloud, inputs.resourceGroupName, `Microsoft.Compute/virtualMachineScaleSets/${inputs.vmScaleSetName}`),
  name: {
    property: "vmScaleSetName",
    pattern: /^[a-zA-Z0-9]([\w.-]{0,62}[a-zA-Z0-9_])?$/,
    rule: "1 to 64 letters, digits, '_', '-' and '.' (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  replaceOn: ["orchestrationMode", "platformFaultDomainCount", "singlePlacementGroup"],
  check: scaleSetRefusals,
  onWrite: (inputs, id, { scaleSets }) => scaleSets.write(id, inputs as ScaleSet),
  outputs: () => ({ provisioningState: "Succeeded", uniqueId: crypto.randomUUID() }),
});
