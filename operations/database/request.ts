import { hostname, userInfo } from "node:os";
import type { RestoreDocument } from "../../lambdas/standby/restore-document.ts";
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

/** Whether this was asked for already, and the controller is not through with it. */
export function sameRestore(asked: RestoreDocument, wanted: RestoreDocument, { restore }: SeenState): boolean {
  if (asked.dump !== wanted.dump || asked.discard !== wanted.discard) return false;
  const answered = restore?.requestedAt === asked.requestedAt;
  return !(answered && (restore.status === "loaded" || restore.status === "refused"));
}
