import type { Command } from "../command.ts";

/** `npm run dr -- runbook` */
export const runbook: Command = {
  name: "runbook",
  summary: "Print what the commands do, step by step, and what people do in their stead, as Markdown.",
  options: {},

  async run() {
    const { runbookText } = await import("../runbooks/text.ts");
    process.stdout.write(runbookText());
  },
};
