/** A size of MySQL Flexible Server with the tier that has it: D sizes are general purpose, E sizes memory optimised. */
export function databaseSize(sku: string): { sku: string; tier: "GeneralPurpose" | "MemoryOptimized" } {
  return { sku, tier: sku.startsWith("Standard_E") ? "MemoryOptimized" : "GeneralPurpose" };
}
