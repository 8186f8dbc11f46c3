import { parseArgs, styleText } from "node:util";
import { type Report, renderReport } from "./report.ts";
import { Interrupted, leaveSoon, Session } from "./session.ts";
import { Stage } from "./stage.ts";
import { type Timing, takeSteps } from "./steps.ts";
import { Story } from "./story.ts";

const HELP = `Rehearse multicloud-dr on this machine: the real Pulumi engine deploys the four stacks on a local AWS
and a local Azure, and objects that are put at the primary must arrive at the standby.

Usage: npm start [-- options]

  --resources   name every resource, and whether it was real or only recorded
  --json        print the result as one JSON object on standard output
  --keep        keep the run's folder (logs, state, stack files) also when all went well
  --help        this text

Exit code: 0 all went well, 1 something failed, 2 wrong usage, 130 interrupted.`;

// A reader that goes away (`npm start | head`) must not keep the run from cleaning up.
process.stdout.on("error", () => {});

process.exitCode = await main();
leaveSoon();

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === "number") return options;
  const session = await Session.open().catch((error: Error) => error);
  if (session instanceof Error) {
    process.stderr.write(`Failed: ${session.message}\n`);
    return 1;
  }
  const report = await rehearse(session);
  process.stdout.write(
    options.json ? `${JSON.stringify(report.results, undefined, 2)}\n` : renderReport(report.results, options),
  );

  const { failure } = report;
  if (!failure && !options.keep) await session.removeFolder();
  else process.stderr.write(`\nLogs, state and stack files of this run: ${session.folder}\n`);
  if (!failure) return 0;
  process.stderr.write(`\n${styleText("red", "Failed:", { stream: process.stderr })} ${failure.message}\n`);
  return failure instanceof Interrupted ? 130 : 1;
}

/** Runs the whole story; both clouds have ended when this returns. */
async function rehearse(session: Session): Promise<{ results: Report; failure: Error | undefined }> {
  const timings = packagesTiming();
  await using stage = new Stage(session);
  const story = new Story(stage, session.signal);
  let failure: Error | undefined;
  try {
    await takeSteps([...stage.steps(), ...story.steps()], timings);
  } catch (error) {
    failure = session.reasonOf(error);
  }
  return { results: { ok: !failure, error: failure?.message, timings, ...story.results() }, failure };
}

function readOptions(): { json: boolean; resources: boolean; keep: boolean } | number {
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values } = parseArgs({ options: { json: flag, resources: flag, keep: flag, help: flag } });
    if (!values.help) return values;
    process.stdout.write(`${HELP}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}\n`);
    return 2;
  }
}

/** The step that came before this program: bootstrap.mjs tells how long it took, when there was anything to do. */
function packagesTiming(): Timing[] {
  const milliseconds = Number(process.env.MULTICLOUD_DR_PACKAGES_MILLISECONDS ?? 0);
  return milliseconds > 0 ? [{ title: "Install the packages", milliseconds, result: "" }] : [];
}
