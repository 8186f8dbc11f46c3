import { armActuator } from "./arm.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

/** azure-native:resources:ResourceGroup */
export const resourceGroup = armActuator({
  id: (inputs, { resources }) => resources.id(`resourceGroups/${inputs.resourceGroupName}`),
  name: {
    property: "resourceGroupName",
    pattern: /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
    rule: "1 to 90 letters, digits, '_', '-', '.', '(' and ')', not ending with a period (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  replaceOn: ["managedBy"],
  outputs: () => ({ properties: { provisioningState: "Succeeded" } }),
});
