import { parseArgs } from "node:util";
import { STRATEGIES, type Strategy } from "../components/standby/standby-plan.ts";
import { unreadable } from "../operations/command-line.ts";
import { PROJECT_FOLDER, readStackSettings } from "../operations/stack-files.ts";
import { nearest } from "../stacks/problems.ts";
import type { Users } from "./play.ts";
import { SCENARIOS, scenarioNamed } from "./scenarios/index.ts";

/** What a rehearsal is asked for. */
export interface Options {
  scenario: string;
  strategy: Strategy;
  /** Times as fast as for users. */
  speed: number;
  users: Users;
  /** File that gets the report as a page. */
  page: string;
  json: boolean;
  resources: boolean;
  keep: boolean;
}

/** Fastest clock: beyond it a health check's interval is shorter than an answer takes here. */
const FASTEST = 60;

/** Most that users write in a second of each kind. */
const MOST = 50;

const width = Math.max(...SCENARIOS.map(({ name }) => name.length));

export const HELP = `Rehearse a disaster on this machine: the real Pulumi engine deploys the four stacks on a local AWS and a local
Azure, users write all the time, a cloud or a part of it is killed, the real commands fail over and back, and what
users saw is measured.

Usage: npm start [-- options]

  --scenario <name>      what happens; site without it
${SCENARIOS.map(({ name, title }) => `      ${name.padEnd(width)}  ${title}`).join("\n")}
  --strategy <strategy>  ${STRATEGIES.join(", ")}; without it that of Pulumi.dr.yaml
  --speed <number>       times as fast as for users, 1 to ${FASTEST}: health checks, TTLs, and what Azure takes; 1 without it
  --orders <number>      orders in a second, each a row; 5 without it, at most ${MOST}
  --objects <number>     objects in a second; 2 without it, at most ${MOST}
  --page <file>          where the report goes as a page for a browser; rehearsal.html without it
  --resources            name every resource, and whether it was real or only recorded
  --json                 print the report as one JSON object on standard output
  --keep                 keep the run's folder (logs, state, stack files) also when all went well
  --help                 this text

Exit code: 0 all went well, 1 something failed or a thing that had to be so was not, 2 wrong usage, 130 interrupted.`;

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;
const ALL = {
  ...{ scenario: { ...text, default: "site" }, strategy: text },
  ...{ orders: { ...text, default: "5" }, objects: { ...text, default: "2" } },
  ...{ speed: { ...text, default: "1" }, page: { ...text, default: "rehearsal.html" } },
  ...{ json: flag, resources: flag, keep: flag, help: flag },
};

/** @returns an Error for what cannot be read, with the mend */
export function readOptions(args: string[]): Options | Error | "help" {
  try {
    const { values } = parseArgs({ args, options: ALL });
    const { help, scenario, strategy: given, speed, orders, objects, ...others } = values;
    if (help) return "help";
    const strategy = given ?? ownStrategy();
    const known = STRATEGIES.find((each) => each === strategy);
    if (!known)
      return new Error(`--strategy: expected one of ${STRATEGIES.join(", ")}, found ${strategy}${meant(strategy)}`);
    scenarioNamed(scenario, known);
    const times = Number(speed);
    if (!(times >= 1 && times <= FASTEST)) return new Error(`--speed: expected 1 to ${FASTEST}, found ${speed}`);
    const users = { orders: Number(orders), objects: Number(objects) };
    for (const [flag, rate] of Object.entries(users)) {
      if (!(rate > 0 && rate <= MOST))
        return new Error(
          `--${flag}: expected more than 0, at most ${MOST}, found ${values[flag as keyof typeof users]}`,
        );
    }
    return { scenario, strategy: known, speed: times, users, ...others };
  } catch (error) {
    return unreadable(error as Error, Object.keys(ALL));
  }
}

/** What the project's own stack file says. */
function ownStrategy(): Strategy {
  const [settings] = readStackSettings(PROJECT_FOLDER, "dr");
  return settings?.strategy ?? "pilot-light";
}

function meant(strategy: string): string {
  const candidate = nearest(strategy, STRATEGIES);
  return candidate ? `; did you mean ${candidate}?` : "";
}
