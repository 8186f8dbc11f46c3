import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { addressesOf, type MachineProfile, type ScaleSet } from "../scale-sets.ts";
import { referenceRefusals } from "./references.ts";

const FLEXIBLE = "(Orchestration modes for Virtual Machine Scale Sets)";

/** Most machines of a set, and longest user data in bytes ("Virtual Machine Scale Sets FAQ", "User data for Azure VM"). */
const MOST_MACHINES = 1000;
const LONGEST_USER_DATA = 64 * 1024;

/** What Azure would refuse about a scale set. */
export function scaleSetRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const settings = inputs as ScaleSet;
  const profile = settings.virtualMachineProfile;
  return [
    ...capacityRefusals(settings),
    ...modeRefusals(settings),
    ...(profile ? profileRefusals(profile, cloud) : []),
    ...placeRefusals(settings, cloud),
    ...(settings.identity?.userAssignedIdentities ?? []).flatMap((id, index) =>
      referenceRefusals(
        `identity.userAssignedIdentities[${index}]`,
        { id },
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        cloud,
      ),
    ),
  ];
}

function capacityRefusals({ sku }: ScaleSet): Refusal[] {
  const { name, capacity } = sku ?? {};
  if (sku && !name) return [{ property: "sku.name", reason: "no size of the machines is given (InvalidParameter)" }];
  if (capacity === undefined) return [];
  if (Number.isInteger(capacity) && capacity >= 0 && capacity <= MOST_MACHINES) return [];
  const reason = `${capacity} machines; expected 0 to ${MOST_MACHINES} (Virtual Machine Scale Sets FAQ)`;
  return [{ property: "sku.capacity", reason }];
}

function modeRefusals(settings: ScaleSet): Refusal[] {
  const refusals: Refusal[] = [];
  const { orchestrationMode, platformFaultDomainCount: domains, zones = [] } = settings;
  if (orchestrationMode !== "Flexible") {
    const found = orchestrationMode ?? "none, which is Uniform";
    const reason = `found ${found}; the local Azure has flexible scale sets only`;
    refusals.push({ property: "orchestrationMode", reason });
  }
  if (domains === undefined || (zones.length > 0 && domains !== 1)) {
    const reason = `found ${domains ?? "none"}; a flexible set needs it, and 1 where there are zones ${FLEXIBLE}`;
    refusals.push({ property: "platformFaultDomainCount", reason });
  }
  if (settings.singlePlacementGroup === true) {
    refusals.push({ property: "singlePlacementGroup", reason: `flexible sets spread over several ${FLEXIBLE}` });
  }
  if (settings.overprovision === true) {
    refusals.push({ property: "overprovision", reason: `flexible sets do not overprovision ${FLEXIBLE}` });
  }
  return refusals;
}

function profileRefusals({ userData, networkProfile, osProfile, storageProfile }: MachineProfile, cloud: AzureCloud) {
  const refusals: Refusal[] = [];
  const refuse = (part: string, reason: string) => refusals.push({ property: `virtualMachineProfile.${part}`, reason });
  if (userData !== undefined && Buffer.from(userData, "base64").toString("base64") !== userData) {
    refuse("userData", "it is no base64 (InvalidParameter; User data for Azure Virtual Machine)");
  } else if (userData !== undefined && Buffer.byteLength(userData, "base64") > LONGEST_USER_DATA) {
    refuse("userData", `at most ${LONGEST_USER_DATA} bytes (User data for Azure Virtual Machine)`);
  }
  if (networkProfile?.networkInterfaceConfigurations && (networkProfile.networkApiVersion ?? "") < "2020-11-01") {
    refuse("networkProfile.networkApiVersion", `a flexible set needs 2020-11-01 or later ${FLEXIBLE}`);
  }
  const image = storageProfile?.imageReference;
  if (image?.publisher && !osProfile) {
    refuse("osProfile", "a marketplace image is generalised and needs one (InvalidParameter)");
  }
  return image?.id ? [...refusals, ...imageRefusals(image.id, osProfile, cloud)] : refusals;
}

/** An image in a gallery; what it is to a machine, its definition says. */
function imageRefusals(id: string, osProfile: Properties | undefined, { resources }: AzureCloud): Refusal[] {
  const property = "virtualMachineProfile.storageProfile.imageReference.id";
  const definition = resources.get(id.replace(/\/versions\/[^/]*$/i, ""));
  if (!definition) return [{ property, reason: `there is no image ${id} (GalleryImageNotFound)` }];
  if ((definition.properties.osState === "Generalized") === (osProfile !== undefined)) return [];
  const reason = `the image is ${definition.properties.osState}: a generalised one needs an osProfile, a specialised one takes none (InvalidParameter)`;
  return [{ property: "virtualMachineProfile.osProfile", reason }];
}

function placeRefusals(settings: ScaleSet, { resources }: AzureCloud): Refusal[] {
  const property = "virtualMachineProfile.networkProfile";
  const missing = (what: string, id: string | undefined, holders: string, parts: string): Refusal[] => {
    if (id === undefined) return [];
    const found = resources
      .list(`Microsoft.Network/${holders}`)
      .flatMap(({ properties }) => (properties[parts] ?? []) as { id?: string }[])
      .some((part) => part.id?.toLowerCase() === id.toLowerCase());
    return found ? [] : [{ property, reason: `there is no ${what} ${id} (InvalidResourceReference)` }];
  };
  return addressesOf(settings).flatMap(({ subnet, loadBalancerBackendAddressPools: pools = [] }) => [
    ...missing("subnet", subnet?.id, "virtualNetworks", "subnets"),
    ...pools.flatMap(({ id }) => missing("backend pool", id, "loadBalancers", "backendAddressPools")),
  ]);
}
