import { ContainerClient } from "@azure/storage-blob";
import { decommission } from "../operations/decommission.ts";
import { type Outcome, openStack, STACKS, type StackName, up, type Watch } from "../operations/stacks.ts";
import { awsRemains } from "./aws/remains.ts";
import { type Resource, takeCensus } from "./census.ts";
import { type Crossing, makeSamples, put, watchCrossing } from "./objects.ts";
import type { Stage } from "./stage.ts";
import type { Step } from "./steps.ts";
import type { Report } from "./tools/run.ts";

/** How long the slowest copy may take, in milliseconds: 200 MiB on two busy cores, several times over. */
const CROSSING_PATIENCE = 120_000;

/**
 * The rehearsal: the real engine deploys the four real stacks on local clouds, objects are put at the
 * primary and must arrive at the standby, and at the end nothing is left.
 */
export class Story {
  readonly #stage: Stage;
  readonly #signal: AbortSignal;
  /** What each stack's first deployment did. */
  readonly #deployed: Outcome[] = [];
  readonly #census: Resource[] = [];
  readonly #crossed: Crossing[] = [];

  constructor(stage: Stage, signal: AbortSignal) {
    this.#stage = stage;
    this.#signal = signal;
  }

  /** What the run came to so far. */
  results(): { resources: Resource[]; crossed: Crossing[] } {
    return { resources: this.#census, crossed: this.#crossed };
  }

  /** The steps in order; each relies on those before it. */
  steps(): Step[] {
    return [
      ...STACKS.map((name) => ({ title: `Deploy stack ${name}`, run: (report: Report) => this.#deploy(name, report) })),
      { title: "Deploy all four again", run: (report) => this.#deployAgain(report) },
      {
        title: "Put objects into the bucket on AWS and watch their copies appear on Azure",
        run: (report) => this.#cross(report),
      },
      { title: "Take all four stacks down", run: (report) => this.#takeDown(report) },
    ];
  }

  async #deploy(name: StackName, report: Report): Promise<string> {
    const outcome = await up(this.#stage.project, name, this.#watch(report));
    const stack = await openStack(this.#stage.project, name);
    const resources = takeCensus(name, await stack.exportStack());
    this.#deployed.push(outcome);
    this.#census.push(...resources);
    const recorded = resources.filter(({ actuated }) => !actuated).length;
    return `${resources.length} resources, ${resources.length - recorded} of them real, ${recorded} only recorded`;
  }

  async #deployAgain(report: Report): Promise<string> {
    for (const name of STACKS) {
      const { changes } = await up(this.#stage.project, name, this.#watch(report));
      const changed = Object.entries(changes).filter(([operation]) => operation !== "same");
      if (changed.length > 0)
        throw new Error(`a second up of ${name} should change nothing, it did ${JSON.stringify(changes)}`);
    }
    return "nothing changed";
  }

  async #cross(report: Report): Promise<string> {
    const signal = this.#signal;
    const samples = makeSamples();
    const bucket = this.#output("prod", "contentBucketName");
    const { s3 } = this.#stage.clouds.aws.connect(this.#output("prod", "region"));
    const container = new ContainerClient(
      new URL(this.#output("dr", "copiesContainerName"), this.#output("dr", "copiesBlobEndpoint")).href,
      this.#stage.clouds.azure.operator(),
    );
    await Promise.all(
      samples.map(async (sample) => {
        await put(s3, bucket, sample, signal);
        report(`put ${sample.key}`);
        this.#crossed.push(await watchCrossing(container, sample, CROSSING_PATIENCE, signal));
        report(`arrived ${sample.key}`);
      }),
    );
    return `${samples.length} arrived, byte for byte`;
  }

  async #takeDown(report: Report): Promise<string> {
    const { aws, azure } = this.#stage.clouds;
    const region = this.#output("prod", "region");
    await decommission(this.#stage.project, this.#watch(report));
    const left = [...(await awsRemains(aws.connect(region))), ...azure.remains()];
    if (left.length > 0) throw new Error(`destroyed stacks should leave nothing, there are left: ${left.join(", ")}`);
    return "both clouds are empty";
  }

  #watch(report: Report): Watch {
    return { report, signal: this.#signal };
  }

  #output(stack: StackName, name: string): string {
    const outcome = this.#deployed.find((one) => one.stack === stack);
    return String(outcome?.outputs[name]?.value);
  }
}
