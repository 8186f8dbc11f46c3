import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { BlobClient } from "../lambdas/objects/blob-client.ts";
import { BlobStore } from "../lambdas/objects/blob-store.ts";
import { S3Store } from "../lambdas/objects/s3-store.ts";
import { readPeopleFile } from "../operations/audit/run.ts";
import { STACKS } from "../operations/stacks.ts";
import { audit } from "../policy/audit/audit.ts";
import { verdictOf } from "../policy/audit/render/text.ts";
import type { AuditReport } from "../policy/audit/report.ts";
import { type Dumped, dumpNow, untilFollowing, untilLoaded } from "./database.ts";
import type { Deployment } from "./deployment.ts";
import { type Crossing, makeSamples, put, untilAgreed, watchCrossing } from "./objects.ts";
import { crossSecrets } from "./secrets.ts";
import { type Answer, askSite, type Site } from "./serving.ts";
import type { Step } from "./steps.ts";
import type { Report } from "./tools/run.ts";

/** How long the slowest copy may take, in milliseconds: 200 MiB on two busy cores, several times over. */
const CROSSING_PATIENCE = 120_000;

/** How long the standby may take from a dump's end until it is loaded, in milliseconds: its server has to start and stop. */
const LOADING_PATIENCE = 180_000;

/** How long the standby may take until it follows, in milliseconds: a load, what Azure prepares, and some heartbeats. */
const FOLLOWING_PATIENCE = 300_000;

/** The controller's one function. */
const CONTROLLER = "standby-controller";

/** How long the primary may take until its servers are well, in milliseconds: they were started minutes ago. */
const WELL_AT_ONCE = 30_000;

/** How long the standby may take to settle, in milliseconds: a run of the controller comes each minute. */
const SETTLING_PATIENCE = 120_000;

/**
 * What comes before any disaster: the real engine deploys the four real stacks on local clouds, objects are put at the
 * primary and must arrive at the standby, its users write rows, and the standby takes the night's dump.
 */
