/**
 * A key vault's name: Azure wants 3 to 24 letters, digits and single hyphens, a letter first and no hyphen last,
 * unique among all vaults of the world ("Naming rules and restrictions for Azure resources").
 *
 * @param workload short name of the workload, which begins with a letter; cut where room ends @example "shop"
 * @param suffix lowercase letters and digits that make it unique; never cut
 */
export function vaultName(workload: string, suffix: string): string {
  const readable = workload.slice(0, 23 - suffix.length).replace(/-$/, "");
  return `${readable}-${suffix}`;
}
