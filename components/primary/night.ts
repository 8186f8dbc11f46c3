/**
 * When the databases and the vault do their housekeeping, in UTC; fixed, so that no two of them meet.
 *
 * AWS Backup wants of RDS that none of its jobs falls into the instance's own backup window, its maintenance window
 * or the hour before that ("Amazon RDS backups"); a job of the vault may begin up to an hour late.
 */
export const NIGHT = {
  /** The database's own daily backup. */
  databaseBackup: "01:00-02:00",
  /** When the vault's daily jobs begin. */
  vaultBackup: { hour: 3, startWithinMinutes: 60 },
  /** When the database takes patches, and changes that must wait. */
  databaseMaintenance: "sun:06:30-sun:07:30",
} as const;
