import { type AuditResource, at, listAt, numberAt, textAt, UNKNOWN } from "../resources.ts";
import { closesAccount, destroysKmsKey } from "./aws-ways.ts";
import { LEAST_DAYS } from "./bucket.ts";
import { type Estate, isIn } from "./estate.ts";
import type { AwsProbe, Copy, Fault, Way } from "./model.ts";

/** Backups in a vault of AWS Backup's, which are copies of what its selection names. */
export function vaultCopies(estate: Estate): { copies: Copy[]; faults: Fault[] } {
  const copies: Copy[] = [];
  const faults: Fault[] = [];
  for (const vault of estate.ofType("aws:backup/vault:Vault")) {
    if (!isIn(vault, "primary:BackupVault")) continue;
    const [lock] = estate.siblings(vault, "aws:backup/vaultLockConfiguration:VaultLockConfiguration");
    const account = estate.accountOf(vault);
    const days = lock ? (numberAt(lock, "minRetentionDays") ?? 0) : 0;
    const firm = lock !== undefined && numberAt(lock, "changeableForDays") !== undefined;
    const key = textAt(vault, "kmsKeyArn");
    const holds = selectedBy(estate, vault);
    const of = { subject: vault.name, urn: vault.urn };
    if (holds === undefined) {
      estate.cannotRead(vault, "what is backed up into it is not known before the deployment", true);
    } else if (holds.length === 0) {
      const what = "has nothing backed up into it, as far as can be told";
      faults.push({
        rule: "vault-without-backups",
        ...of,
        what,
        mend: "give its selection the ARNs of bucket and database",
      });
    }
    if (!lock) {
      const mend = "register a VaultLockConfiguration for it";
      faults.push({ rule: "copy-without-lock", ...of, what: "has no lock", mend });
    } else if (days < LEAST_DAYS) {
      const mend = "set multicloud-dr:vaultLockDays higher";
      faults.push({
        rule: "lock-too-short",
        ...of,
        what: `is locked for ${days} days, expected ${LEAST_DAYS} at least`,
        mend,
      });
    }
    if (!vault.protect) {
      const mend = "set multicloud-dr:protectData to true";
      faults.push({ rule: "copy-not-protected", ...of, what: "is not protected by the engine", mend });
    }
    copies.push({
      id: vault.urn,
      stack: vault.stack,
      name: vault.name,
      kind: "AWS Backup vault",
      cloud: "aws",
      place: account,
      // Until it is known, it is what the project backs up; that it is not known keeps the audit from passing.
      holds: holds ?? [`${estate.workloadOf(vault)} content`, `${estate.workloadOf(vault)} database`],
      lock: lock ? `${firm ? "compliance" : "governance"} for ${days} days` : "none",
      ways: vaultWays(estate, vault, account, { locked: lock !== undefined, firm }, key),
      starves: [],
      ...(key && { key }),
    });
  }
  return { copies, faults };
}

const VAULT_POLICY_WRITERS = ["backup:PutBackupVaultAccessPolicy", "backup:DeleteBackupVaultAccessPolicy"];

function vaultWays(
  estate: Estate,
  vault: AuditResource,
  account: string,
  { locked, firm }: { locked: boolean; firm: boolean },
  key: string | undefined,
): Way[] {
  const [policy] = estate.siblings(vault, "aws:backup/vaultPolicy:VaultPolicy");
  const resourcePolicy = policy ? estate.documentAt(policy, "policy", "the vault's policy") : [];
  const probe = (action: string, resource: string): AwsProbe => {
    return { cloud: "aws", action: `backup:${action}`, resource, account, resourcePolicy, lifts: VAULT_POLICY_WRITERS };
  };
  const lifts = probe(
    "DeleteBackupVaultLockConfiguration",
    textAt(vault, "arn") ?? `arn:aws:backup:*:*:backup-vault:${vault.name}-*`,
  );
  // What is backed up is named after its own service: a snapshot of RDS's, a recovery point of the vault's.
  const deletes = probe("DeleteRecoveryPoint", "*");
  return [
    ...(locked
      ? []
      : [
          way(
            "delete-recovery-points",
            "delete every backup (backup:DeleteRecoveryPoint)",
            [deletes],
            "lock the vault",
          ),
        ]),
    ...(locked && !firm
      ? [
          way(
            "lift-vault-lock",
            "lift the governance lock and delete every backup (backup:DeleteBackupVaultLockConfiguration, backup:DeleteRecoveryPoint)",
            [lifts, deletes],
            "take backup:DeleteBackupVaultLockConfiguration away, or set multicloud-dr:vaultLockMode to compliance",
          ),
        ]
      : []),
    ...(key?.includes(":key/") ? [destroysKmsKey(estate, key, account)] : []),
    closesAccount(account),
  ];
}

function way(cause: Way["cause"], what: string, steps: AwsProbe[], mend: string): Way {
  return { cause, what, steps, days: 0, mend };
}

/** What the selections of a vault's plans name; undefined while that is not known. */
function selectedBy(estate: Estate, vault: AuditResource): string[] | undefined {
  const arns = estate
    .siblings(vault, "aws:backup/selection:Selection")
    .flatMap((selection) => (at(selection, "resources") === UNKNOWN ? UNKNOWN : listAt(selection, "resources")));
  if (arns.includes(UNKNOWN)) return undefined;
  const workload = estate.workloadOf(vault);
  const names = (service: string) => arns.some((arn) => new RegExp(`^arn:[\\w-]+:${service}:`).test(String(arn)));
  return [...(names("s3") ? [`${workload} content`] : []), ...(names("rds") ? [`${workload} database`] : [])];
}
