import { type Command, WrongUsage } from "../command.ts";
import { StackReader, textIn } from "../outputs.ts";
import { folderOf, OBJECTS_OPTIONS, print, textOf } from "./objects-options.ts";

/** `npm run dr -- secrets` */
export const secrets: Command = {
  name: "secrets",
  summary: "Compare the primary's secrets with the standby's copies, by name and version; exit code 0 when they agree.",
  options: {
    repair: {
      type: "boolean",
      help: "have the replicator look at every secret that differs; then 0 when all were sent",
    },
    ...OBJECTS_OPTIONS,
  },

  async run({ workload, repair, json, ...values }, signal) {
    const folder = folderOf(values);
    const stacks = await StackReader.open(folder);
    const dr = await stacks.read("dr", textOf(workload));
    const link = await stacks.read("link", dr.workload);
    const [{ openSecrets, secretsFollow }, { renderComparison }, { look }] = await Promise.all([
      import("../secrets/sides.ts"),
      import("../secrets/render.ts"),
      import("../../lambdas/secrets/sweep.ts"),
    ]);
    if (!secretsFollow(link)) {
      throw new WrongUsage("expected secretReplication live or nightly in stack link, found off: no secrets follow");
    }
    const comparison = await look(await openSecrets(dr, folder));
    signal.throwIfAborted();
    const due = comparison.drift.filter(({ kind }) => kind !== "foreign");
    if (repair)
      await send(
        folder,
        textIn(link, "secretsQueueUrl"),
        due.map(({ secret }) => secret),
      );
    const told = repair ? `\nSent to the replicator: ${due.length}; compare again in a minute.` : "";
    const report = { workload: dr.workload, ...comparison, ...(repair && { sent: due.length }) };
    print(json, report, renderComparison(comparison) + told);
    if (comparison.drift.length > 0 && !repair) {
      throw new Error(
        "copies differ: what changed a moment ago is on its way, with secretReplication nightly what changed since the " +
          "night; --repair sends for the rest",
      );
    }
  },
};

/** Has the replicator look at secrets. */
async function send(folder: string, queue: string, names: string[]): Promise<void> {
  const [{ openSqs }, { Messages }, { writeHint }] = await Promise.all([
    import("../objects/sites.ts"),
    import("../../lambdas/objects/messages.ts"),
    import("../../lambdas/secrets/hints.ts"),
  ]);
  const messages = new Messages(await openSqs(folder), { queue, parked: "", deadLetters: "" });
  await messages.enqueue(names.map(writeHint));
}
