import { at, numberAt, textAt } from "../resources.ts";
import type { Estate } from "./estate.ts";
import type { AwsProbe, Way } from "./model.ts";

/** Days for which AWS keeps a closed account, and what is in it, even what is locked ("Close an AWS account"). */
const POST_CLOSURE_DAYS = 90;

/** Days that a deletion of a key waits, unless it is given otherwise ("Delete AWS KMS keys"); seven at the least. */
const PENDING_DAYS = 7;

/** Ids of the nodes that are powers over an account. */
export const rootOf = (account: string) => `root user of ${account}`;
export const ORGANIZATION = "organization";

/**
 * To close the account is the one way past every lock of AWS's: what is in it is deleted 90 days later ("Object Lock
 * retention modes": the only way is to delete the account; "AWS Backup Vault Lock": even if it was in place).
 */
export function closesAccount(account: string): Way {
  return {
    cause: "account-closure",
    what: `close the account ${account}`,
    steps: [{ cloud: "power", powers: [rootOf(account), ORGANIZATION] }],
    days: POST_CLOSURE_DAYS,
    mend: "keep the root user's password and second factor with two people, and let the organization's administrators hold nothing elsewhere",
  };
}

/** What a key encrypts is gone with it, locked or not. */
export function destroysKmsKey(estate: Estate, key: string, account: string): Way {
  const own = estate
    .ofType("aws:kms/key:Key")
    .find((each) => textAt(each, "arn") === key || textAt(each, "keyId") === key);
  const policies = estate
    .ofType("aws:kms/keyPolicy:KeyPolicy")
    .filter((each) => own && at(each, "keyId") === textAt(own, "keyId"));
  const resourcePolicy = [
    ...(own ? estate.documentAt(own, "policy", "the key's policy") : []),
    ...policies.flatMap((each) => estate.documentAt(each, "policy", "the key's policy")),
  ];
  const resource = own ? (textAt(own, "arn") ?? "*") : key.startsWith("arn:") ? key : "*";
  const probe: AwsProbe = { cloud: "aws", action: "kms:ScheduleKeyDeletion", resource, account };
  // Without a policy that was seen, the account's own policies decide: that is what a new key's says.
  const guarded =
    resourcePolicy.length > 0 ? { resourcePolicy, onlyByResource: true, lifts: ["kms:PutKeyPolicy"] } : {};
  return {
    cause: "key-destruction",
    what: "destroy the key that it is encrypted with (kms:ScheduleKeyDeletion)",
    steps: [{ ...probe, ...guarded }],
    days: (own && numberAt(own, "deletionWindowInDays")) ?? PENDING_DAYS,
    mend: "encrypt it with a key of AWS's, which nobody can destroy, or take kms:ScheduleKeyDeletion away",
  };
}
