import type { ResourceManager } from "./resource-manager.ts";

/** How many processors of a kind a subscription may have in a region. */
interface Quota {
  name: string;
  localizedName: string;
  limit: number;
  /** What a server counts among it, by its size; those of every size where it is of all. */
  sizes: RegExp;
}

/** The quotas of the local subscription, with Azure's names ("Usage - List"): those of the sizes that people begin with. */
const QUOTAS: readonly Quota[] = [
  { name: "cores", localizedName: "Total Regional vCPUs", limit: 350, sizes: /./ },
  { name: "standardBSFamily", localizedName: "Standard BS Family vCPUs", limit: 100, sizes: /^Standard_B\d+[a-z]*$/i },
  {
    name: "standardDSv5Family",
    localizedName: "Standard DSv5 Family vCPUs",
    limit: 100,
    sizes: /^Standard_D\d+s_v5$/i,
  },
  {
    name: "standardDASv5Family",
    localizedName: "Standard DASv5 Family vCPUs",
    limit: 100,
    sizes: /^Standard_D\d+as_v5$/i,
  },
  {
    name: "standardDDSv5Family",
    localizedName: "Standard DDSv5 Family vCPUs",
    limit: 100,
    sizes: /^Standard_D\d+ds_v5$/i,
  },
  {
    name: "standardESv5Family",
    localizedName: "Standard ESv5 Family vCPUs",
    limit: 100,
    sizes: /^Standard_E\d+s_v5$/i,
  },
];

/** How much of each quota the scale sets of a region use. */
export function usagesOf(resources: ResourceManager, location: string): object[] {
  const sets = resources
    .list("Microsoft.Compute/virtualMachineScaleSets")
    .filter(({ properties }) => shortName(properties.location) === shortName(location))
    .map(({ properties }) => properties.sku as { name: string; capacity?: number });
  return QUOTAS.map(({ name, localizedName, limit, sizes }) => {
    const counted = sets.filter(({ name: size }) => sizes.test(size));
    const currentValue = counted.reduce((sum, sku) => sum + processorsOf(sku.name) * (sku.capacity ?? 0), 0);
    return { unit: "Count", currentValue, limit, name: { value: name, localizedValue: localizedName } };
  });
}

/** A region may be given by the name that people read: "West Europe" is `westeurope`. */
function shortName(location: unknown): string {
  return String(location).replaceAll(" ", "").toLowerCase();
}

function processorsOf(size: string): number {
  return Number(/^Standard_[A-Z]+(\d+)/i.exec(size)?.[1] ?? 0);
}
