import type { AuditResource } from "./resources.ts";

/** Stacks that hold copies, and the component by which each is known. */
const STACKS = {
  prod: "multicloud-dr:primary:PrimarySite",
  dr: "multicloud-dr:standby:StandbySite",
  link: "multicloud-dr:replication:ObjectReplication",
};
export type CopyStack = keyof typeof STACKS;
export const COPY_STACKS = Object.keys(STACKS) as CopyStack[];

/** Which stack these are the resources of; undefined for one without copies. */
export function stackOf(types: Iterable<string>): CopyStack | undefined {
  const all = new Set(types);
  return COPY_STACKS.find((stack) => all.has(STACKS[stack]));
}

/** Nothing of it is known: every right on anything of its kind counts as one on it. */
const ANYWHERE = { arn: "*" };
const GOVERNANCE = { rule: { defaultRetention: { mode: "GOVERNANCE", days: 30 } } };

interface Piece {
  component: string;
  type: string;
  name: string;
  props: Record<string, unknown>;
}

const bucket = (component: string, name: string): Piece[] => [
  { component, type: "aws:s3/bucket:Bucket", name: `${name}-bucket`, props: ANYWHERE },
  {
    component,
    type: "aws:s3/bucketVersioning:BucketVersioning",
    name: `${name}-versioning`,
    props: { versioningConfiguration: { status: "Enabled" } },
  },
  {
    component,
    type: "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    name: `${name}-lock`,
    props: GOVERNANCE,
  },
];

const account = (name: string): Piece[] => {
  const component = "multicloud-dr:standby:Copies";
  const immutabilityPolicy = { immutabilityPeriodSinceCreationInDays: 30, state: "Unlocked" };
  return [
    {
      component,
      type: "azure-native:storage:StorageAccount",
      name: `${name}-account`,
      props: { allowSharedKeyAccess: false, immutableStorageWithVersioning: { enabled: true, immutabilityPolicy } },
    },
    {
      component,
      type: "azure-native:storage:BlobContainer",
      name: `${name}-container`,
      props: { containerName: name },
    },
    {
      component,
      type: "azure-native:storage:BlobServiceProperties",
      name: `${name}-service`,
      props: { isVersioningEnabled: true },
    },
  ];
};

const VAULT = "multicloud-dr:primary:BackupVault";

const PIECES: Record<CopyStack, Piece[]> = {
  prod: [
    ...bucket("multicloud-dr:primary:ContentBucket", "content"),
    {
      component: "multicloud-dr:primary:Database",
      type: "aws:rds/instance:Instance",
      name: "database-server",
      props: ANYWHERE,
    },
    { component: VAULT, type: "aws:backup/vault:Vault", name: "backups-vault", props: ANYWHERE },
    {
      component: VAULT,
      type: "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
      name: "backups-lock",
      props: { minRetentionDays: 35 },
    },
    {
      component: VAULT,
      type: "aws:backup/selection:Selection",
      name: "backups-selection",
      props: { resources: ["arn:aws:s3:::*", "arn:aws:rds:*"] },
    },
  ],
  dr: [...account("content"), ...account("dumps")],
  link: bucket("multicloud-dr:replication:DumpBucket", "dumps"),
};

/**
 * The copies that another stack has, as far as one stack can know of them: as loosely kept as the settings allow, and
 * anywhere in the account or subscription of that stack.
 */
export function assumedCopies(stack: CopyStack, workload: string): AuditResource[] {
  return PIECES[stack].map(({ component, type, name, props }) => ({
    stack,
    urn: `urn:pulumi:${stack}::multicloud-dr::${component}$${type}::${workload}-${name}`,
    type,
    name: `${workload}-${name}`,
    within: [component],
    props: { tags: { Workload: workload }, ...props },
    protect: true,
  }));
}
