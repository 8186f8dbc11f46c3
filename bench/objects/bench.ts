import { ContainerClient } from "@azure/storage-blob";
import { openStack, up } from "../../operations/stacks.ts";
import { type Certificate, makeCertificate } from "../../rehearsal/local/certificate.ts";
import type { Session } from "../../rehearsal/session.ts";
import { Stage } from "../../rehearsal/stage.ts";
import type { Step } from "../../rehearsal/steps.ts";
import { findMiniStack } from "../../rehearsal/tools/python.ts";
import type { Report } from "../../rehearsal/tools/run.ts";
import type { Wish } from "../arguments.ts";
import { findAzCopy, findRclone, findVersityGw, type Missing, type Tool } from "../tools.ts";
import { type ColdStart, measureColdStart } from "./cold-start.ts";
import { azcopy, type Contestant, ours, rclone } from "./contestants.ts";
import { type Comparison, compare } from "./figures.ts";
import { type Huge, measureHuge } from "./huge.ts";
import { type Latency, measureLatency, type Path, warmUp } from "./latency.ts";
import { race } from "./race.ts";
import { Source, type SourceOptions } from "./source.ts";
import { Target } from "./target.ts";
import { type Workload, workloads } from "./workloads.ts";

/** How long objects are put at a steady rate, in seconds. */
const STEADY_SECONDS = 20;
const QUICK_STEADY_SECONDS = 5;

/** The one huge object, in GiB. */
const HUGE_GIB = 50;
const QUICK_HUGE_GIB = 3;

/** What the bench came to. */
export interface Results {
  workloads: Comparison[];
  /** Peers, and what the workloads need, that cannot be had here. */
  missing: Record<string, string>;
  coldStart?: ColdStart;
  huge?: Huge;
  latency?: Latency;
}

/** Every part that there is. */
export function partsOf(quick: boolean): string[] {
  return [...workloads({ quick }).map(({ name }) => name), "huge", "start", "latency"];
}

/** The bench of the replication of objects, in steps that each fill in more of the results. */
export class ObjectBench implements AsyncDisposable {
  readonly results: Results = { workloads: [], missing: {} };
  readonly #wish: Wish;
  readonly #session: Session;
  readonly #stage: Stage;
  readonly #tools: Record<string, Tool | Missing> = {};
  #python = "";
  #certificate: Certificate | undefined;
  #path: Path | undefined;

  constructor(wish: Wish, session: Session) {
    this.#wish = wish;
    this.#session = session;
    this.#stage = new Stage(session);
  }

