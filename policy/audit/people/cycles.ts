import type { PeopleFile } from "./schema.ts";

/** Rings of principals each of which can become the next: in them nobody can be told from anybody. */
export function cyclesIn({ principals }: Pick<PeopleFile, "principals">): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const visit = (name: string, trail: string[]): void => {
    const start = trail.indexOf(name);
    if (start >= 0) {
      cycles.push(trail.slice(start));
      return;
    }
    if (done.has(name)) return;
    for (const next of principals[name]?.canBecome ?? []) visit(next, [...trail, name]);
    done.add(name);
  };
  for (const name of Object.keys(principals)) visit(name, []);
  return cycles;
}
