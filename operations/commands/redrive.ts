import type { Command } from "../command.ts";
import type { Group } from "../objects/set-aside.ts";
import { openQueues } from "../objects/sites.ts";
import { StackReader } from "../outputs.ts";
import { progress } from "../terminal.ts";
import { folderOf, OBJECTS_OPTIONS, print, textOf } from "./objects-options.ts";

/** Messages that are looked at to say why they are there. */
const LOOKED_AT = 1000;

/** `npm run dr -- redrive` */
export const redrive: Command = {
  name: "redrive",
  summary: "Show what the object replication has set aside, and why, and give it back to the replicator.",
  options: {
    "dry-run": { type: "boolean", help: "show it and leave it there" },
    ...OBJECTS_OPTIONS,
  },

  async run({ workload, "dry-run": dryRun, json, ...values }, signal) {
    const folder = folderOf(values);
    const { sqs, urls } = await openQueues(
      await (await StackReader.open(folder)).read("link", textOf(workload)),
      folder,
    );
    const { groupByReason, lookAt } = await import("../objects/set-aside.ts");
    const { moveMessages, waitingIn } = await import("../objects/move.ts");

    const waiting = await waitingIn(sqs, urls.deadLetters);
    const looked = await lookAt(sqs, urls.deadLetters, LOOKED_AT, signal);
    const reasons = groupByReason(looked);
    const found = { waiting: Math.max(waiting, looked.length), lookedAt: looked.length, reasons };
    if (!json) process.stdout.write(`${render(found)}\n`);

    let moved = 0;
    if (!dryRun && found.waiting > 0) {
      const line = progress();
      const onProgress = (count: number) => line.show(`moved ${count} of ${found.waiting}`);
      try {
        moved = await moveMessages({ sqs, fromUrl: urls.deadLetters, toUrl: urls.queue, onProgress, signal });
      } finally {
        line.end();
      }
      if (!json) process.stdout.write(`Given back to the replicator: ${moved}.\n`);
    }
    if (json) print(json, { ...found, moved }, "");
  },
};

function render({ waiting, lookedAt, reasons }: { waiting: number; lookedAt: number; reasons: Group[] }): string {
  if (waiting === 0) return "Nothing is set aside.";
  const of = lookedAt < waiting ? ` (${lookedAt} of them looked at)` : "";
  return [
    `Set aside: ${waiting}${of}.`,
    ...reasons.flatMap(({ reason, messages, keys }) => [
      `  ${messages} x ${reason}`,
      ...keys.map((key) => `      ${JSON.stringify(key)}`),
      ...(messages > keys.length ? ["      …"] : []),
    ]),
  ].join("\n");
}
