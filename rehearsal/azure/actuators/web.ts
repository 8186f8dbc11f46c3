import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import type { DeclaredApp } from "../functions/host.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";
import { appRefusals, identitiesOf, planRefusals, settingsOf, settingsRefusals, storageOf } from "./web-checks.ts";

/** What the settings of an app are named by, and the app that they are of. */
const APP = {
  property: "name",
  id: (inputs: Properties, cloud: AzureCloud) =>
    inGroup(cloud, inputs.resourceGroupName, `Microsoft.Web/sites/${inputs.name}`),
};

/** azure-native:web:AppServicePlan */
export const appServicePlan = armActuator({
  id: (inputs, cloud) => inGroup(cloud, inputs.resourceGroupName, `Microsoft.Web/serverfarms/${inputs.name}`),
  name: {
    property: "name",
    pattern: /^[\w-]{1,60}$/,
    rule: "1 to 60 letters, digits, '_' and '-' (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  replaceOn: ["reserved"],
  check: planRefusals,
  outputs: () => ({ provisioningState: "Succeeded", status: "Ready" }),
});

/** azure-native:web:WebApp, as a function app on Flex Consumption */
export const webApp = armActuator({
  id: APP.id,
  name: {
    property: "name",
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9-]{0,58}[a-zA-Z0-9]$/,
    rule: "2 to 60 letters, digits and '-' between them (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  replaceOn: ["kind"],
  check: appRefusals,
  outputs: (inputs) => ({
    defaultHostName: `${inputs.name}.azurewebsites.net`,
    hostNames: [`${inputs.name}.azurewebsites.net`],
    state: "Running",
  }),
  onWrite: (inputs, id, { functions }) => functions.run(id, declaredApp(inputs)),
});

/** azure-native:web:WebAppApplicationSettings; the provider deletes them by writing none ("properties": {}) */
export const webAppSettings = armActuator({
  id: (inputs, cloud) => `${APP.id(inputs, cloud)}/config/appsettings`,
  // They have no name of their own: an app has one set of them.
  name: { property: APP.property, pattern: /./, rule: "the name of an app" },
  parent: APP,
  settings: true,
  check: settingsRefusals,
  onWrite: (inputs, _id, cloud) => cloud.functions.configure(APP.id(inputs, cloud), settingsOf(inputs)),
});

/** azure-native:web:WebAppScmAllowed; there is no such publishing here, whether it is allowed or not */
export const webAppScmAllowed = armActuator({
  id: (inputs, cloud) => `${APP.id(inputs, cloud)}/basicPublishingCredentialsPolicies/scm`,
  name: { property: APP.property, pattern: /./, rule: "the name of an app" },
  parent: APP,
  settings: true,
});

function declaredApp(inputs: Properties): DeclaredApp {
  // The checks have seen to it that all of this is there.
  const { value = "", authentication } = storageOf(inputs);
  return {
    name: String(inputs.name),
    packageContainer: value,
    packageReader: authentication?.userAssignedIdentityResourceId ?? "",
    identityIds: identitiesOf(inputs),
  };
}
