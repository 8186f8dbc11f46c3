import type { Operation } from "../operation.ts";
import type { RunbookStep } from "../runbook/runbook.ts";
import { untilWell } from "./smoke.ts";

/** Makes sure of the site that users are to go back to. */
export function primaryWell(): RunbookStep<Operation> {
  return {
    id: "primary-well",
    title: "Ask the primary what its users will",
    what: "Asks the primary's app for its health, and its edge for an object, by their own hosts: users are sent back only to a site that is well.",
    byHand: [
      "`npm run dr -- smoke --site primary` says which question fails",
      "What is missing on AWS comes back by `pulumi up --stack prod`",
    ],
    limit: 300,
    async act(operation, watch) {
      const asked = await untilWell("primary", await operation.read("prod"), watch);
      return `${asked.length} good answers`;
    },
  };
}
