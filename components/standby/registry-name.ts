/**
 * A container registry's name: Azure wants 5 to 50 letters and digits, unique among all registries of the world, since it
 * is a part of where they answer ("Naming rules and restrictions for Azure resources").
 *
 * @param workload short name of the workload @example "shop"
 * @param suffix lowercase letters and digits that make it unique
 */
export function registryName(workload: string, suffix: string): string {
  return `${workload.replaceAll("-", "")}${suffix}`;
}
