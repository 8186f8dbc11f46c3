// A process that dumps a server, or loads it, by the code of the functions. The bench bundles it as they are bundled,
// and measures it from its start to its end. For a dump it starts others like itself: each is one function.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { text } from "node:stream/consumers";
import { connect } from "../../lambdas/database/connection.ts";
import { planDump, sealDump } from "../../lambdas/database/dump.ts";
import { dumpPortion, prepareToDump } from "../../lambdas/database/dump-portion.ts";
import { dumpId, dumpNames } from "../../lambdas/database/layout.ts";
import { loadDump } from "../../lambdas/database/load.ts";
import { type Portion, readManifest } from "../../lambdas/database/manifest.ts";
import { FolderStore } from "../../test/support/folder-store.ts";
import type { OurTask } from "./contestants.ts";

const STARTED = new Date(0);
const DUMP = { dump: dumpId(STARTED), kind: "daily" } as const;

const { what, login, folder, parallel } = JSON.parse(process.argv[2] ?? "") as OurTask;
const store = new FolderStore(folder);
const { signal } = new AbortController();

/**
 * No more processes than processors: functions have one each, and here each has to start first.
 *
 * Nothing is written to the source while the bench runs: it is frozen as it is.
 */
async function dump(): Promise<void> {
  const connection = await connect(login);
  const { schemas, portions } = await planDump(connection, store, DUMP, signal);
  await connection.end();
  const left = portions.values();
  const functions = Array.from({ length: Math.min(parallel, availableParallelism(), portions.length) }, () =>
    fork(__filename, process.argv.slice(2)),
  );
  await Promise.all(functions.map((each) => give(each, left)));
  const frozen = { gtid: "", server: "", version: "" };
  await sealDump(store, { ...DUMP, schemas, frozen, startedAt: STARTED.toISOString(), obstacles: [] }, signal);
}

/** Has a function dump one portion after the other, while there are any. */
async function give(child: ChildProcess, left: Iterator<Portion>): Promise<void> {
  const ended = once(child, "exit");
  const next = () => {
    const { value, done } = left.next();
    if (done) child.disconnect();
    else child.send(value);
  };
  child.on("message", next);
  next();
  const [code] = await ended;
  if (code !== 0) throw new Error(`a process that dumped chunks ended with code ${code}`);
}

async function dumpWhatIsGiven(): Promise<void> {
  const connection = await connect(login);
  await prepareToDump(connection);
  process.on("message", async (portion: Portion) => {
    await dumpPortion(connection, store, DUMP, portion, signal);
    process.send?.("done");
  });
  process.on("disconnect", () => connection.end());
}

async function load(): Promise<void> {
  const name = dumpNames(DUMP.kind, DUMP.dump).manifest;
  const manifest = readManifest(await text(await store.read(name, signal)), name);
  await loadDump({ login, store, manifest, parallel, signal, progress: () => {} });
}

const WORK = { dump, load };
// Without the line of the bundle that failed, which is longer than what is kept of the words of a process.
process.on("uncaughtException", (error) => {
  process.stderr.write(`${error.message}\n`, () => process.exit(1));
});
if (process.send) dumpWhatIsGiven();
else WORK[what]();
