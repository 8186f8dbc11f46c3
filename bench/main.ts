import { cpus } from "node:os";
import { styleText } from "node:util";
import { Interrupted, Session } from "../rehearsal/session.ts";
import { takeSteps } from "../rehearsal/steps.ts";
import { HELP, readWish, type Wish } from "./arguments.ts";
import { ObjectBench, partsOf } from "./objects/bench.ts";
import { renderResults } from "./report.ts";

// A reader that goes away must not keep the bench from cleaning up.
process.stdout.on("error", () => {});

process.exitCode = await main();

async function main(): Promise<number> {
  let wish: Wish | undefined;
  try {
    wish = readWish(process.argv.slice(2), partsOf);
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
  await using objects = new ObjectBench(wish, session);
  let failure: Error | undefined;
  try {
    await takeSteps(objects.steps());
  } catch (error) {
    failure = session.reasonOf(error);
  }
  // What was measured before something failed was measured all the same.
  const { results } = objects;
  const processors = cpus();
  const machine = { processors: processors.length, model: processors[0]?.model, node: process.versions.node };
  process.stdout.write(
    wish.json
      ? `${JSON.stringify({ ok: !failure, error: failure?.message, machine, ...results }, undefined, 2)}\n`
      : `\n${renderResults(results)}\n`,
  );
  return failure;
}
