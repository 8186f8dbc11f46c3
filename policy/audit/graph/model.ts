import type { Assignment } from "../azure/evaluate.ts";
import type { AwsIdentity } from "../iam/evaluate.ts";

/** Somebody, or something that somebody can become. */
export interface Node {
  id: string;
  /** `power` for what is nobody's name: the root user of an account, the owner of a subscription, a state. */
  kind: "human" | "pipeline" | "machine" | "power";
  /** Whether the stacks made it; else it is of the people file. */
  registered?: boolean;
  aws: readonly AwsIdentity[];
  azure: readonly Assignment[];
}

/** That one can become another. */
export interface Edge {
  from: string;
  to: string;
  /** How, as it follows the one's name and precedes the other's. @example "administers" */
  how: string;
  /** How many others have to agree first. */
  others: number;
}

/** Nodes and edges, as they are found. */
export class Graph {
  readonly nodes = new Map<string, Node>();
  readonly #edges = new Map<string, Edge[]>();
  readonly #known = new Set<string>();

  add(node: Node): void {
    this.nodes.set(node.id, node);
  }

  /** Adds an edge, unless there is one that asks for no more. */
  connect(from: string, to: string, how: string, others = 0): void {
    const key = `${from}\n${to}\n${others}`;
    if (from === to || this.#known.has(key)) return;
    this.#known.add(key);
    const edges = this.#edges.get(from);
    const edge = { from, to, how, others };
    if (edges) edges.push(edge);
    else this.#edges.set(from, [edge]);
  }

  edgesFrom(id: string): readonly Edge[] {
    return this.#edges.get(id) ?? [];
  }

  get edges(): Edge[] {
    return [...this.#edges.values()].flat();
  }
}
