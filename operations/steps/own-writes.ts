import type { Operation } from "../operation.ts";
import { textIn } from "../outputs.ts";
import type { RunbookStep } from "../runbook/runbook.ts";

const GIVEN_UP = "bring it home with `npm run dr -- failback`, or give it up with --discard-standby";

/**
 * Refuses to leave behind what only the standby has.
 *
 * @param discard unless that is wanted
 * @param publishedAt finds the key of something that was written at the standby
 */
export function nothingOwn(discard: boolean, publishedAt = firstPublished): RunbookStep<Operation> {
  return {
    id: "own-writes",
    title: "Make sure that nothing is left behind",
    what: "Looks whether users may have written to the standby's database, and whether anything was published there.",
    byHand: ["`npm run dr -- failback` brings home what was written", "`--discard-standby`, where none of it counts"],
    limit: 3600,
    async act(operation, { signal }) {
      if (discard) return "what was written at the standby is left there, as was asked for";
      const { plan, control } = operation;
      const { data } = await control.state(signal);
      if (plan.database.own && data?.tenure === "own") {
        throw new Error(
          `expected a standby to which nobody has written, found one whose database has writes of its own; ${GIVEN_UP}`,
        );
      }
      const published = plan.fenced.content ? await publishedAt(operation, signal) : undefined;
      if (published !== undefined) {
        throw new Error(
          `expected a standby at which nothing was published, found ${JSON.stringify(published)}; ${GIVEN_UP}`,
        );
      }
      return "nothing was written at the standby";
    },
  };
}

/** The key of something that was written at the standby since it serves the content; undefined when nothing was. */
async function firstPublished({ dr, control }: Operation, signal: AbortSignal): Promise<string | undefined> {
  const [{ ownSince }, { openCopies, storeOf }, { toSecond }] = await Promise.all([
    import("../objects/declared.ts"),
    import("../objects/sites.ts"),
    import("../../lambdas/objects/store.ts"),
  ]);
  const since = await ownSince(textIn(dr, "markerEndpoint"), control, signal);
  if (!since) return undefined;
  const from = toSecond(since);
  for await (const { key, record, modified } of (await storeOf(await openCopies(dr))).list("")) {
    signal.throwIfAborted();
    // What the replicator wrote carries its record.
    if (!record && modified >= from) return key;
  }
  return undefined;
}
