import { type Command, type Values, WrongUsage } from "../command.ts";
import { readMoment } from "../moment.ts";
import { declaredSince } from "../objects/declared.ts";
import type { Done, KeyStep, Scope } from "../objects/restore.ts";
import { type Copies, openCopies } from "../objects/sites.ts";
import { StackReader, textIn } from "../outputs.ts";
import { confirm, progress } from "../terminal.ts";
import { folderOf, OBJECTS_OPTIONS, print, textOf } from "./objects-options.ts";

/** `npm run dr -- restore-content` */
export const restoreContent: Command = {
  name: "restore-content",
  summary: "Bring the standby's content back to what it was at a moment; nothing is deleted, and AWS is not asked.",
  options: {
    at: { type: "string", value: "time", help: "the moment, with its zone, as 2026-11-21T14:05:00Z" },
    prefix: { type: "string", value: "prefix", help: "only keys that begin so" },
    key: { type: "string", value: "key", help: "only this key" },
    "dry-run": { type: "boolean", help: "show what would be done" },
    yes: { type: "boolean", help: "do not ask" },
    force: { type: "boolean", help: "also while the content is not declared lost, and the primary's is served" },
    ...OBJECTS_OPTIONS,
  },

  async run({ at, "dry-run": dryRun, yes, force, json, workload, ...values }, signal) {
    if (typeof at !== "string") throw new WrongUsage("expected --at with the moment to go back to, found none");
    const moment = readMoment("at", at);
    const scope = scopeOf(values);
    const dr = await (await StackReader.open(folderOf(values))).read("dr", textOf(workload));
    if (!dryRun && !force) await requireDeclared(textIn(dr, "markerEndpoint"), signal);

    const copies = await openCopies(dr);
    const { summarize, renderSummary } = await import("../objects/restore-summary.ts");
    const { planRestore } = await import("../objects/restore.ts");
    const line = progress();
    const onProgress = (looked: number) => line.show(`looking: ${looked} keys`);
    const steps = () => planRestore(copies.container, scope, moment, signal);
    const plan = await summarize(steps(), onProgress).finally(() => line.end());
    const found = { at: moment.toISOString(), workload: dr.workload, ...scope, plan };
    if (!json) process.stdout.write(`${renderSummary(plan)}\n`);
    if (plan.looked === 0) throw new Error(`expected keys at the standby ${nameOf(scope)}, found none, now or then`);
    const due = plan.copy.keys + plan.hide.keys;
    if (dryRun || due === 0) {
      if (json) print(json, found, "");
      return requireAll(plan.refuse.keys);
    }
    if (
      !yes &&
      !(await confirm(
        `Restore ${due} keys of ${dr.workload} to what they were at ${found.at}?`,
        "--yes or --dry-run",
        signal,
      ))
    ) {
      throw new Error("nothing was restored: the answer was no");
    }
    const done = await carryOut(copies, steps(), due, signal);
    print(json, { ...found, done }, `Copied ${done.copied}, hidden ${done.hidden}.`);
    requireAll(done.left, done.named);
  },
};

function scopeOf({ prefix, key }: Values): Scope {
  if (typeof prefix === "string" && typeof key === "string") {
    throw new WrongUsage("expected --prefix or --key, found both");
  }
  return typeof key === "string" ? { key } : { prefix: textOf(prefix) ?? "" };
}

function nameOf(scope: Scope): string {
  if ("key" in scope) return `that are ${JSON.stringify(scope.key)}`;
  return scope.prefix === "" ? "at all" : `that begin with ${JSON.stringify(scope.prefix)}`;
}

async function requireDeclared(markerEndpoint: string, signal: AbortSignal): Promise<void> {
  const since = await declaredSince(markerEndpoint, signal).catch((error: Error) => {
    throw new Error(`${error.message}; --force restores without looking at it`);
  });
  if (since) return;
  throw new Error(
    "expected the content to be declared lost, found that it is not: the primary's content is what users get, so " +
      "restore it there, and the copies follow. What is restored here belongs to the standby, and the replicator does " +
      "not write it any more. --force does it all the same; --dry-run shows what",
  );
}

async function carryOut(
  copies: Copies,
  steps: AsyncIterable<KeyStep>,
  due: number,
  signal: AbortSignal,
): Promise<Done> {
  const { restore } = await import("../objects/restore.ts");
  const line = progress();
  const onProgress = ({ copied, hidden }: Done) => line.show(`restored ${copied + hidden} of ${due}`);
  return restore(copies, steps, onProgress, signal).finally(() => line.end());
}

function requireAll(left: number, named: Done["named"] = []): void {
  if (left === 0) return;
  const lines = named.map(({ key, reason }) => `  ${key}: ${reason}`);
  throw new Error(
    [`${left} keys are not what they were then; run it again for what can be restored.`, ...lines].join("\n"),
  );
}
