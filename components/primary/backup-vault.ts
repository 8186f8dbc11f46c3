import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { planBackups } from "./backup-plan.ts";

export interface BackupVaultArgs {
  /** Days for which a backup cannot be deleted, and is kept, 1 to 36500. @example 35 */
  minRetentionDays: number;
  /** Most days for which anybody may put a backup into the vault; without it there is no end. */
  maxRetentionDays?: number;
  /**
   * Days, 3 at least, after which the lock is compliance: nobody, AWS included, can loosen or remove it ever after.
   * Without it the lock is governance: whoever holds `backup:DeleteBackupVaultLockConfiguration` may.
   */
  lockGraceDays?: number;
  /** What is backed up: ARNs of the database and the bucket. */
  resourceArns: pulumi.Input<string>[];
  /**
   * Refuse to delete the vault, and keep its lock when the stack goes.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

/** What AWS Backup needs for a backup; to restore takes rights of its own, which nobody holds in advance. */
const BACKUP_RIGHTS = {
  backup: "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
  "s3-backup": "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
};

/**
 * The copies that stay on AWS: a locked vault, and the daily backups that go into it.
 *
 * The rights are AWS's own policies, which are wide, because AWS widens them as its backups change; only AWS Backup
 * can take on the role. The vault is encrypted with the key that AWS manages for it.
 */
export class BackupVault extends pulumi.ComponentResource {
  readonly vaultName: pulumi.Output<string>;

  constructor(name: string, args: BackupVaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:primary:BackupVault", name, {}, opts);
    const parent = { parent: this };
    const { tags } = args;
    const protect = args.protectData ?? true;

    const vault = new aws.backup.Vault(
      `${name}-vault`,
      { forceDestroy: !protect, tags },
      { parent: this, protect, retainOnDelete: protect },
    );
    const lock = new aws.backup.VaultLockConfiguration(
      `${name}-lock`,
      {
        backupVaultName: vault.name,
        minRetentionDays: args.minRetentionDays,
        maxRetentionDays: args.maxRetentionDays,
        changeableForDays: args.lockGraceDays,
      },
      // Every change replaces it, and a vault has one: were the old one removed last, the new one would go with it.
      { parent: this, retainOnDelete: protect, deleteBeforeReplace: true },
    );

    const role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "backup.amazonaws.com" }), tags },
      parent,
    );
    const rights = Object.entries(BACKUP_RIGHTS).map(
      ([suffix, policyArn]) =>
        new aws.iam.RolePolicyAttachment(`${name}-${suffix}-rights`, { role: role.name, policyArn }, parent),
    );
    const plan = new aws.backup.Plan(
      `${name}-plan`,
      {
        rules: planBackups(args.minRetentionDays).map((rule) => ({ ...rule, targetVaultName: vault.name })),
        tags,
      },
      parent,
    );
    // Last: from here on backups are taken, and none may come before its lock.
    new aws.backup.Selection(
      `${name}-selection`,
      { planId: plan.id, iamRoleArn: role.arn, resources: args.resourceArns },
      { parent: this, dependsOn: [lock, ...rights] },
    );

    this.vaultName = vault.name;
    this.registerOutputs({ vaultName: this.vaultName });
  }
}
