import { type DumpKind, dumpNames, dumpOf } from "../../lambdas/database/layout.ts";
import { MOST_AHEAD } from "../../lambdas/standby/complete-dumps.ts";
import { WrongUsage } from "../command.ts";
import { readMoment } from "../moment.ts";
import type { SeenState } from "./control.ts";
import type { Dump, LookedAt } from "./dumps.ts";

/** Faults of a dump that are named. */
const NAMED = 10;

/** Which dump is meant: one by its id, or the newest complete one that was begun by a moment. */
export type Wanted = { dump: string; kind?: DumpKind } | { by: Date };

/**
 * Reads what --from says.
 *
 * @param text name of a manifest, id of a dump, `latest`, or a moment in ISO 8601
 * @throws WrongUsage when it is none of these
 */
export function readWanted(text: string, now = new Date()): Wanted {
  if (text === "latest") return { by: now };
  if (/^\d{8}T\d{6}Z$/.test(text)) return { dump: text };
  const manifest = dumpOf(text);
  if (manifest) return manifest;
  if (/^\d{4}-/.test(text)) return { by: readMoment("from", text, now) };
  throw new WrongUsage(
    "--from: expected latest, a moment as 2026-11-21T14:05:00Z, the id of a dump as 20261121T021500Z, or the name of " +
      `a manifest as manifests/daily/20261121T021500Z.json, found ${text}; --list shows what there is`,
  );
}

/** A dump that can be loaded. */
export type Complete = LookedAt & Required<Pick<LookedAt, "manifest">>;

/** What was chosen, and what was newer but has faults. */
export interface Choice {
  chosen: Complete;
  passedOver: LookedAt[];
}

/**
 * Finds the dump that is meant.
 *
 * @param dumps the newest first
 * @throws Error when there is none, or the one that is named has faults; names its files
 */
export async function choose(
  dumps: readonly Dump[],
  wanted: Wanted,
  look: (dump: Dump) => Promise<LookedAt>,
): Promise<Choice> {
  if (dumps.length === 0) {
    throw new Error(
      "expected a dump on Azure, found none: none was sealed and carried over yet; `dump-database` makes one",
    );
  }
  if ("dump" in wanted) {
    const named = dumps.find(({ dump }) => dump === wanted.dump);
    if (!named)
      throw new Error(`expected the dump ${wanted.dump} on Azure, found none of that id; --list shows what there is`);
    if (wanted.kind !== undefined && wanted.kind !== named.kind) {
      const [right, wrong] = [named.kind, wanted.kind].map((kind) => dumpNames(kind, named.dump).manifest);
      throw new Error(`--from: expected ${right}, for that dump is a ${named.kind} one, found ${wrong}`);
    }
    const looked = await look(named);
    if (isComplete(looked)) return { chosen: looked, passedOver: [] };
    throw new Error(`the dump ${wanted.dump} is not complete, and can't be loaded:\n${renderFaults(looked)}`);
  }
  const passedOver: LookedAt[] = [];
  for (const dump of dumps.filter(({ begunAt }) => begunAt <= wanted.by)) {
    const looked = await look(dump);
    if (isComplete(looked)) return { chosen: looked, passedOver };
    passedOver.push(looked);
  }
  const oldest = dumps.at(-1)?.begunAt.toISOString();
  throw new Error(
    [
      `expected a complete dump that was begun by ${wanted.by.toISOString()}, found none; the oldest of ${dumps.length} was begun at ${oldest}`,
      ...passedOver.map((dump) => `${dump.kind} ${dump.dump}:\n${renderFaults(dump)}`),
    ].join("\n"),
  );
}

/**
 * The newest dump that the controller would load by itself; undefined when there is none.
 *
 * @param dumps the newest first
 * @param without what it has set aside
 */
export async function newestOf<D extends Dump>(
  dumps: readonly D[],
  without: SeenState["setAside"],
  look: (dump: D) => Promise<LookedAt>,
  now = new Date(),
): Promise<Complete | undefined> {
  for (const dump of dumps) {
    const misdated = dump.begunAt.getTime() > now.getTime() + MOST_AHEAD;
    if (misdated || without.some((aside) => aside.dump === dump.dump)) continue;
    const looked = await look(dump);
    if (isComplete(looked)) return looked;
  }
  return undefined;
}

/** Whether a dump can be loaded. */
export function isComplete(looked: LookedAt): looked is Complete {
  return looked.manifest !== undefined && looked.faults.length === 0;
}

/** The first faults, a line each. */
export function renderFaults({ faults }: LookedAt): string {
  const more = faults.length - NAMED;
  return [...faults.slice(0, NAMED).map((fault) => `  ${fault}`), ...(more > 0 ? [`  … and ${more} more`] : [])].join(
    "\n",
  );
}
