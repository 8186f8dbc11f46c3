import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { table } from "../../operations/table.ts";
import { makeCertificate } from "../../rehearsal/local/certificate.ts";
import type { Session } from "../../rehearsal/session.ts";
import type { Step } from "../../rehearsal/steps.ts";
import { findMiniStack } from "../../rehearsal/tools/python.ts";
import { type DiskTool, findQemuImg } from "../../rehearsal/tools/qemu.ts";
import type { Report } from "../../rehearsal/tools/run.ts";
import type { Wish } from "../arguments.ts";
import { short, whole } from "../numbers.ts";
import { Target } from "../objects/target.ts";
import { measure, type Used } from "../process.ts";
import { partsIn, sizesIn } from "../sizes.ts";
import { median, rotated } from "../statistics.ts";
import { findAzCopy } from "../tools.ts";
import { type DiskContestant, ours, qemuAndAzCopy } from "./contestants.ts";
import { type DiskWorkload, disks, makeDisk, pagesOf, verifyDisk } from "./disks.ts";

/** What somebody came to with a disk. */
export interface DiskFigures {
  disk: string;
  name: string;
  version: string;
  /** Medians of the runs. */
  seconds: number;
  cpuSeconds: number;
  peakBytes: number;
  /** Bytes of pages that the blob holds in the end. */
  pageBytes: number;
}

/** What the bench came to. */
export interface Results {
  disks: DiskFigures[];
  missing: Record<string, string>;
}

/** Every part that there is. */
export function partsOf(quick: boolean): string[] {
  return partsIn(disks(quick), quick);
}

/** The bench of the replication of images: from an exported disk's file to a page blob that is a fixed VHD. */
export class ImageBench {
  // rclone writes no page blobs, whatever it is told.
  readonly results: Results = { disks: [], missing: { rclone: "it writes block blobs only" } };
  readonly #wish: Wish;
  readonly #session: Session;
  #python = "";
  #qemu: DiskTool | undefined;
  #contestants: DiskContestant[] = [];

  constructor(wish: Wish, session: Session) {
    this.#wish = wish;
    this.#session = session;
  }

  steps(): Step[] {
    return [
      { title: "Find the tools", run: (report) => this.#findTools(report) },
      ...sizesIn(disks(this.#wish.quick), this.#wish).map((workload) => ({
        title: `Carry ${workload.name}`,
        run: (report: Report) => this.#race(workload, report),
      })),
    ];
  }

  async #findTools(report: Report): Promise<string> {
    const { signal } = this.#session;
    this.#python = await findMiniStack(report, signal);
    this.#qemu = await findQemuImg(report, signal);
    this.#contestants = [ours()];
    const azcopy = await findAzCopy(report, signal);
    if ("missing" in azcopy) this.results.missing.azcopy = azcopy.missing;
    else this.#contestants.push(qemuAndAzCopy(this.#qemu, azcopy));
    return this.#contestants.map(({ version }) => version).join(", ");
  }

  async #race(workload: DiskWorkload, report: Report): Promise<string> {
    const { folder, signal } = this.#session;
    const certificate = await makeCertificate(folder);
    await using target = await Target.start({ folder, certificate, onDeath: (error) => this.#session.end(error) });
    report(`${workload.name}: making the disk`);
    const file = await makeDisk(this.#qemu as DiskTool, folder, workload);
    const runs = new Map<DiskContestant, { used: Used[]; pageBytes: number }>();
    for (let turn = 0; turn < this.#wish.runs; turn++) {
      for (const contestant of rotated(this.#contestants, turn)) {
        report(`${workload.name}: ${contestant.name}, run ${turn + 1} of ${this.#wish.runs}`);
        const own = await mkdtemp(join(folder, "disk-"));
        const container = await target.container();
        try {
          const { containerName } = container;
          const program = contestant.program({
            ...{ file, blob: "disk.vhd", sas: target.sas, token: target.token, folder: own },
            container: `${target.endpoint}${containerName}`,
            certificateFile: certificate.certificateFile,
          });
          const used = await measure(this.#python, program, signal);
          await verifyDisk(container, "disk.vhd", workload);
          const before = runs.get(contestant)?.used ?? [];
          runs.set(contestant, { used: [...before, used], pageBytes: await pagesOf(container, "disk.vhd") });
        } finally {
          await container.delete().catch(() => {});
          await rm(own, { recursive: true, force: true });
        }
      }
    }
    const figures = [...runs].map(([{ name, version }, { used, pageBytes }]): DiskFigures => {
      const of = (key: keyof Used) => median(used.map((each) => each[key]));
      const [seconds, cpuSeconds, peakBytes] = [of("seconds"), of("cpuSeconds"), of("peakBytes")];
      return { disk: workload.name, name, version, seconds, cpuSeconds, peakBytes, pageBytes };
    });
    this.results.disks.push(...figures);
    return figures.map(({ name, seconds }) => `${name} ${short(seconds)} s`).join(", ");
  }
}

/** The results for people. */
export function renderImages({ disks: found, missing }: Results): string {
  const rows = found.map(({ disk, name, seconds, cpuSeconds, peakBytes, pageBytes }) => [
    disk,
    name,
    ...[seconds, cpuSeconds].map(short),
    ...[peakBytes, pageBytes].map((bytes) => whole(bytes / 2 ** 20)),
  ]);
  return [
    table("From an exported disk to a page blob, median", ["", "", "seconds", "CPU s", "peak MiB", "pages MiB"], rows),
    ...Object.entries(missing).map(([name, why]) => `Not measured: ${name}: ${why}`),
  ].join("\n\n");
}
