import type { Comparison as Found } from "../../lambdas/objects/reconcile.ts";
import { type Command, WrongUsage } from "../command.ts";
import { openControl } from "../database/sites.ts";
import { readMoment } from "../moment.ts";
import { ownSince } from "../objects/declared.ts";
import type { Returned } from "../objects/failback.ts";
import type { Repair } from "../objects/repair.ts";
import { type Bucket, openBucket, openCopies, openQueues, type Queues, storeOf } from "../objects/sites.ts";
import { type Outputs, requireSameWorkload, StackReader, textIn } from "../outputs.ts";
import { progress } from "../terminal.ts";
import { folderOf, OBJECTS_OPTIONS, print, textOf } from "./objects-options.ts";

/** Differences of a kind that are told: as a text, and as JSON. */
const SHOWN = 20;
const LISTED = 10_000;

/** `npm run dr -- reconcile` */
export const reconcile: Command = {
  name: "reconcile",
  summary: "Compare the primary's content with the standby's copies; exit code 0 when they agree, 1 when they differ.",
  options: {
    prefix: { type: "string", value: "prefix", help: "only keys that begin so" },
    repair: { type: "boolean", help: "have the replicator look at every key that differs; then 0 when all were sent" },
    back: { type: "boolean", help: "for failback: copy to the primary what was written at the standby" },
    since: { type: "string", value: "time", help: "with --back: from then on; from the declaration without it" },
    ...OBJECTS_OPTIONS,
  },

  async run({ workload, prefix, repair, back, since, json, ...values }, signal) {
    if (back && repair) throw new WrongUsage("expected --repair or --back, found both: they go opposite ways");
    if (since !== undefined && !back) throw new WrongUsage("expected --since together with --back, found it alone");
    const from = typeof since === "string" ? readMoment("since", since) : undefined;
    const folder = folderOf(values);
    const stacks = await StackReader.open(folder);
    const [dr, prod] = await Promise.all([stacks.read("dr", textOf(workload)), stacks.read("prod", textOf(workload))]);
    requireSameWorkload(dr, prod);
    const work = { dr, bucket: await openBucket(prod), prefix: textOf(prefix) ?? "", json, signal };
    if (back) return bringBack(work, from);
    const link = repair ? await stacks.read("link", dr.workload) : undefined;
    return comparison(work, link && (await openQueues(link, folder)));
  },
};

interface Work {
  dr: Outputs;
  bucket: Bucket;
  prefix: string;
  json: unknown;
  signal: AbortSignal;
}

/** @param queues to the replicator, when what differs is to be repaired */
async function comparison({ dr, bucket, prefix, json, signal }: Work, queues: Queues | undefined): Promise<void> {
  const [{ compare }, { agree, Findings, renderComparison }] = await Promise.all([
    import("../../lambdas/objects/reconcile.ts"),
    import("../objects/findings.ts"),
  ]);
  const copies = await storeOf(await openCopies(dr));
  const repair = queues && (await openRepair(queues, bucket.name));
  const findings = new Findings(json ? LISTED : SHOWN);
  const line = progress();
  const result = await compare(bucket.store, copies, {
    prefix,
    signal,
    onProgress: (keys) => line.show(`compared ${keys} keys`),
    onDifference: async (difference) => {
      findings.add(difference);
      await repair?.add(difference);
    },
  }).finally(() => line.end());
  await repair?.flush();

  const agrees = agree(result);
  const report = { workload: dr.workload, agree: agrees, ...result, differences: findings.list() };
  const told = repair ? `\nSent to the replicator: ${repair.sent} keys; compare again when its queue is empty.` : "";
  print(json, { ...report, ...(repair && { sent: repair.sent }) }, renderComparison(result, findings) + told);
  if (!agrees && !repair) throw new Error(`the two sides differ: ${advice(result)}`);
}

/** What to do about a difference, by what was found. */
function advice({ missing, different, extra, foreign }: Found): string {
  const sent =
    "what is on its way differs for seconds, or for two minutes after a declaration was taken back; --repair sends for the rest";
  const back = "what the standby wrote itself, --back brings back";
  return [missing + different + extra > 0 ? sent : "", foreign > 0 ? back : ""].filter(Boolean).join("; ");
}

async function openRepair({ sqs, urls }: Queues, bucket: string): Promise<Repair> {
  const [{ Messages }, { Repair }] = await Promise.all([
    import("../../lambdas/objects/messages.ts"),
    import("../objects/repair.ts"),
  ]);
  return new Repair(new Messages(sqs, urls), bucket);
}

async function bringBack({ dr, bucket, prefix, json, signal }: Work, from: Date | undefined): Promise<void> {
  const since = from ?? (await ownSince(textIn(dr, "markerEndpoint"), await openControl(dr), signal));
  if (!since) {
    throw new WrongUsage(
      "expected --since, for the content is not declared lost and the marker does not say when it was",
    );
  }
  const { failBack } = await import("../objects/failback.ts");
  const line = progress();
  const onProgress = ({ copied, hidden }: Returned) => line.show(`brought back ${copied + hidden} keys`);
  const copies = await storeOf(await openCopies(dr));
  const returned = await failBack(copies, bucket.store, { prefix, since, onProgress, signal }).finally(() =>
    line.end(),
  );
  print(json, { workload: dr.workload, since: since.toISOString(), ...returned }, renderReturned(since, returned));
  const left = returned.conflicts + returned.failed;
  if (left > 0) throw new Error(`${left} keys did not come back; mend what is said of them, then run it again`);
}

function renderReturned(since: Date, returned: Returned): string {
  const { copied, hidden, unchanged, bytes, conflicts, failed, older, named } = returned;
  return [
    `Written at the standby since ${since.toISOString()}:`,
    `  copied to the primary: ${copied} (${bytes} bytes), deleted there: ${hidden}, there already: ${unchanged}`,
    `  conflicts: ${conflicts}, failed: ${failed}`,
    ...named.map(({ key, reason }) => `      ${JSON.stringify(key)}: ${reason}`),
    ...(older > 0 ? [`  written there before that, and left: ${older}; an earlier --since takes them along`] : []),
  ].join("\n");
}
