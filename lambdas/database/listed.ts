/** How many names a sentence may hold. */
const MOST_NAMES = 5;

/** @example "shop.a, shop.b, shop.c, shop.d, shop.e and 7 more" */
export function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more > 1 ? `${names.slice(0, MOST_NAMES).join(", ")} and ${more} more` : names.join(", ");
}
