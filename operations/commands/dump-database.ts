import type { Command } from "../command.ts";
import { StackReader, textIn } from "../outputs.ts";
import { progress } from "../terminal.ts";
import { folderOf, OBJECTS_OPTIONS, print, textOf } from "./objects-options.ts";

/** `npm run dr -- dump-database` */
export const dumpDatabase: Command = {
  name: "dump-database",
  summary: "Dump the primary's database now, as the night does; needs AWS.",
  options: {
    wait: { type: "boolean", help: "follow it to its end; else it is only begun" },
    ...OBJECTS_OPTIONS,
  },

  async run({ workload, wait, json, ...values }, signal) {
    const link = await (await StackReader.open(folderOf(values))).read("link", textOf(workload));
    const { DumpMachine, renderEnded } = await import("../database/dump-machine.ts");
    const machine = DumpMachine.of(textIn(link, "dumpMachineArn"));
    const running = await machine.running(signal);
    const execution = running ?? (await machine.start(signal));
    const found = { workload: link.workload, execution: execution.arn, startedAt: execution.startedAt.toISOString() };
    if (!json) {
      const begun = running ? `A dump is being made since ${found.startedAt}` : "A dump was begun";
      process.stdout.write(`${begun}: ${execution.arn}\n`);
    }
    if (!wait) return print(json, found, "--wait follows it. It costs no more than a night's, and takes as long.");

    const line = progress();
    try {
      const ended = await machine.follow(execution, (text) => line.show(text), signal);
      line.end();
      print(json, { ...found, ...ended }, renderEnded(ended));
    } catch (error) {
      line.end();
      if (signal.aborted)
        process.stderr.write(
          `The dump goes on without this command: ${execution.arn}. While it runs the same command follows it again; once ` +
            "it has ended, that begins another one.\n",
        );
      throw error;
    }
  },
};