  steps(): Step[] {
    const wanted = (part: string) => this.#wish.only.length === 0 || this.#wish.only.includes(part);
    const races = workloads(this.#wish).filter(({ name }) => wanted(name));
    const steps: Step[] = [{ title: "Find a Python", run: (report) => this.#findPython(report) }];
    if (races.length > 0) steps.push({ title: "Find the tools", run: (report) => this.#findTools(report) });
    for (const workload of races) {
      steps.push({ title: `Copy ${workload.name}`, run: (report) => this.#race(workload, report) });
    }
    if (wanted("huge")) steps.push({ title: "Carry one huge object", run: () => this.#huge() });
    if (wanted("start")) steps.push({ title: "Start the function cold", run: () => this.#coldStart() });
    if (wanted("latency")) steps.push(...this.#latencySteps());
    return steps;
  }

  async #findPython(report: Report): Promise<undefined> {
    this.#python = await findMiniStack(report, this.#session.signal);
    this.#certificate = await makeCertificate(this.#session.folder);
    return undefined;
  }

  async #findTools(report: Report): Promise<string> {
    const { signal } = this.#session;
    this.#tools.rclone = await findRclone(report, signal);
    this.#tools.azcopy = await findAzCopy(report, signal);
    this.#tools.versitygw = await findVersityGw(report, signal);
    return Object.entries(this.#tools)
      .map(([name, tool]) => {
        if (!("missing" in tool)) return `${name} ${tool.version}`;
        this.results.missing[name] = tool.missing;
        return `no ${name}`;
      })
      .join(", ");
  }

  async #race(workload: Workload, report: Report): Promise<string> {
    const { folder, signal } = this.#session;
    const certificate = this.#certificate as Certificate;
    const within = { folder, certificate, onDeath: (error: Error) => this.#session.end(error) };
    const opened = await this.#openSource(workload, within);
    if ("missing" in opened) return `skipped: ${opened.missing}`;
    await using source = opened;
    await using target = await Target.start(within);
    report(`${workload.name}: putting the objects`);
    const bucket = await source.fill(workload, signal);
    const { runs } = this.#wish;
    const shared = {
      workload,
      source,
      bucket,
      target,
      runs,
      certificate,
      python: this.#python,
      folder,
      report,
      signal,
    };
    const results = await race({ ...shared, contestants: this.#contestants() });
    const comparison = compare(workload, runs, results);
    this.results.workloads.push(comparison);
    return Object.entries(comparison.ratio)
      .map(([peer, { objectsPerSecond }]) => `${objectsPerSecond.toFixed(2)} times as fast as ${peer}`)
      .join(", ");
  }

  async #openSource({ source }: Workload, options: SourceOptions): Promise<Source | Missing> {
    if (source === "ministack") return Source.ministack(this.#python, options);
    const versitygw = this.#tools.versitygw as Tool | Missing;
    return "missing" in versitygw ? versitygw : Source.versitygw(versitygw, options);
  }

  #contestants(): Contestant[] {
    const make = { rclone, azcopy };
    const peers = Object.entries(make).flatMap(([name, contestant]) => {
      const tool = this.#tools[name];
      return tool && !("missing" in tool) ? [contestant(tool)] : [];
    });
    return [ours(), ...peers];
  }

  async #huge(): Promise<string> {
    const { folder, signal } = this.#session;
    const gib = this.#wish.quick ? QUICK_HUGE_GIB : HUGE_GIB;
    const found = await measureHuge(gib, { python: this.#python, folder, signal });
    this.results.huge = found;
    return `${gib} GiB in ${Math.round(found.seconds)} s, at most ${(found.peakBytes / 2 ** 20).toFixed(1)} MiB of memory`;
  }

  async #coldStart(): Promise<string> {
    const { folder, signal } = this.#session;
    const found = await measureColdStart("objects/handler.ts", { python: this.#python, folder, signal });
    this.results.coldStart = found;
    return `${found.bundleBytes.toLocaleString("en")} bytes, ${Math.round(found.answeredMilliseconds)} ms`;
  }

  /** The real path: the stacks as they are, in the local clouds. */
  #latencySteps(): Step[] {
    const deploy = (name: "prod" | "dr" | "link") => async (report: Report) => {
      const stack = await openStack(this.#stage.project, name);
      const { outputs } = await up(stack, { report, signal: this.#session.signal });
      return outputs;
    };
    return [
      ...this.#stage.steps(),
      {
        title: "Deploy both sites and the link between them",
        run: async (report) => {
          const prod = await deploy("prod")(report);
          const dr = await deploy("dr")(report);
          await deploy("link")(report);
          const { aws, azure } = this.#stage.clouds;
          const copies = new URL(String(dr.copiesContainerName?.value), String(dr.copiesBlobEndpoint?.value));
          this.#path = {
            s3: aws.connect(String(prod.region?.value)).s3,
            bucket: String(prod.contentBucketName?.value),
            container: new ContainerClient(copies.href, azure.operator()),
          };
          return undefined;
        },
      },
      { title: "Put objects at a steady rate", run: (report) => this.#measureLatency(report) },
    ];
  }

  async #measureLatency(report: Report): Promise<string> {
    const { signal } = this.#session;
    const path = this.#path as Path;
    await warmUp(path, report, signal);
    const seconds = this.#wish.quick ? QUICK_STEADY_SECONDS : STEADY_SECONDS;
    const found = await measureLatency(path, seconds, report, signal);
    this.results.latency = found;
    return `p50 ${Math.round(found.p50Milliseconds)} ms, p99 ${Math.round(found.p99Milliseconds)} ms`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stage[Symbol.asyncDispose]();
  }
}
