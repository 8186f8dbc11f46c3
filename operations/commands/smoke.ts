import { styleText } from "node:util";
import type { Site } from "../../components/traffic/weights.ts";
import type { Command } from "../command.ts";
import { StackReader } from "../outputs.ts";
import { folderOf, OBJECTS_OPTIONS, print, textOf } from "./objects-options.ts";

/** `npm run dr -- smoke` */
export const smoke: Command = {
  name: "smoke",
  summary:
    "Ask a site all that it must answer before users are sent there, whatever DNS says; 1 when an answer is not good.",
  options: {
    site: {
      type: "string",
      value: "site",
      values: ["primary", "standby"],
      help: "without it the one that should serve the app now",
    },
    ...OBJECTS_OPTIONS,
  },

  async run({ site: given, json, workload, ...values }, signal) {
    const stacks = await StackReader.open(folderOf(values));
    const [{ smoke: askSite }, { renderAsked }, { servingSite }] = await Promise.all([
      import("../smoke/smoke.ts"),
      import("../smoke/render.ts"),
      import("../smoke/questions.ts"),
    ]);
    // The standby is asked without a look at what is AWS's, and the primary without one at what is Azure's.
    const site = (given as Site | undefined) ?? servingSite(await stacks.read("dr", textOf(workload)));
    const outputs = await stacks.read(site === "primary" ? "prod" : "dr", textOf(workload));
    const asked = await askSite(site, outputs, signal);
    const title = styleText("bold", `The ${site} of ${outputs.workload}`, { stream: process.stdout });
    print(json, { workload: outputs.workload, site, asked }, `${title}\n${renderAsked(asked)}`);
    const failed = asked.filter(({ ok }) => !ok).length;
    if (failed > 0)
      throw new Error(`${failed} of ${asked.length} answers are not good: no user should be sent there yet`);
  },
};
