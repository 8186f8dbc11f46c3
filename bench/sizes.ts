import type { Wish } from "./arguments.ts";

/** The parts of a bench that measures one thing at several sizes: a part for each, a quick run only the first. */
export function partsIn(sizes: readonly { name: string }[], quick: boolean): string[] {
  return (quick ? sizes.slice(0, 1) : sizes).map(({ name }) => name);
}

/** Of these sizes, those that somebody wishes to have measured. */
export function sizesIn<T extends { name: string }>(sizes: readonly T[], { only, quick }: Wish): T[] {
  const parts = partsIn(sizes, quick);
  return sizes.filter(({ name }) => parts.includes(name) && (only.length === 0 || only.includes(name)));
}
