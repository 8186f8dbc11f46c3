/**
 * What Azure calls it when it has no room for a size, in a region or in the zones that were asked for ("Resolve errors
 * for SKU not available"; "Troubleshoot allocation failures when you create, restart, or resize VMs in Azure").
 */
const NO_ROOM = [
  "SkuNotAvailable",
  "AllocationFailed",
  "ZonalAllocationFailed",
  "OverconstrainedAllocationRequest",
  "OverconstrainedZonalAllocationRequest",
];

/**
 * How it says that the quota of processors is used up, of a family of sizes or of the whole region. The codes tell less:
 * QuotaExceeded and OperationNotAllowed also stand for much else ("Resolve errors for resource quotas"; "QuotaExceeded
 * error when scaling virtual machine scale sets").
 */
const NO_QUOTA = /exceeding (approved [\w\s]*(cores|vcpus) quota|quota limits of core\b)/i;

/**
 * Whether something failed because there are no servers of the size to be had, so that another size may do. A quota of
 * processors counts: each family of sizes has one of its own. That of the region is shared by all, and only a smaller
 * size helps; to try costs seconds, for Azure refuses before it makes anything.
 *
 * @param message what Azure said, through whichever tool
 */
export function outOfCapacity(message: string): boolean {
  return new RegExp(`\\b(${NO_ROOM.join("|")})\\b`, "i").test(message) || NO_QUOTA.test(message);
}

/**
 * The size to try after one.
 *
 * @param sizes in their order @example ["Standard_D2s_v5", "Standard_D2as_v5"]
 * @returns undefined where there is none left, or the size is none of them
 */
export function nextSize(sizes: readonly string[], now: string): string | undefined {
  const at = sizes.indexOf(now);
  return at < 0 ? undefined : sizes[at + 1];
}
