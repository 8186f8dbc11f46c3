import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { styleText } from "node:util";
import { reasonOf } from "../operations/interruption.ts";
import { readStackSettings } from "../operations/stack-files.ts";
import { STACKS } from "../operations/stacks.ts";
import { verdictOf } from "../policy/audit/render/text.ts";
import { criticalPath, limitOf } from "./critical-path.ts";
import { Deployment } from "./deployment.ts";
import { Clock } from "./local/clock.ts";
import { HELP, type Options, readOptions } from "./options.ts";
import { Play } from "./play.ts";
import { ROOT } from "./project.ts";
import { renderPage } from "./report-page/page.ts";
import { type ScenarioReport, UNMEASURED } from "./scenario-report.ts";
import { renderSummary } from "./scenario-summary.ts";
import { overridesFor, scenarioNamed } from "./scenarios/index.ts";
import { Interrupted, leaveSoon, Session } from "./session.ts";
import { Stage } from "./stage.ts";
import { type Timing, takeSteps } from "./steps.ts";
import { Story } from "./story.ts";

// A reader that goes away (`npm start | head`) must not keep the run from cleaning up.
process.stdout.on("error", () => {});

process.exitCode = await main();
leaveSoon();

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const problem = args.includes("--help") ? undefined : stackFileProblem();
  if (problem !== undefined) {
    process.stderr.write(`Failed: ${problem}\n`);
    return 1;
  }
  const options = readOptions(args);
  if (options === "help") {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  if (options instanceof Error) {
    process.stderr.write(`${options.message}\nnpm start -- --help tells the options.\n`);
    return 2;
  }
  const session = await Session.open().catch((error: Error) => error);
  if (session instanceof Error) {
    process.stderr.write(`Failed: ${session.message}\n`);
    return 1;
  }
  const { report, failure } = await rehearse(session, options);
  const page = resolve(options.page);
  await writeFile(page, renderPage(report));
  process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : renderSummary(report, options));
  process.stderr.write(`\nThe report with its timeline drawn: ${page}\n`);

  if (!failure && !options.keep) await session.removeFolder();
  else process.stderr.write(`Logs, state and stack files of this run: ${session.folder}\n`);
  if (!failure) return 0;
  process.stderr.write(`\n${styleText("red", "Failed:", { stream: process.stderr })} ${failure.message}\n`);
  return failure instanceof Interrupted ? 130 : 1;
}

/** What is wrong with the stack files, which would be found only when the stack is deployed. */
function stackFileProblem(): string | undefined {
  try {
    for (const name of STACKS) readStackSettings(ROOT, name);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Plays the whole scenario; both clouds have ended when this returns. */
async function rehearse(
  session: Session,
  { scenario: name, strategy, speed, users }: Options,
): Promise<{ report: ScenarioReport; failure: Error | undefined }> {
  const timings = packagesTiming();
  const clock = new Clock(speed);
  await using stage = new Stage(session, { clock, serviceTimes: true });
  const scenario = scenarioNamed(name, strategy);
  const deployment = new Deployment(stage, session.signal, overridesFor(scenario, strategy));
  const story = new Story(deployment);
  let play: Play | undefined;
  let failure: Error | undefined;
  try {
    await takeSteps(stage.steps(), timings);
    // What is set up is not what is measured.
    stage.clouds.azure.pace.isSkipped = true;
    await takeSteps([...story.deploying(), ...story.proving()], timings);
    await using played = new Play(deployment, clock, users);
    play = played;
    const { audit } = story.results();
    if (audit) played.expect("nobody alone can delete every copy", audit.passed, verdictOf(audit));
    await takeSteps(scenario.steps(played, story), timings);
    stage.clouds.azure.pace.isSkipped = true;
    await played[Symbol.asyncDispose]();
    await takeSteps([{ title: "Take everything down", run: (report) => deployment.takeDown(report) }], timings);
    const broken = played.assertions.filter(({ ok }) => !ok);
    if (broken.length > 0) throw new Error(broken.map(({ what, found }) => `${what}: ${found}`).join("\n"));
  } catch (error) {
    failure = await reasonOf(error, session.signal);
  }
  return { report: reportOf({ scenario: name, strategy, clock, timings, deployment, story, play, failure }), failure };
}

interface Played {
  scenario: string;
  strategy: string;
  clock: Clock;
  timings: Timing[];
  deployment: Deployment;
  story: Story;
  play: Play | undefined;
  failure: Error | undefined;
}

function reportOf({ scenario, strategy, clock, timings, deployment, story, play, failure }: Played): ScenarioReport {
  const path = play?.waited ? criticalPath(play.waited, clock) : [];
  return {
    ok: !failure,
    error: failure?.message,
    scenario,
    strategy,
    speed: clock.speed,
    timings,
    resources: deployment.census,
    ...story.results(),
    assertions: play?.assertions ?? [],
    timeline: play?.timeline.told() ?? { events: [], spans: [] },
    measured: play?.measured ?? UNMEASURED,
    criticalPath: path,
    limit: limitOf(path),
  };
}

/** The step that came before this program: bootstrap.mjs tells how long it took, when there was anything to do. */
function packagesTiming(): Timing[] {
  const milliseconds = Number(process.env.MULTICLOUD_DR_PACKAGES_MILLISECONDS ?? 0);
  return milliseconds > 0 ? [{ title: "Install the packages", milliseconds, result: "" }] : [];
}
