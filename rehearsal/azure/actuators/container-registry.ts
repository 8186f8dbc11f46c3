import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

const REGISTRIES = "Microsoft.ContainerRegistry/registries";
const SOURCE = "(Registries - Create; Azure Container Registry service tiers)";

/** The most days that what is deleted is kept ("Soft delete policy in Azure Container Registry"). */
const MOST_DAYS = 90;

/** azure-native:containerregistry:Registry */
export const containerRegistry = armActuator({
  id: (inputs, cloud) => inGroup(cloud, inputs.resourceGroupName, `${REGISTRIES}/${inputs.registryName}`),
  name: {
    property: "registryName",
    pattern: /^[a-zA-Z0-9]{5,50}$/,
    rule: "5 to 50 letters and digits (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  check: registryRefusals,
  onCreate: ({ registryName }, { registries }) => registries.open(String(registryName)),
  outputs: ({ registryName }, _id, { registries }) => ({
    loginServer: registries.loginServerOf(String(registryName)),
    provisioningState: "Succeeded",
  }),
});

interface RegistrySettings extends Properties {
  sku?: { name?: string };
  policies?: {
    softDeletePolicy?: { status?: string; retentionDays?: number };
    retentionPolicy?: { status?: string };
    exportPolicy?: { status?: string };
    quarantinePolicy?: { status?: string };
    trustPolicy?: { status?: string };
  };
}

function registryRefusals(inputs: Properties, { resources }: AzureCloud, former: Properties | undefined): Refusal[] {
  const { sku, policies, registryName } = inputs as RegistrySettings;
  const refusals: Refusal[] = [];
  const refuse = (property: string, reason: string) => refusals.push({ property, reason: `${reason} ${SOURCE}` });
  const name = String(registryName).toLowerCase();
  const taken = resources.list(REGISTRIES).some(({ id }) => id.toLowerCase().endsWith(`/${name}`));
  if (registryName !== former?.registryName && taken)
    refuse("registryName", `"${registryName}" is taken (AlreadyInUse)`);
  const tier = sku?.name;
  if (tier !== undefined && !["Basic", "Standard", "Premium"].includes(tier))
    refuse("sku.name", `"${tier}" is no tier`);
  if (inputs.adminUserEnabled || inputs.anonymousPullEnabled) {
    refuse("adminUserEnabled", "the local Azure lets in identities only, by their roles");
  }
  const days = policies?.softDeletePolicy?.retentionDays;
  if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= MOST_DAYS)) {
    refuse("policies.softDeletePolicy.retentionDays", `${days} days; expected 1 to ${MOST_DAYS}`);
  }
  if (policies?.softDeletePolicy?.status === "enabled" && policies.retentionPolicy?.status === "enabled") {
    refuse("policies.retentionPolicy", "it cannot be on together with soft delete");
  }
  for (const policy of ["quarantinePolicy", "trustPolicy", "retentionPolicy"] as const) {
    if (policies?.[policy]?.status === "enabled") refuse(`policies.${policy}`, "the local Azure does not carry it out");
  }
  const premium = ["encryption", "networkRuleSet", "dataEndpointEnabled", "zoneRedundancy"];
  for (const property of premium.filter((each) => ![undefined, false, "Disabled"].includes(inputs[each] as never))) {
    refuse(property, "only of Premium, and the local Azure does not carry it out");
  }
  return refusals;
}
