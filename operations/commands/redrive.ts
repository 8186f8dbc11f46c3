import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Command } from "../command.ts";
import type { Group } from "../objects/set-aside.ts";
import { openSqs, type Replication, replicationsOf } from "../objects/sites.ts";
import { StackReader } from "../outputs.ts";
import { progress } from "../terminal.ts";
import { folderOf, OBJECTS_OPTIONS, print, textOf } from "./objects-options.ts";

/** Messages that are looked at to say why they are there. */
const LOOKED_AT = 1000;

/** `npm run dr -- redrive` */
export const redrive: Command = {
  name: "redrive",
  summary: "Show what the replication of objects, dumps, secrets and images has set aside, and why, and give it back.",
  options: {
    "dry-run": { type: "boolean", help: "show it and leave it there" },
    ...OBJECTS_OPTIONS,
  },

  async run({ workload, "dry-run": dryRun, json, ...values }, signal) {
    const folder = folderOf(values);
    const link = await (await StackReader.open(folder)).read("link", textOf(workload));
    const sqs = await openSqs(folder);
    const found: Record<string, SetAside> = {};
    for (const replication of replicationsOf(link)) {
      const say = (text: string) => json || process.stdout.write(`${text}\n`);
      found[replication.name] = await giveBack(sqs, replication, { dryRun: dryRun === true, say, signal });
    }
    if (json) print(json, found, "");
  },
};

/** What lies in the dead letters of one replication, and how much of it was given back. */
export interface SetAside {
  waiting: number;
  lookedAt: number;
  reasons: Group[];
  moved: number;
}

interface GivingBack {
  dryRun: boolean;
  /** Told each line that is for people. */
  say: (text: string) => void;
  signal: AbortSignal;
}

/** Shows what one replication has set aside, and gives it back to its replicator. */
export async function giveBack(
  sqs: SQSClient,
  { name, queue, deadLetters }: Replication,
  { dryRun, say, signal }: GivingBack,
): Promise<SetAside> {
  const { groupByReason, lookAt } = await import("../objects/set-aside.ts");
  const { moveMessages, waitingIn } = await import("../objects/move.ts");
  const waiting = await waitingIn(sqs, deadLetters);
  const looked = await lookAt(sqs, deadLetters, LOOKED_AT, signal);
  const reasons = groupByReason(looked);
  const found = { waiting: Math.max(waiting, looked.length), lookedAt: looked.length, reasons, moved: 0 };
  say(`${name}: ${render(found)}`);
  if (dryRun || found.waiting === 0) return found;

  const line = progress();
  const onProgress = (count: number) => line.show(`${name}: moved ${count} of ${found.waiting}`);
  try {
    found.moved = await moveMessages({ sqs, fromUrl: deadLetters, toUrl: queue, onProgress, signal });
  } finally {
    line.end();
  }
  say(`${name}: given back to the replicator: ${found.moved}.`);
  return found;
}

function render({ waiting, lookedAt, reasons }: SetAside): string {
  if (waiting === 0) return "nothing is set aside.";
  const of = lookedAt < waiting ? ` (${lookedAt} of them looked at)` : "";
  return [
    `set aside: ${waiting}${of}.`,
    ...reasons.flatMap(({ reason, messages, keys }) => [
      `  ${messages} x ${reason}`,
      ...keys.map((key) => `      ${JSON.stringify(key)}`),
      ...(messages > keys.length ? ["      …"] : []),
    ]),
  ].join("\n");
}
