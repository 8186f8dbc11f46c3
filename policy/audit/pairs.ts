import type { Copy } from "./copies/model.ts";
import { closureOf } from "./graph/closure.ts";
import type { Graph } from "./graph/model.ts";
import type { PeopleFile } from "./people/schema.ts";
import type { Reach } from "./reach.ts";
import type { PairReport } from "./report.ts";

/** What two people together can do. */
export interface Pairs {
  /** Pairs who reach every copy of something. */
  all: PairReport[];
  /** Copies that some pair destroys, by name. */
  opened: ReadonlySet<string>;
}

/** What every two people can destroy together: by what each may, and by what one may when another agrees. */
export function pairsOf(
  graph: Graph,
  reach: Reach,
  copies: readonly Copy[],
  data: readonly string[],
  people: PeopleFile,
): Pairs {
  const humans = Object.keys(people.principals).filter((name) => people.principals[name]?.kind === "human");
  const all: PairReport[] = [];
  const opened = new Set<string>();
  const open = openCopies(reach, copies);
  const classes = classesOf(graph, humans);
  for (const [index, one] of humans.entries()) {
    for (const other of humans.slice(index + 1)) {
      const gone = open(classes.powersOf(reach, one, other));
      for (const { name } of gone) opened.add(name);
      const reached = data.filter((what) => copies.every((copy) => !copy.holds.includes(what) || gone.has(copy)));
      if (reached.length > 0) all.push({ people: [one, other], data: reached });
    }
  }
  return { all, opened };
}

/** Which copies are open to whoever has some powers; there are far fewer different powers than pairs. */
function openCopies(reach: Reach, copies: readonly Copy[]): (powers: bigint) => ReadonlySet<Copy> {
  const known = new Map<bigint, ReadonlySet<Copy>>();
  return (powers) => {
    const before = known.get(powers);
    if (before) return before;
    const open = new Set(copies.filter(({ ways }) => ways.some((way) => reach.isOpen(way, powers))));
    known.set(powers, open);
    return open;
  };
}

/** People from whom the same edges lead, and who can themselves do the same, need to be looked at once. */
function classesOf(graph: Graph, humans: readonly string[]) {
  const classOf = new Map<string, string>();
  for (const name of humans) {
    const edges = graph
      .edgesFrom(name)
      .map(({ to, others }) => `${to}\n${others}`)
      .sort();
    classOf.set(name, edges.join("\n\n"));
  }
  const known = new Map<string, bigint>();
  return {
    powersOf(reach: Reach, one: string, other: string): bigint {
      const own = reach.powersOf({
        reached: new Map([
          [one, undefined],
          [other, undefined],
        ]),
        distance: new Map(),
      });
      const key = [classOf.get(one), classOf.get(other)].sort().join("\n\n\n");
      const before = known.get(key);
      if (before !== undefined) return before | own;
      const { reached, distance } = closureOf(graph, [one, other]);
      // The two themselves count only when somebody leads back to them: others of their kinds are others.
      const led = new Set([...reached.keys()].flatMap((id) => graph.edgesFrom(id)).map(({ to }) => to));
      const others = new Map([...reached].filter(([id]) => (id !== one && id !== other) || led.has(id)));
      const powers = reach.powersOf({ reached: others, distance });
      known.set(key, powers);
      return powers | own;
    },
  };
}
