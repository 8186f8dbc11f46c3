import { hostname, userInfo } from "node:os";
import { holds, type RestoreDocument } from "../../lambdas/standby/restore-document.ts";
import type { SeenState } from "./control.ts";
import type { Dump } from "./dumps.ts";

/** What the controller is asked for. @param now by the clock of this machine */
export function newRequest(
  { dump, kind }: Dump,
  { discard, why }: { discard: boolean; why?: string },
  now = new Date(),
): RestoreDocument {
  return {
    version: 1,
    dump,
    kind,
    discard,
    ...(why && { why }),
    requestedAt: now.toISOString(),
    by: `${userInfo().username}@${hostname()}`,
  };
}

/** A request that the controller is not through with. @param newest complete dump, which may have made it void */
export function openRequest(
  asked: RestoreDocument | undefined,
  { restore, data }: SeenState,
  newest: Dump | undefined,
): RestoreDocument | undefined {
  if (!asked || data?.restored === asked.requestedAt || !holds(asked, newest)) return undefined;
  const answered = restore?.requestedAt === asked.requestedAt;
  return answered && (restore.status === "loaded" || restore.status === "refused") ? undefined : asked;
}

/** Whether one request comes to the same as the other. */
export function sameRestore(asked: RestoreDocument, wanted: RestoreDocument): boolean {
  return asked.dump === wanted.dump && asked.discard === wanted.discard;
}

/** An open request and how far it is. @example "20261121T021500Z was asked for at …, and is not carried out yet" */
export function renderOpen({ dump, requestedAt, by }: RestoreDocument, { restore, loading }: SeenState): string {
  const taken = restore?.requestedAt === requestedAt && restore.status === "loading";
  const phase = loading?.dump === dump ? ` (${loading.phase}: ${loading.done} of ${loading.of})` : "";
  const stands = taken ? `is being loaded${phase}` : "is not carried out yet";
  return `${dump} was asked for at ${requestedAt} by ${by}, and ${stands}`;
}
