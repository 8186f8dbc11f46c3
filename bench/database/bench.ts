import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Certificate, makeCertificate } from "../../rehearsal/local/certificate.ts";
import { MysqlServers } from "../../rehearsal/local/mysql-servers.ts";
import type { Session } from "../../rehearsal/session.ts";
import type { Step } from "../../rehearsal/steps.ts";
import { findMySql, type MySql } from "../../rehearsal/tools/mysql.ts";
import type { Report } from "../../rehearsal/tools/run.ts";
import type { Wish } from "../arguments.ts";
import { findMyDumper, type Missing, type Tool } from "../tools.ts";
import { type Contestant, mydumper, mysqldump, ours, PARALLEL } from "./contestants.ts";
import { type Comparison, compare } from "./figures.ts";
import { race } from "./race.ts";
import { bytesOf, startSource } from "./servers.ts";
import { type Workload, workloads } from "./workloads.ts";

/** What the bench came to. */
export interface Results {
  /** What is the same for everybody. */
  conditions: string;
  workloads: Comparison[];
  /** Peers that cannot be had here. */
  missing: Record<string, string>;
}

/** Every part that there is. */
export function partsOf(quick: boolean): string[] {
  return workloads({ quick }).map(({ name }) => name);
}

/** The bench of the replication of databases, in steps that each fill in more of the results. */
export class DatabaseBench {
  readonly results: Results = { conditions: "", workloads: [], missing: {} };
  readonly #wish: Wish;
  readonly #session: Session;
  readonly #contestants: Contestant[] = [];
  #mysql: MySql | undefined;
  #authority: Certificate | undefined;

  constructor(wish: Wish, session: Session) {
    this.#wish = wish;
    this.#session = session;
  }

  steps(): Step[] {
    const wanted = (part: string) => this.#wish.only.length === 0 || this.#wish.only.includes(part);
    const races = workloads(this.#wish).filter(({ name }) => wanted(name));
    return [
      { title: "Find the tools", run: (report) => this.#findTools(report) },
      ...races.map((workload) => ({
        title: `Copy ${workload.name}`,
        run: (report: Report) => this.#race(workload, report),
      })),
    ];
  }

  async #findTools(report: Report): Promise<string> {
    const { folder, signal } = this.#session;
    this.#authority = await makeCertificate(folder);
    this.#mysql = await findMySql(report, signal);
    this.results.conditions =
      `MySQL ${this.#mysql.version} on both sides, each with a buffer pool and a redo log of 1 GiB; every commit is ` +
      "flushed and in the binary log;\n" +
      `TLS for everybody; ${PARALLEL} at once for whoever works in parallel; all on this machine.`;
    this.#contestants.push(ours(), mysqldump(this.#mysql));
    const found: Record<string, Tool | Missing> = { mydumper: await findMyDumper(report, signal) };
    for (const [name, tool] of Object.entries(found)) {
      if ("missing" in tool) this.results.missing[name] = tool.missing;
      else this.#contestants.push(mydumper(tool));
    }
    return this.#contestants.map(({ name, version }) => `${name} ${version}`).join("; ");
  }

  async #race(workload: Workload, report: Report): Promise<string> {
    const { signal } = this.#session;
    const mysql = this.#mysql as MySql;
    const authority = this.#authority as Certificate;
    const folder = join(this.#session.folder, workload.name);
    await mkdir(folder);
    const onDeath = (error: Error) => this.#session.end(error);
    await using servers = new MysqlServers({ mysql, folder, authority, onDeath });
    report(`${workload.name}: making the rows`);
    const source = await startSource(servers, workload);
    const bytes = await bytesOf(source);
    const { runs } = this.#wish;
    const contestants = this.#contestants;
    const results = await race({ servers, source, contestants, runs, authority, folder, report, signal });
    const comparison = compare({ ...workload, bytes }, runs, results);
    this.results.workloads.push(comparison);
    await servers.destroy("source");
    return Object.entries(comparison.ratio)
      .map(([peer, { times }]) => `${times.toFixed(2)} times as fast as ${peer}`)
      .join(", ");
  }
}
