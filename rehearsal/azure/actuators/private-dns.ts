import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { type Reference, referenceRefusals } from "./references.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

const LINKS = "Microsoft.Network/privateDnsZones/virtualNetworkLinks";

/** The zone that `privateZoneName` names. */
const ZONE = {
  property: "privateZoneName",
  id: (inputs: Properties, cloud: AzureCloud) =>
    inGroup(cloud, inputs.resourceGroupName, `Microsoft.Network/privateDnsZones/${inputs.privateZoneName}`),
};

/** azure-native:privatedns:PrivateZone */
export const privateZone = armActuator({
  id: ZONE.id,
  name: {
    property: "privateZoneName",
    pattern: /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)+$/i,
    rule: "2 labels at least, of letters, digits, '_' and '-' (Naming rules and restrictions for Azure resources)",
  },
  parent: GROUP,
  longestTagName: LONGEST_TAG_NAME,
  check: globalRefusals,
  outputs: () => ({ provisioningState: "Succeeded", numberOfVirtualNetworkLinks: 0 }),
  keeps: (id, { resources }) => {
    const link = resources.list(LINKS).find((each) => each.id.toLowerCase().startsWith(`${id.toLowerCase()}/`));
    return link && `${id} is linked by ${link.id} (CannotDeleteResource: nested resources)`;
  },
});

/** azure-native:privatedns:VirtualNetworkLink */
export const virtualNetworkLink = armActuator({
  id: (inputs, cloud) => `${ZONE.id(inputs, cloud)}/virtualNetworkLinks/${inputs.virtualNetworkLinkName}`,
  name: {
    property: "virtualNetworkLinkName",
    pattern: /^[a-zA-Z0-9_]([\w.-]{0,78}\w)?$/,
    rule: "1 to 80 letters, digits, '_', '-' and '.' (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  parent: ZONE,
  longestTagName: LONGEST_TAG_NAME,
  replaceOn: ["virtualNetwork"],
  check: linkRefusals,
  outputs: () => ({ provisioningState: "Succeeded", virtualNetworkLinkState: "Completed" }),
});

/** Zones and links are nowhere in particular; left out, the provider would put its own region there. */
function globalRefusals({ location }: Properties): Refusal[] {
  if (typeof location === "string" && location.toLowerCase() === "global") return [];
  const found = location ?? "none, for which the provider's region is taken";
  const reason = `found ${found}; expected "global" (LocationNotAvailableForResourceType; Private Zones - Create Or Update)`;
  return [{ property: "location", reason }];
}

function linkRefusals(inputs: Properties, cloud: AzureCloud, former: Properties | undefined): Refusal[] {
  const { virtualNetwork, virtualNetworkLinkName, registrationEnabled } = inputs;
  const refusals = [
    ...globalRefusals(inputs),
    ...referenceRefusals(
      "virtualNetwork",
      virtualNetwork as Reference | undefined,
      "Microsoft.Network/virtualNetworks",
      cloud,
    ),
  ];
  if (former || virtualNetwork === undefined) return refusals;
  const linkedHere = cloud.resources
    .list(LINKS)
    .filter(({ properties }) => idOf(properties.virtualNetwork) === idOf(virtualNetwork))
    .filter(({ id }) => !id.endsWith(`/${virtualNetworkLinkName}`));
  const twin = linkedHere.find(({ id }) => id.toLowerCase().startsWith(`${ZONE.id(inputs, cloud).toLowerCase()}/`));
  if (twin) {
    const reason = `${twin.id} links the same network to the zone (Conflict; What is a virtual network link)`;
    refusals.push({ property: "virtualNetwork", reason });
  }
  const registering = linkedHere.find(({ properties }) => properties.registrationEnabled === true);
  if (registrationEnabled === true && registering) {
    const reason = `the network registers its servers by ${registering.id} already; one zone can take them (What is a virtual network link)`;
    refusals.push({ property: "registrationEnabled", reason });
  }
  return refusals;
}

function idOf(reference: unknown): string | undefined {
  return (reference as Reference | undefined)?.id?.toLowerCase();
}