export class Story {
  readonly #deployment: Deployment;
  readonly #signal: AbortSignal;
  readonly #crossed: Crossing[] = [];
  readonly #answers: Answer[] = [];
  /** Texts of the rows that the primary's users wrote. */
  readonly #written: string[] = [];
  #dumped: Dumped | undefined;
  #audit: AuditReport | undefined;

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
    this.#signal = deployment.signal;
  }

  /** What the run came to so far. */
  results(): { crossed: Crossing[]; answers: Answer[]; audit: AuditReport | undefined } {
    return { crossed: this.#crossed, answers: this.#answers, audit: this.#audit };
  }

  /** Both sites, deployed; each step relies on those before it. */
  deploying(): Step[] {
    return STACKS.map((name) => ({
      title: `Deploy stack ${name}`,
      run: (report: Report) => this.#deployment.deploy(name, report),
    }));
  }

  /** That they are whole: nothing changes at a second `up`, objects of every kind cross, and the primary answers. */
  proving(): Step[] {
    return [
      { title: "Deploy all four again", run: (report) => this.#deployment.deployAgain(report) },
      { title: "Audit who could delete every copy", run: () => this.#auditCopies() },
      { title: "Carry objects from AWS to Azure", run: (report) => this.#cross(report) },
      { title: "Change and delete objects, and compare both sides", run: (report) => this.#compare(report) },
      { title: "Carry secrets from AWS to Azure", run: (report) => this.#crossSecrets(report) },
      { title: "Ask the primary what its users would", run: () => this.#askPrimary() },
    ];
  }

  /** The standby, brought to where a disaster would find it in the morning. */
  preparing(): Step[] {
    return [
      { title: "Wait until the standby is as planned", run: (report) => this.untilAsPlanned(report) },
      { title: "Dump the primary's database, as each night", run: (report) => this.#dump(report) },
      { title: "Load the dump at the standby", run: (report) => this.#load(report) },
    ];
  }

  /** What it finds is for the report: whether a disaster can be met is another question. */
  async #auditCopies(): Promise<string> {
    const { audited, stage } = this.#deployment;
    const file = await readPeopleFile(join(stage.project.folder, "people.yaml"));
    this.#audit = audit({ ...file, resources: audited });
    return verdictOf(this.#audit);
  }

  async #cross(report: Report): Promise<string> {
    const signal = this.#signal;
    const declared = this.#deployment.output("dr", "declaredDisaster");
    if (declared !== "none") {
      throw new Error(
        `Pulumi.dr.yaml declares the disaster "${declared}", so the replicator may be fenced and nothing would cross; ` +
          "rehearse with multicloud-dr:declareDisaster: none",
      );
    }
    const samples = makeSamples();
    const { s3, bucket, container } = this.#deployment.content();
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
    const { s3, bucket, container, operator } = this.#deployment.content();
    const [, changed, , deleted] = makeSamples();
    if (!changed || !deleted) throw new Error("the rehearsal has too few objects");
    await put(s3, bucket, { ...changed, body: Buffer.from("changed") }, this.#signal);
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: deleted.key }));
    const copies = new BlobStore(new BlobClient(container.url, operator));
    const { agreeing, digest } = await untilAgreed(new S3Store(s3, bucket), copies, report, this.#signal);
    return `${agreeing} objects agree, digest ${digest.source.slice(0, 16)} on both sides`;
  }

  async #crossSecrets(report: Report): Promise<string> {
    const sides = this.#deployment.secrets();
    if (!sides) return "none follow: secretReplication is off";
    return crossSecrets(sides, this.#deployment.output("prod", "databaseSecretArn"), report);
  }

  async #dump(report: Report): Promise<string> {
    const { sfn } = this.#deployment.stage.clouds.aws.connect(this.#deployment.output("prod", "region"));
    this.#dumped = await dumpNow(sfn, this.#deployment.output("link", "dumpMachineArn"), report, this.#signal);
    return `${this.#dumped.rows} rows in ${this.#dumped.chunks} chunks, and the replica is gone`;
  }

  /** Has the standby take the dump, or follow the primary from there; a strategy without a server does neither. */
  async #load(report: Report): Promise<string> {
    const { database } = this.#deployment.plan();
    if (database.follows === "nobody") return "not before a disaster: there is no server yet";
    const { azure } = this.#deployment.stage.clouds;
    const controller = azure.functionApp(this.#deployment.output("dr", "controllerName"));
    if (database.follows === "primary") {
      const wake = () => controller.wake(CONTROLLER);
      const lag = await untilFollowing(this.#deployment.control(), wake, FOLLOWING_PATIENCE, report, this.#signal);
      return `follows the primary, ${lag} s behind`;
    }
    const seconds = await untilLoaded(
      this.#deployment.control(),
      this.#dumped?.dump ?? "",
      () => controller.wake(CONTROLLER),
      LOADING_PATIENCE,
      report,
      this.#signal,
    );
    await this.untilAsPlanned(report);
    return `started, loaded, verified and stopped in ${seconds.toFixed(1)} s`;
  }

  async #askPrimary(): Promise<string> {
    const output = (key: string) => this.#deployment.output("prod", key);
    const site: Site = {
      name: "primary",
      appName: output("appName"),
      appHost: output("appHost"),
      contentName: output("contentName"),
      contentHost: output("contentHost"),
      healthPath: output("healthPath"),
    };
    const [item] = makeSamples();
    if (!item) throw new Error("the rehearsal has no object to ask for");
    const known = { item, written: [...this.#written] };
    const answers = await askSite(this.#deployment.stage.clouds.fetch, site, known, WELL_AT_ONCE, this.#signal);
    this.#written.push("written at the primary");
    this.#answers.push(...answers);
    return `${answers.length} good answers`;
  }

  /** Waits until as many servers and databases of the standby run as the plan says, and no more. */
  async untilAsPlanned(report: Report): Promise<string> {
    const { servers, database } = this.#deployment.plan();
    const planned = { machines: servers.min, databases: ["running", "promoted"].includes(database.state) ? 1 : 0 };
    const started = performance.now();
    for (;;) {
      const { machines, databases } = this.#deployment.stage.clouds.azure.running();
      const found = `${machines} servers and ${databases} databases run`;
      if (machines === planned.machines && databases === planned.databases) return found;
      report(found);
      if (performance.now() - started > SETTLING_PATIENCE) {
        throw new Error(`expected ${planned.machines} servers and ${planned.databases} databases to run, ${found}`);
      }
      await delay(250, undefined, { signal: this.#signal });
    }
  }
}
