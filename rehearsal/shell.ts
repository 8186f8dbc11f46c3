import { spawn } from "node:child_process";
import { delimiter } from "node:path";
import { reasonOf } from "../operations/interruption.ts";
import { openStack, STACKS } from "../operations/stacks.ts";
import { leaveSoon, Session } from "./session.ts";
import { Stage } from "./stage.ts";
import { takeSteps } from "./steps.ts";
import { findLanguageHost } from "./tools/language-host.ts";
import type { Report } from "./tools/run.ts";

const HELP = `Open a shell in which the ordinary pulumi command, and npm run dr, work on a local AWS and a local Azure.

Usage: npm run shell [-- COMMAND [ARGUMENT ...]]

Without a command it opens $SHELL. You are in a copy of the project whose stack files you may edit; the code
is the checkout's own. The clouds and all that was deployed end with the shell. Exit code: the command's.

Example: npm run shell -- pulumi preview --stack prod`;

const WHERE = `
Pulumi.yaml and the stack files here are copies, and go with the shell, as the state does; all else leads to the checkout.
`;

process.exitCode = await main(process.argv.slice(2));
leaveSoon();

async function main(command: string[]): Promise<number> {
  if (command[0] === "--help" || command[0] === "-h") {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  let session: Session | undefined;
  try {
    session = await Session.open();
    await using stage = new Stage(session);
    let host = "";
    const { signal } = session;
    const findHost = async (report: Report) => {
      host = await findLanguageHost(stage.engine, report, signal);
      return undefined;
    };
    await takeSteps([
      ...stage.steps(),
      { title: "Find the language host", run: findHost },
      { title: "Make the four stacks", run: () => makeStacks(stage) },
    ]);
    const region = await regionOf(stage);
    if (command.length === 0) process.stderr.write(WHERE);
    const code = await run(command.length > 0 ? command : [process.env.SHELL ?? "sh"], stage, region, host, session);
    session.signal.throwIfAborted();
    return code;
  } catch (error) {
    const { message } = session ? await reasonOf(error, session.signal) : (error as Error);
    process.stderr.write(`\nFailed: ${message}\n`);
    return session?.signal.aborted ? 130 : 1;
  } finally {
    await session?.removeFolder();
  }
}

async function makeStacks(stage: Stage): Promise<undefined> {
  // The last one made is the one that is selected: prod, with which one begins.
  for (const name of STACKS.toReversed()) await openStack(stage.project, name);
}

/** Where AWS's own command looks: at the region of the primary. Some of its kin read only the second name. */
async function regionOf(stage: Stage): Promise<Record<string, string>> {
  const { value } = await (await openStack(stage.project, "prod")).getConfig("aws:region");
  return { AWS_REGION: value, AWS_DEFAULT_REGION: value };
}

function run(
  [program = "", ...args]: string[],
  stage: Stage,
  region: Record<string, string>,
  host: string,
  session: Session,
): Promise<number> {
  const operator = stage.operatorEnvironment();
  const env = { ...process.env, ...operator, ...region, PATH: [host, operator.PATH].join(delimiter) };
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: stage.project.folder, env, stdio: "inherit" });
    // From here on Ctrl-C is the command's to answer; this process ends when the command does.
    process.removeAllListeners("SIGINT").on("SIGINT", () => {});
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
    session.signal.addEventListener("abort", () => child.kill("SIGTERM"));
  });
}
