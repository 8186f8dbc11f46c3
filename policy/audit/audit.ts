import { checkTogether } from "./checks.ts";
import { Estate, type UnreadResource } from "./copies/estate.ts";
import { findCopies } from "./copies/find.ts";
import type { Copy, Fault } from "./copies/model.ts";
import { buildGraph } from "./graph/build.ts";
import type { Graph, Node } from "./graph/model.ts";
import { pairsOf } from "./pairs.ts";
import type { Unread } from "./people/read.ts";
import type { PeopleFile } from "./people/schema.ts";
import { type Destruction, Reach } from "./reach.ts";
import type { ActorReport, AuditReport, PairReport, Problem } from "./report.ts";
import type { AuditResource } from "./resources.ts";

/** What the audit goes by. */
export interface AuditInput {
  people: PeopleFile;
  /** Resources of all stacks that are at hand. */
  resources: readonly AuditResource[];
  /** What could not be read of the people file. */
  unread?: readonly Unread[];
  /** Whether copies of stacks that are not at hand were put among the resources, and so must be told as such. */
  assumed?: ReadonlySet<string>;
}

/** The audit, with what a policy needs to tell apart besides. */
export interface Audit extends AuditReport {
  unread: UnreadResource[];
}

/**
 * Whether no single person, and no single machine, can destroy every copy of anything.
 *
 * Nothing of it asks a cloud: it goes by the people file and by what the engine registered.
 */
export function audit({ people, resources, unread = [], assumed = new Set() }: AuditInput): Audit {
  const estate = new Estate(resources, people, assumed.size > 0);
  const found = findCopies(estate);
  const copies = found.copies.map((copy) => (assumed.has(copy.stack) ? { ...copy, assumed: true } : copy));
  const graph = buildGraph(estate);
  const reach = new Reach(graph, copies);
  const data = [...new Set(copies.flatMap(({ holds }) => holds))].sort();

  const actors = [...graph.nodes.values()].filter(isActor).map((node) => actorOf(node, reach, copies));
  const pairs = pairsOf(graph, reach, copies, data, people);
  const faults = [
    ...found.faults.filter(({ urn }) => !isAssumed(urn, copies)),
    ...checkTogether(estate, graph, copies, reach),
  ];
  const problems = [
    ...actors.flatMap((actor) => reachesAll(actor, copies, data)),
    ...noCopies(data),
    ...faults.map(problemOf),
  ];
  const all = [...unread.map((each) => ({ ...each, pending: false })), ...estate.unread];
  return {
    passed: problems.length === 0 && all.length === 0,
    data,
    copies: copies.map((copy) => ({ ...reportOf(copy), people: fewest(copy, actors, pairs.opened) })),
    actors,
    pairs: pairs.all,
    problems,
    unread: all,
    graph: graph.edges,
  };
}

type Actor = Node & { kind: ActorReport["kind"] };

const isActor = (node: Node): node is Actor => node.kind !== "power";

function isAssumed(urn: string | undefined, copies: readonly Copy[]): boolean {
  return copies.some((copy) => copy.assumed && copy.id === urn);
}

function actorOf({ id, kind, registered = false }: Actor, reach: Reach, copies: readonly Copy[]): ActorReport {
  const destroyed = reach.destroyedBy([id], copies);
  const gone = new Set(destroyed.map(({ copy }) => copy));
  const starved = reach.destroyedBy([id], copies, ({ starves }) => starves);
  return {
    name: id,
    kind,
    registered,
    destroys: destroyed.map(destructionOf),
    survive: copies.filter((copy) => !gone.has(copy)).map(({ name }) => name),
    starves: starved.filter(({ copy }) => !gone.has(copy)).map(({ copy }) => copy.name),
  };
}

function destructionOf({ copy, way, path, through }: Destruction): ActorReport["destroys"][number] {
  return { copy: copy.name, cause: way.cause, what: way.what, days: way.days, path, through };
}

function reachesAll(
  { name, kind, destroys }: ActorReport,
  copies: readonly Copy[],
  data: readonly string[],
): Problem[] {
  return data.flatMap((what) => {
    const of = copies.filter(({ holds }) => holds.includes(what));
    const ways = of.map((copy) => destroys.find((each) => each.copy === copy.name));
    if (!ways.every((way) => way !== undefined)) return [];
    const mends = of.flatMap((copy) =>
      copy.ways.filter(({ cause, what }) => ways.some((way) => way.cause === cause && way.what === what)),
    );
    return [
      {
        rule: kind === "human" ? "one-person-reaches-all" : `one-${kind}-reaches-all`,
        subject: name,
        what: `reaches every copy of ${what}`,
        paths: ways.map(
          ({ copy, path, days }) => `${copy}: ${path}${days > 0 ? ` (gone for good after ${days} days)` : ""}`,
        ),
        causes: [...new Set(ways.map(({ cause }) => cause))],
        mend: `close one of these ways: ${[...new Set(mends.map(({ mend }) => mend))].join("; or ")}`,
      },
    ];
  });
}

/** An audit of nothing proves nothing. */
function noCopies(data: readonly string[]): Problem[] {
  if (data.length > 0) return [];
  const mend = "give it the states of the stacks that hold data: prod, dr and link";
  return [{ rule: "no-copies", subject: "the stacks", what: "show no copy of anything", paths: [], causes: [], mend }];
}

function problemOf({ rule, subject, what, mend, urn }: Fault): Problem {
  return { rule, subject, what, paths: [], causes: [], mend, ...(urn && { urn }) };
}

function reportOf({ name, stack, kind, cloud, place, holds, lock, assumed = false }: Copy) {
  return { name, stack, kind, cloud, place, holds: [...holds], lock, assumed };
}

/** How many people of the people file destroy a copy. */
function fewest({ name }: Copy, actors: readonly ActorReport[], byPairs: ReadonlySet<string>): 1 | 2 | null {
  const alone = actors.some(({ kind, destroys }) => kind === "human" && destroys.some(({ copy }) => copy === name));
  if (alone) return 1;
  return byPairs.has(name) ? 2 : null;
}

export type { Graph, PairReport };
