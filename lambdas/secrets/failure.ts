import { type Judgement, judge, Permanent } from "../objects/failure.ts";
import { RefusedError } from "../objects/rest.ts";

/** What a vault refuses for as long as nobody mends it ("Key Vault REST API error codes", soft delete). */
const PERMANENT: Record<string, string> = {
  ObjectIsDeletedButRecoverable:
    "somebody deleted the copy, and its name is taken until it is recovered: az keyvault secret recover",
  ObjectIsBeingDeleted: "somebody deletes the copy: recover it when that is done, az keyvault secret recover",
};

/** Judges whatever came of an attempt on a secret. */
export function judgeSecret(thrown: unknown): Judgement {
  const mend = thrown instanceof RefusedError ? PERMANENT[thrown.code] : undefined;
  return judge(mend ? new Permanent(mend) : thrown);
}
