import { setTimeout as delay } from "node:timers/promises";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { ContainerClient } from "@azure/storage-blob";
import type { OutputMap, Stack } from "@pulumi/pulumi/automation/index.js";
import type { StandbyPlan } from "../components/standby/standby-plan.ts";
import { BlobClient } from "../lambdas/objects/blob-client.ts";
import { BlobStore } from "../lambdas/objects/blob-store.ts";
import { S3Store } from "../lambdas/objects/s3-store.ts";
import { Control } from "../operations/database/control.ts";
import { decommission } from "../operations/decommission.ts";
import { openStack, STACKS, type StackName, up, type Watch } from "../operations/stacks.ts";
import { awsRemains } from "./aws/remains.ts";
import { type Resource, takeCensus } from "./census.ts";
import { type Dumped, dumpNow, untilLoaded } from "./database.ts";
import { type Crossing, makeSamples, put, untilAgreed, watchCrossing } from "./objects.ts";
import { type Answer, askSite, type Site } from "./serving.ts";
import type { Stage } from "./stage.ts";
import type { Step } from "./steps.ts";
import type { Report } from "./tools/run.ts";

/** How long the slowest copy may take, in milliseconds: 200 MiB on two busy cores, several times over. */
const CROSSING_PATIENCE = 120_000;

/** How long the standby may take from a dump's end until it is loaded, in milliseconds: its server has to start and stop. */
const LOADING_PATIENCE = 180_000;

/** The controller's one function. */
const CONTROLLER = "standby-controller";

/** How long the primary may take until its servers are well, in milliseconds: they were started minutes ago. */
const WELL_AT_ONCE = 30_000;

/** How long the standby may take to serve, or to settle, after its `up`: a run of the controller comes each minute. */
const WAKING_PATIENCE = 120_000;
const SETTLING_PATIENCE = 120_000;

/**
 * The rehearsal: the real engine deploys the four real stacks on local clouds, objects are put at the
 * primary and must arrive at the standby, and at the end nothing is left.
 */
export class Story {
  readonly #stage: Stage;
  readonly #signal: AbortSignal;
  readonly #stacks: Partial<Record<StackName, Stack>> = {};
  readonly #outputs: Partial<Record<StackName, OutputMap>> = {};
  readonly #census: Resource[] = [];
  readonly #crossed: Crossing[] = [];
  readonly #answers: Answer[] = [];
  /** Texts of the rows that the primary's users wrote. */
  readonly #written: string[] = [];
  #dumped: Dumped | undefined;

  constructor(stage: Stage, signal: AbortSignal) {
    this.#stage = stage;
    this.#signal = signal;
  }

