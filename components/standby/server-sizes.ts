/**
 * The sizes that the standby's servers may have, from the one that is set on. Where that is one of the others, it was come
 * to by stepping through them, and those before it had no capacity: so the list only grows shorter, and ends.
 *
 * @param set @example "Standard_D2s_v5"
 * @param others in their order, with a space between them; may be empty @example "Standard_D2as_v5 Standard_D2ds_v5"
 */
export function serverSizes(set: string, others: string): string[] {
  const inOrder = [...new Set(others.split(" ").filter((size) => size !== ""))];
  return [set, ...inOrder.slice(inOrder.indexOf(set) + 1)];
}
