/** One parameter of a parameter group; `pending-reboot` where RDS calls it static. */
interface Parameter {
  name: string;
  value: string;
  applyMethod: "immediate" | "pending-reboot";
}

export const MYSQL_VERSION = "8.4";

/**
 * The parameters of the primary's MySQL that the standby depends on, all in the open, also where they are the default.
 */
export const DATABASE_PARAMETERS: readonly Parameter[] = [
  // A replica outside of RDS finds its place by GTID after any change of server, and gets rows, whole ones
  // ("Using GTID-based replication").
  atReboot("gtid-mode", "ON"),
  atReboot("enforce_gtid_consistency", "ON"),
  atOnce("binlog_format", "ROW"),
  atOnce("binlog_row_image", "FULL"),
  atOnce("require_secure_transport", "1"),
  // Azure has no other value ("Limitations in Azure Database for MySQL"); it is fixed when the server is created.
  // With the default, 0, an app that writes a name in two ways would break on the way back.
  atReboot("lower_case_table_names", "1"),
  // The administrator is no superuser, and could not load a dump's functions and triggers; harmless with rows.
  atOnce("log_bin_trust_function_creators", "1"),
  // A failback loads what was written at the standby from the operator's machine.
  atOnce("local_infile", "1"),
  // What tells the age of a live copy is written by an event, here as at the standby after a failover.
  atOnce("event_scheduler", "ON"),
  // What goes to the log group "slowquery".
  atOnce("log_output", "FILE"),
  atOnce("slow_query_log", "1"),
  atOnce("long_query_time", "2"),
];

function atOnce(name: string, value: string): Parameter {
  return { name, value, applyMethod: "immediate" };
}

function atReboot(name: string, value: string): Parameter {
  return { name, value, applyMethod: "pending-reboot" };
}
