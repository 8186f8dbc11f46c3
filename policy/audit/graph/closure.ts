import type { Edge, Graph } from "./model.ts";

/** Everybody whom some people together can be, with the way there. */
export interface Closure {
  /** How each was reached first: the last edge of a shortest way; none for the people themselves. */
  reached: ReadonlyMap<string, Edge | undefined>;
  /** How many edges away each is. */
  distance: ReadonlyMap<string, number>;
}

/**
 * Whom some people can become, alone or together. What asks for the consent of others is open to as many as consent:
 * two people can do what one may do with the agreement of one other.
 */
export function closureOf(graph: Graph, people: readonly string[]): Closure {
  const reached = new Map<string, Edge | undefined>(people.map((name) => [name, undefined]));
  const distance = new Map(people.map((name) => [name, 0]));
  const queue = [...people];
  for (let place = 0; place < queue.length; place += 1) {
    const from = queue[place] as string;
    for (const edge of graph.edgesFrom(from)) {
      if (edge.others >= people.length || reached.has(edge.to)) continue;
      reached.set(edge.to, edge);
      distance.set(edge.to, (distance.get(from) ?? 0) + 1);
      queue.push(edge.to);
    }
  }
  return { reached, distance };
}

/** The way to somebody, edge by edge. */
export function wayTo({ reached }: Closure, id: string): Edge[] {
  const way: Edge[] = [];
  for (let edge = reached.get(id); edge; edge = reached.get(edge.from)) way.unshift(edge);
  return way;
}

/** A way in words. @example "ci-administrator administers deploy-dr" */
export function wayText(start: string, way: readonly Edge[]): string {
  return way.reduce((text, { how, to }, index) => `${text}${index === 0 ? " " : ", which "}${how} ${to}`, start);
}
