import type { Command } from "../command.ts";
import { StackReader } from "../outputs.ts";
import { folderOf, OBJECTS_OPTIONS, print, textOf } from "./objects-options.ts";

/** `npm run dr -- status` */
export const status: Command = {
  name: "status",
  summary: "Show how both sites stand, what is declared, what would be lost now, and what is amiss, with its mend.",
  options: {
    strict: { type: "boolean", help: "exit code 1 when something is amiss; else 0 as long as it can be told" },
    preview: { type: "boolean", help: "also what `pulumi up` would do to dr and traffic, which takes a minute" },
    ...OBJECTS_OPTIONS,
  },

  async run({ strict, preview, json, workload, ...values }, signal) {
    const folder = folderOf(values);
    const [stacks, { gather }, { problemsOf }, { renderStatus }] = await Promise.all([
      StackReader.open(folder),
      import("../status/facts.ts"),
      import("../status/problems.ts"),
      import("../status/render.ts"),
    ]);
    const facts = await gather(stacks, { folder, workload: textOf(workload) }, signal);
    const problems = problemsOf(facts);
    const previews = preview ? await (await import("../status/preview.ts")).previews(folder, signal) : undefined;
    print(json, { ...facts, ...(previews && { previews }), problems }, renderStatus(facts, problems, previews));
    if (strict && problems.length > 0) throw new Error(`${problems.length} things are amiss`);
  },
};
