/**
 * The parameters of the standby's server that the primary's data depends on, in the order in which they are set; none
 * wants a restart.
 *
 * Not among them: `lower_case_table_names`, which is 1 and cannot be changed, so the primary must have 1 too; the
 * format of the binary log, which is always ROW; how long that log is kept, which failback sets when it needs it; and
 * `gtid_mode`, which goes up one step at a time ("Read replicas in Azure Database for MySQL") while a declared parameter
 * has one value from the start: the controller leads it there, and all else that following the primary takes.
 */
export const SERVER_PARAMETERS: readonly { name: string; value: string }[] = [
  { name: "require_secure_transport", value: "ON" },
  // The primary's tables must arrive as they are; with ON, a key that is added to one later stops replication
  // ("Replicate data into Azure Database for MySQL").
  { name: "sql_generate_invisible_primary_key", value: "OFF" },
  // Functions and triggers of a dump are created by an administrator who is no SUPER.
  { name: "log_bin_trust_function_creators", value: "ON" },
  // MySQL's most: no row of the primary, whose limit is lower, may fail to load.
  { name: "max_allowed_packet", value: String(2 ** 30) },
  // Dumps are loaded by LOAD DATA LOCAL, which a server takes only when it is told to.
  { name: "local_infile", value: "ON" },
  // The primary's events run once the server is promoted, and so does its heartbeat; off by default ("Server parameters in
  // Azure Database for MySQL"). Until then they are disabled one by one.
  { name: "event_scheduler", value: "ON" },
  // As the primary has it. Zones by name are unknown to a new server ("Server parameters in Azure Database for MySQL").
  { name: "time_zone", value: "+00:00" },
];
