import type { Listed, State } from "../../lambdas/objects/store.ts";
import { stateWith } from "./states.ts";

/** A side in memory that can be listed and looked at, in whatever order it lists. */
export class ListedSide {
  readonly states = new Map<string, State>();
  /** Keys that were looked at, in turn. */
  readonly looks: string[] = [];
  /** Is called before each entry of a listing. */
  before: (key: string) => void = () => {};
  readonly #order: (one: string, other: string) => number;

  constructor(order: (one: string, other: string) => number = byBytes) {
    this.#order = order;
  }

  put(key: string, more: Partial<State> = {}): State {
    const state = stateWith(more);
    this.states.set(key, state);
    return state;
  }

  async look(key: string): Promise<State | undefined> {
    this.looks.push(key);
    return this.states.get(key);
  }

  async *list(prefix: string): AsyncGenerator<Listed> {
    const keys = [...this.states.keys()].filter((key) => key.startsWith(prefix)).sort(this.#order);
    for (const key of keys) {
      this.before(key);
      const state = this.states.get(key);
      const md5 = state?.checksum?.algorithm === "md5" ? state.checksum.value : undefined;
      if (state) yield { key, ...state, md5 };
    }
  }
}

/** How S3 orders keys. */
export function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
