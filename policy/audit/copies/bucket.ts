import type { PolicyDocument } from "../iam/document.ts";
import { type AuditResource, at, listAt, numberAt, textAt, UNKNOWN } from "../resources.ts";
import { closesAccount, destroysKmsKey } from "./aws-ways.ts";
import { type Estate, isIn } from "./estate.ts";
import type { AwsProbe, Copy, Fault, Way } from "./model.ts";

/** Components whose bucket is a copy, what it is a copy of, and whether all of it is written anew again and again. */
const COPIES = [
  // An object that nobody changes is out of its lock after the lock's days, however firm the lock.
  { component: "primary:ContentBucket", data: "content", renewed: false },
  // There is a new dump each night, and the newest is always locked.
  { component: "replication:DumpBucket", data: "database", renewed: true },
];

const POLICY_WRITERS = ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"];

/** What is known of a bucket from the resources around it. */
interface Facts {
  versioned: boolean;
  mode: "GOVERNANCE" | "COMPLIANCE" | undefined;
  days: number;
  key: string | undefined;
  /** Days after which S3 itself deletes what is current, at the earliest. */
  expiry: number | undefined;
}

/** The buckets that are copies. */
export function bucketCopies(estate: Estate): { copies: Copy[]; faults: Fault[] } {
  const copies: Copy[] = [];
  const faults: Fault[] = [];
  for (const bucket of estate.ofType("aws:s3/bucket:Bucket")) {
    const kind = COPIES.find(({ component }) => isIn(bucket, component));
    if (!kind) continue;
    const facts = factsOf(estate, bucket);
    const policy = policyOf(estate, bucket);
    faults.push(...faultsOf(bucket, facts, policy));
    copies.push({
      id: bucket.urn,
      stack: bucket.stack,
      name: bucket.name,
      kind: "S3 bucket",
      cloud: "aws",
      place: estate.accountOf(bucket),
      holds: [`${estate.workloadOf(bucket)} ${kind.data}`],
      lock: lockText(facts, kind.renewed),
      ways: waysOf(estate, bucket, facts, policy, kind.renewed),
      starves: [cutsOff(estate, bucket)],
      ...(facts.key && { key: facts.key }),
    });
  }
  return { copies, faults };
}