  /** What the run came to so far. */
  results(): { resources: Resource[]; crossed: Crossing[]; answers: Answer[] } {
    return { resources: this.#census, crossed: this.#crossed, answers: this.#answers };
  }

  /** The steps in order; each relies on those before it. */
  steps(): Step[] {
    return [
      ...STACKS.map((name) => ({ title: `Deploy stack ${name}`, run: (report: Report) => this.#deploy(name, report) })),
      { title: "Deploy all four again", run: (report) => this.#deployAgain(report) },
      { title: "Carry objects from AWS to Azure", run: (report) => this.#cross(report) },
      { title: "Change and delete objects, and compare both sides", run: (report) => this.#compare(report) },
      { title: "Ask the primary what its users would", run: () => this.#ask("primary", WELL_AT_ONCE) },
      { title: "Wait until the standby is as planned", run: (report) => this.#untilAsPlanned(report) },
      { title: "Dump the primary's database, as each night", run: (report) => this.#dump(report) },
      { title: "Load the dump at the standby", run: (report) => this.#load(report) },
      { title: "Begin a drill: wake the standby", run: (report) => this.#setDrill(true, report) },
      { title: "Ask the standby what its users would", run: () => this.#ask("standby", WAKING_PATIENCE) },
      { title: "End the drill: let the standby go back", run: (report) => this.#endDrill(report) },
      { title: "Take all four stacks down", run: (report) => this.#takeDown(report) },
    ];
  }

  async #deploy(name: StackName, report: Report): Promise<string> {
    const stack = await openStack(this.#stage.project, name);
    this.#stacks[name] = stack;
    this.#outputs[name] = (await up(stack, this.#watch(report))).outputs;
    const resources = takeCensus(name, await stack.exportStack());
    this.#census.push(...resources);
    const recorded = resources.filter(({ actuated }) => !actuated).length;
    return `${resources.length - recorded} resources real, ${recorded} only recorded`;
  }

  async #deployAgain(report: Report): Promise<string> {
    // Side by side: each has a state of its own, and none has anything left to do.
    await Promise.all(
      Object.values(this.#stacks).map(async (stack) => {
        const { changes } = await up(stack, this.#watch(report));
        if (Object.keys(changes).some((operation) => operation !== "same")) {
          throw new Error(`a second up of ${stack.name} should change nothing, it did ${JSON.stringify(changes)}`);
        }
      }),
    );
    return "nothing changed";
  }

  async #cross(report: Report): Promise<string> {
    const signal = this.#signal;
    const declared = this.#output("dr", "declaredDisaster");
    if (declared !== "none") {
      throw new Error(
        `Pulumi.dr.yaml declares the disaster "${declared}", so the replicator may be fenced and nothing would cross; ` +
          "rehearse with multicloud-dr:declareDisaster: none",
      );
    }
    const samples = makeSamples();
    const { s3, bucket, container } = this.#content();
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

  /** Changes an object, deletes another, and waits until a scan of both sides finds them in agreement. */
  async #compare(report: Report): Promise<string> {
    const { s3, bucket, container, operator } = this.#content();
    const [, changed, , deleted] = makeSamples();
    if (!changed || !deleted) throw new Error("the rehearsal has too few objects");
    await put(s3, bucket, { ...changed, body: Buffer.from("changed") }, this.#signal);
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: deleted.key }));
    const copies = new BlobStore(new BlobClient(container.url, operator));
    const { agreeing, digest } = await untilAgreed(new S3Store(s3, bucket), copies, report, this.#signal);
    return `${agreeing} objects agree, digest ${digest.source.slice(0, 16)} on both sides`;
  }

  /** The content at both sides. */
  #content() {
    const bucket = this.#output("prod", "contentBucketName");
    const { s3 } = this.#stage.clouds.aws.connect(this.#output("prod", "region"));
    const url = new URL(this.#output("dr", "copiesContainerName"), this.#output("dr", "copiesBlobEndpoint"));
    const operator = this.#stage.clouds.azure.operator();
    return { s3, bucket, operator, container: new ContainerClient(url.href, operator) };
  }

  async #dump(report: Report): Promise<string> {
    const { sfn } = this.#stage.clouds.aws.connect(this.#output("prod", "region"));
    this.#dumped = await dumpNow(sfn, this.#output("link", "dumpMachineArn"), report, this.#signal);
    return `${this.#dumped.rows} rows in ${this.#dumped.chunks} chunks, and the replica is gone`;
  }

  /** Has the standby take the dump, where it follows dumps: another has no server yet, or one that follows the primary. */
  async #load(report: Report): Promise<string> {
    const { database } = this.#plan();
    if (database.follows !== "dumps") return "not before a disaster: nothing follows the dumps here";
    const { azure } = this.#stage.clouds;
    const controller = azure.functionApp(this.#output("dr", "controllerName"));
    const container = new ContainerClient(this.#output("dr", "controlEndpoint"), azure.operator());
    const seconds = await untilLoaded(
      new Control(container),
      this.#dumped?.dump ?? "",
      () => controller.wake(CONTROLLER),
      LOADING_PATIENCE,
      report,
      this.#signal,
    );
    await this.#untilAsPlanned(report);
    return `started, loaded, verified and stopped in ${seconds.toFixed(1)} s`;
  }

  /** @param patience how long the site may take to be well, in milliseconds */
  async #ask(name: Site["name"], patience: number): Promise<string> {
    const output = (key: string) => this.#output(name === "primary" ? "prod" : "dr", key);
    const site: Site = {
      name,
      appName: output("appName"),
      appHost: output("appHost"),
      contentName: output("contentName"),
      contentHost: output("contentHost"),
      healthPath: output("healthPath"),
    };
    const [item] = makeSamples();
    if (!item) throw new Error("the rehearsal has no object to ask for");
    // What the primary's users wrote before the dump is at the standby too.
    const known = { item, written: [...this.#written] };
    const answers = await askSite(this.#stage.clouds.fetch, site, known, patience, this.#signal);
    if (name === "primary") this.#written.push(`written at the ${name}`);
    this.#answers.push(...answers);
    return `${answers.length} good answers`;
  }

  async #setDrill(drill: boolean, report: Report): Promise<string> {
    const stack = this.#stacks.dr as Stack;
    await stack.setConfig("multicloud-dr:drill", { value: String(drill) });
    const { changes, outputs } = await up(stack, this.#watch(report));
    this.#outputs.dr = outputs;
    return Object.entries(changes)
      .filter(([operation]) => operation !== "same")
      .map(([operation, count]) => `${count} ${operation}`)
      .join(", ");
  }

  async #endDrill(report: Report): Promise<string> {
    const changed = await this.#setDrill(false, report);
    await this.#untilAsPlanned(report);
    return changed;
  }

  /** Waits until as many servers and databases of the standby run as the plan says, and no more. */
  async #untilAsPlanned(report: Report): Promise<string> {
    const { servers, database } = this.#plan();
    const planned = { machines: servers.min, databases: ["running", "promoted"].includes(database.state) ? 1 : 0 };
    const started = performance.now();
    for (;;) {
      const { machines, databases } = this.#stage.clouds.azure.running();
      const found = `${machines} servers and ${databases} databases run`;
      if (machines === planned.machines && databases === planned.databases) return found;
      report(found);
      if (performance.now() - started > SETTLING_PATIENCE) {
        throw new Error(`expected ${planned.machines} servers and ${planned.databases} databases to run, ${found}`);
      }
      await delay(250, undefined, { signal: this.#signal });
    }
  }

  #plan(): StandbyPlan {
    const plan: StandbyPlan | undefined = this.#outputs.dr?.plan?.value;
    if (plan) return plan;
    throw new Error("stack dr tells no plan");
  }

  async #takeDown(report: Report): Promise<string> {
    const { aws, azure } = this.#stage.clouds;
    const region = this.#output("prod", "region");
    await decommission(this.#stacks as Record<StackName, Stack>, this.#watch(report));
    const left = [...(await awsRemains(aws.connect(region))), ...azure.remains()];
    // RDS takes one when an instance is deleted; whoever decommissions for good deletes it by hand.
    const [snapshots, others] = partition(left, (what) => what.startsWith("database snapshot "));
    if (others.length > 0)
      throw new Error(`destroyed stacks should leave nothing, there are left: ${others.join(", ")}`);
    return `both clouds are empty, but for the ${snapshots.join(", ")}`;
  }

  #watch(report: Report): Watch {
    return { report, signal: this.#signal };
  }

  #output(stack: StackName, name: string): string {
    return String(this.#outputs[stack]?.[name]?.value);
  }
}

function partition<T>(all: T[], test: (one: T) => boolean): [T[], T[]] {
  return [all.filter(test), all.filter((one) => !test(one))];
}
