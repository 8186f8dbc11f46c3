import { atLeast, type Demand, type Demands, demanded, holdsUnknown, judged, never, oneOf } from "./kit/demand.ts";
import { type Finding, unknown, wrong } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";
import { attached, isWithin, ofType, type Resource } from "./kit/resource.ts";

/** What of it can be set. */
interface Config {
  /** Days for which a copy can be had back, whatever anybody does. */
  days: number;
  /** Whether locks must be such that nobody can lift them. */
  firm: boolean;
}

/** Nothing ever drops content but whoever owns it; a trail and dumps are of use for a time only. */
const CONTENT = "primary:ContentBucket";
/** Components whose bucket is a copy of what users would miss, or the trail of who did what. */
const KEPT_BUCKETS = [CONTENT, "replication:DumpBucket", "primary:AuditTrail"];
/** Accounts that hold copies. */
const COPIES = "standby:Copies";
const BUCKET = "aws:s3/bucket:Bucket";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const VAULT = "aws:backup/vault:Vault";
const VAULT_LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const ACCOUNT = "azure-native:storage:StorageAccount";
const SERVICE = "azure-native:storage:BlobServiceProperties";

const demands = (days: number): Demands => ({
  "aws:rds/instance:Instance": [
    atLeast("backupRetentionPeriod", days),
    oneOf("skipFinalSnapshot", false),
    oneOf("deleteAutomatedBackups", false),
  ],
  "azure-native:dbformysql:Server": [atLeast("backup.backupRetentionDays", days)],
  "azure-native:keyvault:Vault": [oneOf("properties.enablePurgeProtection", true)],
  "azure-native:containerregistry:Registry": [oneOf("policies.softDeletePolicy.status", "enabled")],
  [VAULT]: [never("forceDestroy", true, "forceDestroy: false")],
});

const mode = (path: string, firm: boolean, soft: string, hard: string): Demand =>
  firm ? oneOf(path, hard) : oneOf(path, soft, hard);

/**
 * Each copy of the data keeps what it had: versions, a lock that holds for days, and backups that outlive their database.
 * A copy that anything can overwrite is none. Images have no policy of the account's: their writer sets one on each,
 * once it is whole. That a lock can be lifted by those who may is the audit's to judge (no-single-deleter), unless
 * `firm` is set.
 *
 * Severity: critical. Reference: AWS Well-Architected, REL09-BP02, Secure and encrypt backups.
 */
export const copiesKept = policy<Config>(
  {
    name: "copies-kept",
    description: "Each copy of the data has versions, a lock and backups, for days.",
    enforcementLevel: "mandatory",
    severity: "critical",
    mend: "Set objectLockMode, vaultLockMode, immutabilityDays and databaseBackupDays in the stack files, or write what the message says.",
    config: {
      schema: { days: { type: "integer", minimum: 1, default: 7 }, firm: { type: "boolean", default: false } },
      defaults: { days: 7, firm: false },
    },
  },
  {
    resource: (resource, { days }) => demanded(resource, demands(days)),
    stack: (resources, config) => [
      ...ofType(resources, BUCKET)
        .filter((bucket) => KEPT_BUCKETS.some((component) => isWithin(bucket, component)))
        .flatMap((bucket) => keptBucket(bucket, resources, config)),
      ...ofType(resources, VAULT).flatMap((vault) => keptVault(vault, resources, config)),
      ...ofType(resources, ACCOUNT)
        .filter((account) => isWithin(account, COPIES))
        .flatMap((account) => keptAccount(account, resources, config)),
    ],
  },
);

function keptBucket(bucket: Resource, all: readonly Resource[], { days, firm }: Config): Finding[] {
  const rule = "rule.defaultRetention";
  return [
    ...judged(bucket, never("forceDestroy", true, "forceDestroy: false")),
    ...theOne(bucket, VERSIONING, "bucket", all, [oneOf("versioningConfiguration.status", "Enabled")]),
    ...theOne(bucket, LOCK, "bucket", all, [
      mode(`${rule}.mode`, firm, "GOVERNANCE", "COMPLIANCE"),
      atLeast(`${rule}.days`, days),
    ]),
    ...(isWithin(bucket, CONTENT) ? attached(all, LIFECYCLE, "bucket", bucket).flatMap(notEmptied) : []),
  ];
}

/** A rule that drops what is current, of everything there is, empties the bucket by itself. */
function notEmptied(lifecycle: Resource): Finding[] {
  const rules = lifecycle.props.rules;
  if (holdsUnknown(rules)) return [unknown(lifecycle, "rules")];
  const emptying = Array.isArray(rules)
    ? rules.filter(({ status, expiration, filter }) => {
        const everything = !filter?.prefix && !filter?.tag && !filter?.and;
        return status === "Enabled" && Number(expiration?.days ?? 0) > 0 && everything;
      })
    : [];
  return emptying.map(({ id }) =>
    wrong(lifecycle, `drops all that is current (rule ${id}); write a prefix for it, or expire old versions only`),
  );
}

function keptVault(vault: Resource, all: readonly Resource[], { days, firm }: Config): Finding[] {
  const changeable = { ...atLeast("changeableForDays", 3), write: "changeableForDays: 3, which vaultLockMode sets" };
  return theOne(vault, VAULT_LOCK, "backupVaultName", all, [
    atLeast("minRetentionDays", days),
    ...(firm ? [changeable] : []),
  ]);
}

function keptAccount(account: Resource, all: readonly Resource[], { days, firm }: Config): Finding[] {
  const policy = "immutableStorageWithVersioning.immutabilityPolicy";
  const byWriter = account.name.endsWith("-images-account");
  const immutable = byWriter
    ? []
    : [
        atLeast(`${policy}.immutabilityPeriodSinceCreationInDays`, days),
        mode(`${policy}.state`, firm, "Unlocked", "Locked"),
      ];
  return [
    ...[oneOf("immutableStorageWithVersioning.enabled", true), ...immutable].flatMap((each) => judged(account, each)),
    ...theOne(account, SERVICE, "accountName", all, [
      oneOf("isVersioningEnabled", true),
      ...["deleteRetentionPolicy", "containerDeleteRetentionPolicy"].flatMap((retention) => [
        oneOf(`${retention}.enabled`, true),
        atLeast(`${retention}.days`, days),
      ]),
    ]),
  ];
}

/** What is wrong with the resource of a type that is attached to another one; that there is none, if so. */
function theOne(target: Resource, type: string, property: string, all: readonly Resource[], demands: Demand[]) {
  const found = attached(all, type, property, target);
  if (found.length > 0) return found.flatMap((each) => demands.flatMap((demand) => judged(each, demand)));
  const writes = demands.map(({ write }) => write).join(", ");
  return [wrong(target, `has no ${type.split(":").at(-1)}; write one with ${writes}`)];
}
