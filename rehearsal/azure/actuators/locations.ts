import type { Refusal } from "../../provider/actuator.ts";

/** Regions of the public cloud by their short names ("Azure regions list"). */
const REGIONS = new Set(
  [
    "australiacentral australiacentral2 australiaeast australiasoutheast austriaeast belgiumcentral brazilsouth",
    "brazilsoutheast canadacentral canadaeast centralindia centralus chilecentral denmarkeast eastasia eastus eastus2",
    "francecentral francesouth germanynorth germanywestcentral indonesiacentral israelcentral italynorth japaneast",
    "japanwest koreacentral koreasouth malaysiawest mexicocentral newzealandnorth northcentralus northeurope",
    "norwayeast norwaywest polandcentral qatarcentral southafricanorth southafricawest southcentralus southindia",
    "southeastasia spaincentral swedencentral swedensouth switzerlandnorth switzerlandwest uaecentral uaenorth",
    "uksouth ukwest westcentralus westeurope westindia westus westus2 westus3",
  ].flatMap((line) => line.split(" ")),
);

/** What Azure would refuse about a region; it takes display names too, "West Europe" is `westeurope`. */
export function locationRefusals(location: unknown): Refusal[] {
  if (typeof location !== "string" || REGIONS.has(location.replaceAll(" ", "").toLowerCase())) return [];
  const reason = `"${location}" is no region of the public cloud (LocationNotAvailableForResourceType; Azure regions list)`;
  return [{ property: "location", reason }];
}