function factsOf(estate: Estate, bucket: AuditResource): Facts {
  const [versioning] = estate.siblings(bucket, "aws:s3/bucketVersioning:BucketVersioning");
  const [lock] = estate.siblings(bucket, "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration");
  const [encryption] = estate.siblings(
    bucket,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  );
  const mode = lock && textAt(lock, "rule", "defaultRetention", "mode");
  const years = lock && numberAt(lock, "rule", "defaultRetention", "years");
  const rules = estate
    .siblings(bucket, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    .flatMap((lifecycle) => listAt(lifecycle, "rules")) as { status?: string; expiration?: { days?: number } }[];
  const expiries = rules.flatMap(({ status, expiration }) => (status === "Enabled" && expiration?.days) || []);
  return {
    versioned: versioning !== undefined && textAt(versioning, "versioningConfiguration", "status") === "Enabled",
    mode: mode === "GOVERNANCE" || mode === "COMPLIANCE" ? mode : undefined,
    days: (lock && numberAt(lock, "rule", "defaultRetention", "days")) ?? (years ?? 0) * 365,
    key: encryption && textAt(encryption, "rules", 0, "applyServerSideEncryptionByDefault", "kmsMasterKeyId"),
    expiry: expiries.length > 0 ? Math.min(...expiries) : undefined,
  };
}

/** Before its deployment a bucket is known by the name that the engine makes one of. */
const arnOf = (bucket: AuditResource) => textAt(bucket, "arn") ?? `arn:aws:s3:::${bucket.name}-*`;

/** S3 keeps one policy for a bucket, and who delivers the content registers that of the content's. */
function policyOf(estate: Estate, bucket: AuditResource): PolicyDocument[] {
  const name = textAt(bucket, "bucket") ?? textAt(bucket, "id");
  const policies = estate.ofType("aws:s3/bucketPolicy:BucketPolicy").filter((policy) => {
    if (policy.stack !== bucket.stack) return false;
    const of = at(policy, "bucket");
    return of === UNKNOWN || name === undefined
      ? policy.name.startsWith(bucket.name.replace(/-bucket$/, "-"))
      : of === name;
  });
  return policies.flatMap((policy) => estate.documentAt(policy, "policy", "the bucket's policy"));
}

function lockText({ mode, days, versioned }: Facts, renewed: boolean): string {
  if (!versioned) return "none, not even former versions";
  if (!mode) return "none";
  return `${mode.toLowerCase()} for ${days} days${renewed ? "" : ", from when each version was written"}`;
}

function waysOf(
  estate: Estate,
  bucket: AuditResource,
  facts: Facts,
  policy: PolicyDocument[],
  renewed: boolean,
): Way[] {
  const account = estate.accountOf(bucket);
  const arn = arnOf(bucket);
  const probe = (action: string, resource: string): AwsProbe => {
    return { cloud: "aws", action: `s3:${action}`, resource, account, resourcePolicy: policy, lifts: POLICY_WRITERS };
  };
  const objects = arn === "*" ? arn : `${arn}/*`;
  const ways: Way[] = [];
  const locked = renewed && facts.mode !== undefined;
  if (!locked) {
    ways.push({
      cause: "delete-versions",
      what: `delete ${facts.mode ? `every version that is older than its lock of ${facts.days} days` : "every version"} (s3:DeleteObjectVersion)`,
      steps: [probe(facts.versioned ? "DeleteObjectVersion" : "DeleteObject", objects)],
      days: 0,
      mend: "take s3:DeleteObjectVersion away, from this one or by a service control policy",
    });
    ways.push({
      cause: "lifecycle",
      what: "have S3 delete what is there (s3:PutLifecycleConfiguration)",
      steps: [probe("PutLifecycleConfiguration", arn)],
      // S3 looks once a day, and drops what is not current in a second round.
      days: 2,
      mend: "take s3:PutLifecycleConfiguration away, or let a pipeline alone have it that two people must agree to",
    });
  } else if (facts.mode === "GOVERNANCE") {
    ways.push({
      cause: "bypass-governance",
      what: "pass by the governance lock and delete every version (s3:BypassGovernanceRetention, s3:DeleteObjectVersion)",
      steps: [probe("BypassGovernanceRetention", objects), probe("DeleteObjectVersion", objects)],
      days: 0,
      mend: "take s3:BypassGovernanceRetention away, or set multicloud-dr:objectLockMode to compliance",
    });
  }
  if (!facts.versioned) {
    ways.push({
      cause: "overwrite",
      what: "overwrite every object (s3:PutObject)",
      steps: [probe("PutObject", objects)],
      days: 0,
      mend: "turn versioning on",
    });
  }
  if (facts.key) ways.push(destroysKmsKey(estate, facts.key, account));
  ways.push(closesAccount(account));
  return ways;
}

/** Without events nothing new crosses; what is across already stays. */
function cutsOff(estate: Estate, bucket: AuditResource): Way {
  const [account, resource] = [estate.accountOf(bucket), arnOf(bucket)];
  return {
    cause: "stop-replication",
    what: "stop what it tells the replication (s3:PutBucketNotification)",
    steps: [{ cloud: "aws", action: "s3:PutBucketNotification", resource, account }],
    days: 0,
    mend: "see that the alarms on the replication's lag reach somebody else",
  };
}

/** A lock shorter than this is over before anybody has noticed: a long weekend, and the working day behind it. */
export const LEAST_DAYS = 7;

function faultsOf(bucket: AuditResource, facts: Facts, policy: PolicyDocument[]): Fault[] {
  const of = { subject: bucket.name, urn: bucket.urn };
  const faults: Fault[] = [];
  const add = (rule: string, what: string, mend: string) => faults.push({ rule, ...of, what, mend });
  if (!facts.versioned) add("copy-without-versions", "keeps no former versions", "set its versioning to Enabled");
  if (!facts.mode) {
    add("copy-without-lock", "has no lock", "set multicloud-dr:objectLockMode to governance or compliance");
  } else if (facts.days < LEAST_DAYS) {
    add(
      "lock-too-short",
      `is locked for ${facts.days} days, expected ${LEAST_DAYS} at least`,
      "set multicloud-dr:objectLockDays, or dailyDumps, higher",
    );
  }
  if (!bucket.protect)
    add("copy-not-protected", "is not protected by the engine", "set multicloud-dr:protectData to true");
  if (at(bucket, "forceDestroy") === true) {
    add(
      "copy-force-destroy",
      "is emptied when its stack is destroyed (forceDestroy)",
      "set multicloud-dr:protectData to true",
    );
  }
  if (facts.expiry !== undefined && facts.expiry < LEAST_DAYS) {
    add(
      "lifecycle-too-short",
      `has what is current deleted after ${facts.expiry} days`,
      `keep it for ${LEAST_DAYS} at least`,
    );
  }
  if (policy.some(({ statements }) => statements.some(opensToAll))) {
    add("copy-open-to-all", "lets everybody do more than read, by its policy", "name in the policy who is meant");
  }
  return faults;
}

/** A statement that lets the world do something that changes data. */
function opensToAll(statement: PolicyDocument["statements"][number]): boolean {
  const { Effect, Principal, NotPrincipal, Action, NotAction, Condition } = statement;
  if (Effect !== "Allow" || Condition) return false;
  if (!NotPrincipal && !Object.values(Principal ?? {}).some((names) => names.includes("*"))) return false;
  return NotAction !== undefined || (Action ?? []).some((action) => !/^s3:(Get|List)/i.test(action));
}
