import { type Command, type Values, WrongUsage } from "../command.ts";
import type { Operation } from "../operation.ts";
import { failbackRunbook } from "../runbooks/failback.ts";
import type { Shift } from "../steps/shift.ts";
import { SETTLE } from "../steps/undeclaration.ts";
import { runRunbook } from "./run-runbook.ts";
import { RUNBOOK_OPTIONS } from "./runbook-options.ts";
import { requireDeclared } from "./undeclare.ts";

/** Seconds that a stage is looked at: some times as long as resolvers remember a name. */
const DWELL = 300;

/** `npm run dr -- failback` */
export const failback: Command = {
  name: "failback",
  summary: "Bring users and all that they wrote back to the primary, once that is well again.",
  options: {
    ...RUNBOOK_OPTIONS,
    shares: {
      type: "string",
      value: "90,50,10",
      help: "the standby's share of the users at each stage, in percent; without it all move back at once",
    },
    dwell: { type: "string", value: "seconds", help: `how long a stage is looked at; ${DWELL} without it` },
    settle: { type: "string", value: "seconds", help: `how long resolvers may keep a name; ${SETTLE} without it` },
  },

  async run(values, signal) {
    const asked = {
      runbook: failbackRunbook(shiftIn(values)),
      question: ({ workload }: Operation) =>
        `Bring ${workload} back to AWS? Users can't write from the copy of the database until the names have moved.`,
      refuse: requireDeclared,
      sets: { handBack: "copy" },
    };
    await runRunbook(asked, values, signal);
  },
};

/** @throws WrongUsage where it can't be read */
export function shiftIn(values: Values): Shift {
  const { shares: text } = values;
  const times = { dwell: secondsIn(values, "dwell", DWELL), settle: secondsIn(values, "settle", SETTLE) };
  if (text === undefined) return { shares: [], ...times };
  const shares = String(text).split(",").map(Number);
  const falling = shares.every((share, index) => share < (shares[index - 1] ?? 100));
  if (falling && shares.every((share) => Number.isInteger(share) && share > 0)) return { shares, ...times };
  throw new WrongUsage(`--shares: expected whole numbers below 100 that fall, as 90,50,10, found ${text}`);
}

/** @throws WrongUsage where it is no time */
function secondsIn(values: Values, option: string, otherwise: number): number {
  const { [option]: text = String(otherwise) } = values;
  const seconds = text === "" ? Number.NaN : Number(text);
  if (seconds >= 0 && seconds <= 86_400) return seconds;
  throw new WrongUsage(`--${option}: expected seconds, 0 to 86400, found ${text}`);
}
