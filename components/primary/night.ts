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

/** Minutes in which RDS makes a replica of any size: it begins with a snapshot of the source ("Creating a read replica"). */
const REPLICA_MINUTES = 45;

/**
 * Whether a replica of the database can be made from then on without meeting any of it: the database would refuse, or
 * the two would make each other slow.
 *
 * @param time in UTC @example "02:15"
 */
export function quietFrom(time: string): boolean {
  const begin = minutesOf(time);
  const { databaseBackup, databaseMaintenance, vaultBackup } = NIGHT;
  const vault = vaultBackup.hour * 60;
  const busy = [
    windowOf(databaseBackup),
    windowOf(databaseMaintenance),
    [vault, vault + vaultBackup.startWithinMinutes],
  ];
  return busy.every(([from = 0, to = 0]) => begin + REPLICA_MINUTES <= from || begin >= to);
}

/** @param window @example "sun:06:30-sun:07:30" */
function windowOf(window: string): number[] {
  return window.split("-").map(minutesOf);
}

/** Minutes since midnight. @param time @example "sun:06:30" */
function minutesOf(time: string): number {
  const [hours, minutes] = time.split(":").slice(-2).map(Number);
  return Number(hours) * 60 + Number(minutes);
}
