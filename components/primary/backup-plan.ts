import { NIGHT } from "./night.ts";

/** One rule of a backup plan, without the vault. */
export interface BackupRule {
  ruleName: string;
  /** When jobs begin, in UTC. */
  schedule: string;
  /** Minutes after which a job that could not begin is given up, 60 at least. */
  startWindow: number;
  /** Minutes after which a job that did not end is given up. */
  completionWindow: number;
  enableContinuousBackup: boolean;
  lifecycle: { deleteAfter: number };
}

/**
 * One backup a day, kept for as long as the vault's lock wants: a shorter time fails the job ("AWS Backup Vault Lock").
 *
 * Not continuous, which for RDS would take the backup window and the retention away from the database's own settings,
 * and for S3 the bucket's notifications away from the replication ("Continuous backups and point-in-time recovery").
 * To any moment both are restored without the vault: RDS from its own backups, S3 from its versions.
 *
 * @param keepDays days for which each backup is kept
 */
export function planBackups(keepDays: number): BackupRule[] {
  const { hour, startWithinMinutes } = NIGHT.vaultBackup;
  return [
    {
      ruleName: "daily",
      schedule: `cron(0 ${hour} * * ? *)`,
      startWindow: startWithinMinutes,
      completionWindow: 24 * 60,
      enableContinuousBackup: false,
      lifecycle: { deleteAfter: keepDays },
    },
  ];
}
