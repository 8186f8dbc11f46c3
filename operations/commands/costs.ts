import { resolve } from "node:path";
import { STRATEGIES, type Strategy } from "../../components/standby/standby-plan.ts";
import type { Command } from "../command.ts";
import { estimate, type WorkloadEstimate } from "../costs/estimate.ts";
import { pairWorkloads } from "../costs/pairs.ts";
import { renderCosts, renderLines } from "../costs/render.ts";
import { costReport } from "../costs/report.ts";
import { PROJECT_FOLDER, readStackSettings } from "../stack-files.ts";

/** `npm run dr -- costs` */
export const costs: Command = {
  name: "costs",
  summary: "Estimate what the standby costs in a month, with each strategy, beside the primary.",
  options: {
    strategy: {
      type: "string",
      value: "strategy",
      values: STRATEGIES,
      help: "every line of one strategy, and of the primary",
    },
    "stack-files": {
      type: "string",
      value: "folder",
      help: "folder with Pulumi.yaml, Pulumi.prod.yaml and Pulumi.dr.yaml; the project's own without it",
    },
    json: { type: "boolean", help: "one JSON object on standard output" },
  },

  async run({ strategy, "stack-files": folder, json }) {
    const estimates = estimateStacks(typeof folder === "string" ? resolve(folder) : PROJECT_FOLDER);
    const one = strategy as Strategy | undefined;
    if (json) process.stdout.write(`${JSON.stringify(costReport(estimates, one), legible, 2)}\n`);
    else process.stdout.write(`${one ? renderLines(estimates, one) : renderCosts(estimates)}\n`);
  },
};

/** Without the tails that binary fractions have. */
function legible(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toFixed(6)) : value;
}

function estimateStacks(folder: string): WorkloadEstimate[] {
  const pairs = pairWorkloads(readStackSettings(folder, "prod"), readStackSettings(folder, "dr"));
  return pairs.map(({ primary, standby }) => estimate(primary, standby));
}
