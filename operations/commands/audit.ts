import { join, resolve } from "node:path";
import { type Command, WrongUsage } from "../command.ts";
import { folderOf, print, textOf } from "./objects-options.ts";

/** `npm run dr -- audit` */
export const audit: Command = {
  name: "audit",
  summary:
    "Prove from people.yaml and the stacks' states that no one alone can delete every copy. 1 when somebody can.",
  options: {
    people: { type: "string", value: "file", help: "who can do what; people.yaml beside the stack files without it" },
    exports: {
      type: "string",
      value: "folder",
      help: "exports of the stacks' states, prod.json and so on; the engine is asked without it",
    },
    graph: { type: "string", value: "file", help: "write who reaches what as a picture, .svg, or as a page, .html" },
    "stack-files": {
      type: "string",
      value: "folder",
      help: "folder with Pulumi.yaml and the stack files; the project's own without it",
    },
    json: { type: "boolean", help: "one JSON object on standard output" },
  },

  async run({ json, people, exports, graph, ...values }, signal) {
    const folder = folderOf(values);
    const picture = textOf(graph);
    if (picture !== undefined && !/\.(svg|html)$/.test(picture)) {
      throw new WrongUsage(`--graph: expected a file that ends in .svg or .html, found ${picture}`);
    }
    const { auditStacks, renderAudit, writePicture } = await import("../audit/run.ts");
    const file = textOf(people);
    const exported = textOf(exports);
    const report = await auditStacks(
      file === undefined ? join(folder, "people.yaml") : resolve(file),
      { folder, exports: exported === undefined ? undefined : resolve(exported) },
      signal,
    );
    if (picture !== undefined) await writePicture(report, resolve(picture));
    print(json, report, renderAudit(report));
    if (!report.passed) throw new Error("somebody alone can delete every copy, or it is not known that nobody can");
  },
};
