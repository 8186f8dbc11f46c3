import type { Operation } from "../operation.ts";
import type { RunbookStep } from "../runbook/runbook.ts";

/** Refuses to leave behind what only the standby has. @param discard unless that is wanted */
export function nothingOwn(discard: boolean): RunbookStep<Operation> {
  return {
    id: "own-writes",
    title: "Make sure that nothing is left behind",
    what: "Looks whether users may have written to the standby's database. What they wrote to the content comes home by a failback too.",
    byHand: ["`npm run dr -- failback` brings home what was written", "`--discard-standby`, where none of it counts"],
    limit: 60,
    async act({ control, plan }, { signal }) {
      if (discard) return "what was written at the standby is left there, as was asked for";
      const { data } = await control.state(signal);
      if (plan.database.own && data?.tenure === "own") {
        throw new Error(
          "expected a standby to which nobody has written, found one whose database has writes of its own; bring them " +
            "home with `npm run dr -- failback`, or give them up with --discard-standby",
        );
      }
      return "nothing was written to the standby's database";
    },
  };
}
