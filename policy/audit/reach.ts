import type { Copy, Probe, Way } from "./copies/model.ts";
import { can } from "./graph/abilities.ts";
import { type Closure, closureOf, wayText, wayTo } from "./graph/closure.ts";
import type { Graph } from "./graph/model.ts";

/** A copy that somebody destroys, and how. */
export interface Destruction {
  copy: Copy;
  way: Way;
  /** From the people to the deed, in words: the shortest there is. */
  path: string;
  /** The same by names, one chain for each who takes a step of it. */
  through: string[][];
}

/** Who can do what by themselves, worked out once for all. */
export class Reach {
  readonly #graph: Graph;
  readonly #able = new Map<Probe, ReadonlySet<string>>();
  /** For each node the probes that it is able to, as bits: unions of many people are then fast. */
  readonly #bits = new Map<string, bigint>();
  readonly #ways = new Map<Way, bigint>();

  constructor(graph: Graph, copies: readonly Copy[]) {
    this.#graph = graph;
    const bits = new Map<Probe, bigint>();
    const same = new Map<string, Probe>();
    for (const way of copies.flatMap(({ ways, starves }) => [...ways, ...starves])) {
      let mask = 0n;
      for (const step of way.steps) {
        // Many ways share their steps; a step is worked out once.
        const key = JSON.stringify(step);
        const known = same.get(key) ?? step;
        same.set(key, known);
        if (!bits.has(known)) {
          bits.set(known, 1n << BigInt(bits.size));
          this.#able.set(known, this.#whoCan(known, bits.get(known) as bigint));
        }
        this.#able.set(step, this.#able.get(known) as ReadonlySet<string>);
        mask |= bits.get(known) as bigint;
      }
      this.#ways.set(way, mask);
    }
  }

  #whoCan(probe: Probe, bit: bigint): ReadonlySet<string> {
    const able = new Set<string>();
    for (const node of this.#graph.nodes.values()) {
      if (!can(node, probe)) continue;
      able.add(node.id);
      this.#bits.set(node.id, (this.#bits.get(node.id) ?? 0n) | bit);
    }
    return able;
  }

  /** All that everybody in a closure can do, as bits. */
  powersOf({ reached }: Closure): bigint {
    let bits = 0n;
    for (const id of reached.keys()) bits |= this.#bits.get(id) ?? 0n;
    return bits;
  }

  /** Whether a way is open to whoever has these powers. */
  isOpen(way: Way, powers: bigint): boolean {
    const mask = this.#ways.get(way) ?? 0n;
    return way.steps.length > 0 && (mask & powers) === mask;
  }

  /** Whether somebody can take a way by themselves, without becoming anybody else. */
  takesAlone(id: string, way: Way): boolean {
    return this.isOpen(way, this.#bits.get(id) ?? 0n);
  }

  /** What some people, alone or together, can destroy: of each copy the shortest way, and of these the soonest. */
  destroyedBy(
    people: readonly string[],
    copies: readonly Copy[],
    ways: (copy: Copy) => readonly Way[] = waysOf,
  ): Destruction[] {
    const closure = closureOf(this.#graph, people);
    const powers = this.powersOf(closure);
    return copies.flatMap((copy) => {
      const open = ways(copy).filter((way) => this.isOpen(way, powers));
      const ranked = open
        .map((way) => ({ way, doers: this.#doers(way, closure) }))
        .map((each) => ({ ...each, length: Math.max(...each.doers.map((id) => closure.distance.get(id) ?? 0)) }))
        .sort((one, other) => one.length - other.length || one.way.days - other.way.days);
      const [best] = ranked;
      return best
        ? [
            {
              copy,
              way: best.way,
              path: this.#pathOf(best.way, best.doers, closure),
              through: best.doers.map((id) => chainTo(closure, id)),
            },
          ]
        : [];
    });
  }

  /** Who takes each step: the one with the shortest way there. */
  #doers(way: Way, { distance }: Closure): string[] {
    const doers = way.steps.map((step) => {
      const able = [...(this.#able.get(step) ?? [])].filter((id) => distance.has(id));
      return able.sort((one, other) => (distance.get(one) ?? 0) - (distance.get(other) ?? 0))[0] ?? "";
    });
    return [...new Set(doers)];
  }

  #pathOf(way: Way, doers: readonly string[], closure: Closure): string {
    const paths = doers.map((id) => {
      const edges = wayTo(closure, id);
      return edges.length === 0 ? id : wayText(edges[0]?.from ?? id, edges);
    });
    const [first = ""] = paths;
    const link =
      paths.length > 1 || !first.includes(" ") || (doers[0] !== undefined && first === doers[0])
        ? " can"
        : ", which can";
    return `${paths.join(", and ")}${link} ${way.what}`;
  }
}

const waysOf = ({ ways }: Copy) => ways;

function chainTo(closure: Closure, id: string): string[] {
  const way = wayTo(closure, id);
  return [way[0]?.from ?? id, ...way.map(({ to }) => to)];
}
