import { resolve } from "node:path";
import { type Command, type Values, WrongUsage } from "../command.ts";
import { DUMP_HOURS } from "../status/limits.ts";
import { folderOf, OBJECTS_OPTIONS, print, textOf } from "./objects-options.ts";

/** `npm run dr -- preflight` */
export const preflight: Command = {
  name: "preflight",
  summary: "Look whether a declaration would go through from this machine now; AWS is not asked. 1 when it would not.",
  options: {
    export: { type: "string", value: "file", help: "where an export of dr's state is kept; written anew" },
    "dump-age": { type: "string", value: "hours", help: `that the newest dump may be old; ${DUMP_HOURS} without it` },
    ...OBJECTS_OPTIONS,
  },

  async run({ json, workload, export: file, ...values }, signal) {
    const dumpHours = hoursOf(values);
    const [{ preflight: look }, { renderLines }] = await Promise.all([
      import("../preflight/preflight.ts"),
      import("../preflight/render.ts"),
    ]);
    const exportFile = typeof file === "string" ? resolve(file) : undefined;
    const lines = await look({ folder: folderOf(values), workload: textOf(workload), exportFile, dumpHours }, signal);
    const [failed = 0, skipped = 0] = ["fail", "skip"].map(
      (each) => lines.filter(({ status }) => status === each).length,
    );
    print(json, { ready: failed === 0, lines }, renderLines(lines));
    if (failed === 0) return;
    const waiting = skipped === 0 ? "" : `, and ${skipped} can't be looked at before that is mended`;
    throw new Error(`a declaration would not go through from here: ${failed} of ${lines.length} failed${waiting}`);
  },
};

function hoursOf({ "dump-age": text }: Values): number {
  if (text === undefined) return DUMP_HOURS;
  const hours = Number(text);
  if (hours > 0) return hours;
  throw new WrongUsage(`--dump-age: expected hours, found ${text}`);
}
