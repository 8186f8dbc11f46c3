import { dirname, join } from "node:path";
import { bundleFile } from "../../components/function-bundle.ts";
import type { Login } from "../../lambdas/database/connection.ts";
import type { MySql } from "../../rehearsal/tools/mysql.ts";
import type { Program } from "../process.ts";
import type { Tool } from "../tools.ts";
import { SCHEMA } from "./workloads.ts";

/** So many threads or connections are under way at once, whoever copies: what mydumper has by default. */
export const PARALLEL = 4;

/** Where a server is, and as whom to speak with it. */
export interface Place {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** One way from a server that has a schema to one that has none. */
export interface Crossing {
  source: Place;
  target: Place;
  /** Folder for what a contestant leaves behind. */
  folder: string;
  /** Folder for the dump, where there is one; it does not exist yet. */
  dump: string;
  /** Who vouches for both servers' certificates. */
  authorityFile: string;
}

/** A part of a crossing that is measured alone; all at once where nothing lies between. */
export interface Stage {
  what: "dump" | "load" | "all";
  program: Program;
}

/** Somebody who copies. */
export interface Contestant {
  name: string;
  version: string;
  /** What has to be known to read its numbers. */
  note: string;
  /** The programs that make a crossing, one after the other. */
  stages(crossing: Crossing): Stage[];
}

/** What is measured for {@link ours}, and what its process is told. */
export interface OurTask {
  what: "dump" | "load";
  login: Login;
  folder: string;
  parallel: number;
}

/** The code of both functions, bundled as they are, with a folder for the bucket and the container. */
export function ours(): Contestant {
  return {
    name: "ours",
    version: `Node ${process.versions.node}`,
    note: `a process for each processor dumps; one loads by ${PARALLEL} connections; compressed, every row compared`,
    stages: ({ source, target, folder, dump, authorityFile }) => {
      const stage = (what: OurTask["what"], { user, ...place }: Place): Stage => {
        const task: OurTask = { what, login: { ...place, username: user }, folder: dump, parallel: PARALLEL };
        const bundle = bundleFile("../bench/database/ours.ts");
        return {
          what,
          program: {
            command: process.execPath,
            args: ["--max-semi-space-size=4", bundle, JSON.stringify(task)],
            environment: { ...basics(folder), NODE_EXTRA_CA_CERTS: authorityFile },
            folder,
          },
        };
      };
      return [stage("dump", source), stage("load", target)];
    },
  };
}

/** What everybody knows: one thread reads, and one thread writes what it read. */
export function mysqldump({ command, version }: MySql): Contestant {
  return {
    name: "mysqldump | mysql",
    version,
    note: "a pipe: one thread on each side, nothing kept between",
    stages: ({ source, target, folder, authorityFile }) => {
      const trust = ["--ssl-mode=VERIFY_IDENTITY", `--ssl-ca=${authorityFile}`];
      const reads = [
        ...[...command("mysqldump"), "--no-defaults", ...place(source), ...trust, "--single-transaction"],
        ...["--set-gtid-purged=OFF", "--routines", "--events", "--databases", SCHEMA],
      ];
      const writes = [...command("mysql"), "--no-defaults", ...place(target), ...trust];
      const pipe = `set -o pipefail; ${[reads, writes].map(quoted).join(" | ")}`;
      return [{ what: "all", program: { command: "bash", args: ["-c", pipe], environment: basics(folder), folder } }];
    },
  };
}

/** Tables are cut by ranges of a whole number's key. */
export function mydumper({ command, version }: Tool): Contestant {
  return {
    name: "mydumper, myloader",
    version,
    note: `--threads ${PARALLEL} --rows ${ROWS_PER_FILE}, not compressed, in which it is faster`,
    stages: ({ source, target, folder, dump, authorityFile }) => {
      const shared = [`--threads=${PARALLEL}`, "--ssl", `--ca=${authorityFile}`];
      const reads = [
        ...[...place(source), ...shared, `--database=${SCHEMA}`, `--outputdir=${dump}`, `--rows=${ROWS_PER_FILE}`],
        ...["--trx-consistency-only", "--routines", "--triggers", "--events"],
      ];
      // The clouds' administrators may not keep what they load out of the binary log.
      const writes = [...place(target), ...shared, `--directory=${dump}`, "--enable-binlog"];
      const started = { environment: basics(folder), folder };
      return [
        { what: "dump", program: { command, args: reads, ...started } },
        { what: "load", program: { command: join(dirname(command), "myloader"), args: writes, ...started } },
      ];
    },
  };
}

const ROWS_PER_FILE = 50_000;

/** As all these programs take it. */
function place({ host, port, user, password }: Place): string[] {
  return [`--host=${host}`, `--port=${port}`, `--user=${user}`, `--password=${password}`];
}

function quoted(words: string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}

function basics(folder: string): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: folder };
}
