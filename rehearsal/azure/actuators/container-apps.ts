import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import type { ContainerApp } from "../container-apps.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { referenceRefusals } from "./references.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

const ENVIRONMENTS = "Microsoft.App/managedEnvironments";
const DELEGATION = "Microsoft.App/environments";
const SOURCE = "(Virtual network configuration in Azure Container Apps)";

/** The longest prefix of a subnet for an environment with workload profiles. */
const LONGEST_PREFIX = 27;

/** azure-native:app:ManagedEnvironment */
export const managedEnvironment = armActuator({
  id: (inputs, cloud) => inGroup(cloud, inputs.resourceGroupName, `${ENVIRONMENTS}/${inputs.environmentName}`),
  name: {
    property: "environmentName",
    pattern: /^(?=.{1,60}$)[a-z]([a-z0-9]|-(?!-))*[a-z0-9]$/,
    rule: "at most 60 small letters, digits and single hyphens, beginning with a letter (Managed Environments - Create Or Update)",
    auto: "suffix",
  },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  replaceOn: ["vnetConfiguration", "zoneRedundant"],
  check: environmentRefusals,
  outputs: ({ environmentName }) => ({
    defaultDomain: `${String(environmentName).slice(0, 20)}.local.azurecontainerapps.io`,
    provisioningState: "Succeeded",
  }),
});

/** azure-native:app:ContainerApp */
export const containerApp = armActuator({
  id: (inputs, cloud) =>
    inGroup(cloud, inputs.resourceGroupName, `Microsoft.App/containerApps/${inputs.containerAppName}`),
  name: {
    property: "containerAppName",
    pattern: /^(?=.{2,32}$)[a-z]([a-z0-9]|-(?!-))*[a-z0-9]$/,
    rule: "2 to 32 small letters, digits and single hyphens, beginning with a letter (Container Apps - Create Or Update)",
    auto: "suffix",
  },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  replaceOn: ["environmentId"],
  check: appRefusals,
  onWrite: (inputs, id, { containerApps }) => containerApps.write(id, inputs as ContainerApp),
  outputs: () => ({ provisioningState: "Succeeded" }),
});

interface Subnet {
  id?: string;
  addressPrefix?: string;
  delegations?: { serviceName?: string }[];
}

function environmentRefusals(inputs: Properties, { resources }: AzureCloud): Refusal[] {
  const { vnetConfiguration, zoneRedundant } = inputs as {
    vnetConfiguration?: { infrastructureSubnetId?: string };
    zoneRedundant?: boolean;
  };
  const id = vnetConfiguration?.infrastructureSubnetId;
  if (zoneRedundant && !vnetConfiguration) {
    return [{ property: "zoneRedundant", reason: `it needs a subnet of one's own ${SOURCE}` }];
  }
  if (id === undefined) return [];
  const property = "vnetConfiguration.infrastructureSubnetId";
  const subnet = resources
    .list("Microsoft.Network/virtualNetworks")
    .flatMap(({ id: network, properties }) =>
      ((properties.subnets ?? []) as (Subnet & { name?: string })[]).map((each) => ({
        ...each,
        id: each.id ?? `${network}/subnets/${each.name}`,
      })),
    )
    .find((each) => each.id.toLowerCase() === id.toLowerCase());
  if (!subnet) return [{ property, reason: `there is no subnet ${id} (InvalidResourceReference)` }];
  const refusals: Refusal[] = [];
  if (!subnet.delegations?.some(({ serviceName }) => serviceName === DELEGATION)) {
    refusals.push({ property, reason: `the subnet is not delegated to ${DELEGATION} ${SOURCE}` });
  }
  const prefix = Number(subnet.addressPrefix?.split("/")[1]);
  if (prefix > LONGEST_PREFIX)
    refusals.push({ property, reason: `/${prefix} is too small; /${LONGEST_PREFIX} or larger ${SOURCE}` });
  return refusals;
}

function appRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const { environmentId, identity, configuration, template } = inputs as ContainerApp;
  const refusals: Refusal[] = referenceRefusals("environmentId", { id: environmentId }, ENVIRONMENTS, cloud);
  const refuse = (property: string, reason: string) => refusals.push({ property, reason });
  const { minReplicas = 0, maxReplicas = 10 } = template?.scale ?? {};
  if (maxReplicas < 1 || maxReplicas > 1000 || minReplicas > maxReplicas) {
    refuse(
      "template.scale",
      `${minReplicas} to ${maxReplicas}; a most of 1 to 1000, and a least no larger (Set scaling rules)`,
    );
  }
  for (const { identity: puller } of configuration?.registries ?? []) {
    if (puller && !identity?.userAssignedIdentities?.includes(puller)) {
      refuse("configuration.registries", `${puller} is no identity of the app (Image pull with managed identity)`);
    }
  }
  const secrets = (configuration?.secrets ?? []).map(({ name }) => name);
  const missing = (template?.volumes ?? [])
    .flatMap((volume) => volume.secrets ?? [])
    .find(({ secretRef }) => !secrets.includes(secretRef));
  if (missing)
    refuse("template.volumes", `there is no secret ${missing.secretRef} (Manage secrets in Azure Container Apps)`);
  return refusals;
}
