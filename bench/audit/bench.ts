import { table } from "../../operations/table.ts";
import { audit } from "../../policy/audit/audit.ts";
import type { Step } from "../../rehearsal/steps.ts";
import type { Wish } from "../arguments.ts";
import { whole } from "../numbers.ts";
import { partsIn, sizesIn } from "../sizes.ts";
import { median } from "../statistics.ts";
import { peopleOf, resourcesOf, SIZES, type Size } from "./estate.ts";

/** What an audit of a size took. */
export interface Figures extends Size {
  /** The first in this process, before anything is compiled. */
  firstMilliseconds: number;
  /** The middle of all. */
  milliseconds: number;
  copies: number;
  /** Pairs of people that were looked at. */
  pairs: number;
}

/** What the bench came to. */
export interface Results {
  sizes: Figures[];
}

/** Every part that there is. */
export function partsOf(quick: boolean): string[] {
  return partsIn(SIZES, quick);
}

/** The bench of the deletion-proof audit, in steps that each fill in more of the results. */
export class AuditBench {
  readonly results: Results = { sizes: [] };
  readonly #wish: Wish;

  constructor(wish: Wish) {
    this.#wish = wish;
  }

  steps(): Step[] {
    return sizesIn(SIZES, this.#wish).map((size) => ({
      title: `Audit ${size.resources} resources and ${size.principals} principals`,
      run: async () => this.#measure(size),
    }));
  }

  #measure(size: Size): string {
    const [people, resources] = [peopleOf(size), resourcesOf(size)];
    const times: number[] = [];
    let copies = 0;
    for (let run = 0; run < this.#wish.runs; run += 1) {
      const started = performance.now();
      copies = audit({ people, resources }).copies.length;
      times.push(performance.now() - started);
    }
    const humans = Object.values(people.principals).filter(({ kind }) => kind === "human").length;
    const milliseconds = median(times);
    const pairs = (humans * (humans - 1)) / 2;
    this.results.sizes.push({ ...size, firstMilliseconds: times[0] ?? 0, milliseconds, copies, pairs });
    return `${whole(milliseconds)} ms`;
  }
}

/** The results for people. */
export function renderAudits({ sizes }: Results): string {
  return table(
    "The deletion-proof audit",
    ["", "resources", "principals", "copies", "pairs", "first, ms", "median, ms"],
    sizes.map(({ name, resources, principals, copies, pairs, firstMilliseconds, milliseconds }) => [
      name,
      ...[resources, principals, copies, pairs, firstMilliseconds, milliseconds].map(whole),
    ]),
  );
}
