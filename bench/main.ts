import { cpus } from "node:os";
import { styleText } from "node:util";
import { reasonOf } from "../operations/interruption.ts";
import { Interrupted, Session } from "../rehearsal/session.ts";
import { type Step, takeSteps } from "../rehearsal/steps.ts";
import { HELP, readWish, type Wish } from "./arguments.ts";
import * as audit from "./audit/bench.ts";
import * as database from "./database/bench.ts";
import { renderComparisons } from "./database/report.ts";
import * as images from "./images/bench.ts";
import * as objects from "./objects/bench.ts";
import * as policies from "./policies/bench.ts";
import { renderResults } from "./report.ts";

// A reader that goes away must not keep the bench from cleaning up.
process.stdout.on("error", () => {});

process.exitCode = await main();

async function main(): Promise<number> {
  let wish: Wish | undefined;
  try {
    wish = readWish(process.argv.slice(2), {
      objects: objects.partsOf,
      database: database.partsOf,
      images: images.partsOf,
      audit: audit.partsOf,
      policies: policies.partsOf,
    });
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}\n`);
    return 2;
  }
  if (wish) return bench(wish);
  process.stdout.write(`${HELP}\n`);
  return 0;
}

async function bench(wish: Wish): Promise<number> {
  const session = await Session.open();
  const failure = await run(wish, session);
  await session.removeFolder();
  if (!failure) return 0;
  process.stderr.write(`\n${styleText("red", "Failed:", { stream: process.stderr })} ${failure.message}\n`);
  return failure instanceof Interrupted ? 130 : 1;
}

/** Measures and prints; all that was started has ended when this returns. */
async function run(wish: Wish, session: Session): Promise<Error | undefined> {
  if (wish.subject === "database") {
    const bench = new database.DatabaseBench(wish, session);
    const failure = await measure(bench.steps(), session);
    print(wish, failure, bench.results, renderComparisons(bench.results));
    return failure;
  }
  if (wish.subject === "images") {
    const bench = new images.ImageBench(wish, session);
    const failure = await measure(bench.steps(), session);
    print(wish, failure, bench.results, images.renderImages(bench.results));
    return failure;
  }
  if (wish.subject === "audit") {
    const bench = new audit.AuditBench(wish);
    const failure = await measure(bench.steps(), session);
    print(wish, failure, bench.results, audit.renderAudits(bench.results));
    return failure;
  }
  if (wish.subject === "policies") {
    const bench = new policies.PolicyBench(wish);
    const failure = await measure(bench.steps(), session);
    print(wish, failure, bench.results, policies.renderPolicies(bench.results));
    return failure;
  }
  await using bench = new objects.ObjectBench(wish, session);
  const failure = await measure(bench.steps(), session);
  print(wish, failure, bench.results, renderResults(bench.results));
  return failure;
}

async function measure(steps: Step[], session: Session): Promise<Error | undefined> {
  try {
    await takeSteps(steps);
    return undefined;
  } catch (error) {
    return reasonOf(error, session.signal);
  }
}

/** What was measured before something failed was measured all the same. */
function print({ json }: Wish, failure: Error | undefined, results: object, rendered: string): void {
  const processors = cpus();
  const machine = { processors: processors.length, model: processors[0]?.model, node: process.versions.node };
  process.stdout.write(
    json
      ? `${JSON.stringify({ ok: !failure, error: failure?.message, machine, ...results }, undefined, 2)}\n`
      : `\n${rendered}\n`,
  );
}
