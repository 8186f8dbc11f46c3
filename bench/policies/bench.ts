import { fileURLToPath } from "node:url";
import { table } from "../../operations/table.ts";
import type { Step } from "../../rehearsal/steps.ts";
import type { Wish } from "../arguments.ts";
import { resourcesOf } from "../audit/estate.ts";
import { whole } from "../numbers.ts";
import { partsIn, sizesIn } from "../sizes.ts";
import { median } from "../statistics.ts";
import { PackProcess } from "./pack-process.ts";

/** What a preview with the pack takes more than one without. */
export interface Figures {
  name: string;
  resources: number;
  /** From its start until it listens. */
  startMilliseconds: number;
  /** From the first resource to the last answer. */
  askMilliseconds: number;
  /** Processor's time of the pack, for both. */
  cpuMilliseconds: number;
}

/** What the bench came to. */
export interface Results {
  sizes: Figures[];
}

/** As many as a stack of this project has, and as many as a large one. */
const SIZES = [
  { name: "stack", resources: 150 },
  { name: "large", resources: 500 },
];
const PACK = fileURLToPath(new URL("../../policy", import.meta.url));

/** Every part that there is. */
export function partsOf(quick: boolean): string[] {
  return partsIn(SIZES, quick);
}

/** The bench of the policy pack: started and asked as the engine does it. */
export class PolicyBench {
  readonly results: Results = { sizes: [] };
  readonly #wish: Wish;

  constructor(wish: Wish) {
    this.#wish = wish;
  }

  steps(): Step[] {
    return sizesIn(SIZES, this.#wish).map((size) => ({
      title: `Ask the pack of ${size.resources} resources`,
      run: () => this.#measure(size),
    }));
  }

  async #measure({ name, resources: count }: (typeof SIZES)[number]): Promise<string> {
    const resources = resourcesOf({ name, resources: count, principals: 0 });
    const [starts, asks, cpu]: [number[], number[], number[]] = [[], [], []];
    for (let run = 0; run < this.#wish.runs; run += 1) {
      const started = performance.now();
      const pack = await PackProcess.start(PACK);
      const listening = performance.now();
      try {
        await pack.preview(resources);
        starts.push(listening - started);
        asks.push(performance.now() - listening);
        cpu.push(pack.cpuSeconds * 1000);
      } finally {
        pack.stop();
      }
    }
    const [startMilliseconds, askMilliseconds, cpuMilliseconds] = [starts, asks, cpu].map(median) as [
      number,
      number,
      number,
    ];
    this.results.sizes.push({ name, resources: count, startMilliseconds, askMilliseconds, cpuMilliseconds });
    return `${whole(startMilliseconds + askMilliseconds)} ms`;
  }
}

/** The results for people. */
export function renderPolicies({ sizes }: Results): string {
  return table(
    "The policy pack",
    ["", "resources", "start, ms", "ask, ms", "processor, ms"],
    sizes.map(({ name, resources, startMilliseconds, askMilliseconds, cpuMilliseconds }) => [
      name,
      ...[resources, startMilliseconds, askMilliseconds, cpuMilliseconds].map(whole),
    ]),
  );
}
