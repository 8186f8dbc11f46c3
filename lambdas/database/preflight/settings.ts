import type { Connection } from "mysql2/promise";
import type { Obstacle } from "../manifest.ts";
import { ask } from "./asking.ts";

/** The newest release that Azure has (Supported versions for Azure Database for MySQL - Flexible Server). */
const NEWEST = "8.4";

/** What the standby's server has: MySQL's own defaults, and the time zone that the product sets. */
const STANDBY: Readonly<Record<string, string>> = {
  character_set_server: "utf8mb4",
  collation_server: "utf8mb4_0900_ai_ci",
  sql_mode:
    "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
  transaction_isolation: "REPEATABLE-READ",
  innodb_page_size: "16384",
};

/** What following by GTID wants of a source (Configure data-in replication, Configure the source MySQL server). */
const LIVE: Readonly<Record<string, string>> = {
  log_bin: "ON",
  gtid_mode: "ON",
  enforce_gtid_consistency: "ON",
  binlog_format: "ROW",
  binlog_row_image: "FULL",
  // The heartbeat is an event.
  event_scheduler: "ON",
};

/** Hours that a standby may be away before it needs a new dump: a long weekend. */
const LEAST_HOURS = 72;

const ASKED = [
  ...Object.keys(STANDBY),
  ...Object.keys(LIVE),
  "version",
  "time_zone",
  "system_time_zone",
  "lower_case_table_names",
  "binlog_expire_logs_seconds",
];

/** What stands in the way of the server's settings. */
export async function settingObstacles(connection: Connection, live: boolean): Promise<Obstacle[]> {
  const rows = await ask(
    connection,
    "SELECT variable_name AS name, variable_value AS value FROM performance_schema.global_variables WHERE variable_name IN (?)",
    [ASKED],
  );
  const found = Object.fromEntries(rows.map(({ name, value }) => [String(name).toLowerCase(), String(value)]));
  return [...settingProblems(found, live), ...(live ? retentionProblem(await retentionHours(connection, found)) : [])];
}

/** @param found values by name */
export function settingProblems(found: Readonly<Record<string, string>>, live: boolean): Obstacle[] {
  const wanted = live ? Object.entries(LIVE).filter(([name, value]) => found[name] !== value) : [];
  const differing = Object.entries(STANDBY).filter(([name, value]) => partsOf(found[name]) !== partsOf(value));
  return [
    ...versionProblem(String(found.version)),
    ...wanted.map(([name, value]): Obstacle => {
      const problem = `is ${found[name]}, and the standby can follow only with ${value}`;
      return { severity: "error", subject: name, problem, mend: `set it to ${value} in the parameter group` };
    }),
    ...differing.map(([name, value]): Obstacle => {
      const problem = `is ${found[name] || "empty"} here and ${value || "empty"} at the standby: statements may do something else there`;
      return { severity: "warning", subject: name, problem, mend: "give both servers the same value" };
    }),
    ...zoneProblem(found),
    ...caseProblem(String(found.lower_case_table_names)),
  ];
}

function versionProblem(version: string): Obstacle[] {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [newestMajor = 0, newestMinor = 0] = NEWEST.split(".").map(Number);
  if (major < newestMajor || (major === newestMajor && minor <= newestMinor)) return [];
  const problem = `is ${version}, and Azure's newest release is ${NEWEST}: what only a newer one knows can't be loaded`;
  return [{ severity: "error", subject: "version", problem, mend: `stay with release ${NEWEST} at the primary` }];
}

function zoneProblem({
  time_zone: zone = "",
  system_time_zone: system = "",
}: Readonly<Record<string, string>>): Obstacle[] {
  if (["UTC", "+00:00"].includes(zone === "SYSTEM" ? system : zone)) return [];
  const problem = `is ${zone}, and the standby's is +00:00: what a session calls now, and TIMESTAMPs as texts, are hours apart`;
  return [
    { severity: "warning", subject: "time_zone", problem, mend: "have the app set the time zone of its sessions" },
  ];
}

/** Data-in replication requires the parameter to be consistent (Configure data-in replication). */
function caseProblem(value: string): Obstacle[] {
  if (value === "1") return [];
  const problem = `is ${value}, and the standby's is 1: names of schemas and tables are in lower case there`;
  const mend = "create the primary anew with 1, which can't be changed later, or see to the names below";
  return [{ severity: "warning", subject: "lower_case_table_names", problem, mend }];
}

/** RDS keeps it in a table of its own (mysql.rds_set_configuration); NULL there is as short as can be. */
async function retentionHours(connection: Connection, found: Readonly<Record<string, string>>): Promise<number> {
  const [table] = await ask(
    connection,
    "SELECT 1 FROM information_schema.tables WHERE table_schema = 'mysql' AND table_name = 'rds_configuration'",
  );
  if (!table) return Number(found.binlog_expire_logs_seconds) / 3600;
  const [row] = await ask(
    connection,
    "SELECT value FROM mysql.rds_configuration WHERE name = 'binlog retention hours'",
  );
  return Number(row?.value ?? 0);
}

function retentionProblem(hours: number): Obstacle[] {
  if (hours >= LEAST_HOURS) return [];
  const problem = `are kept for ${hours} hours: a standby that was away for longer needs a new dump`;
  const mend = "CALL mysql.rds_set_configuration('binlog retention hours', 168)";
  return [{ severity: "warning", subject: "binary logs", problem, mend }];
}

/** The order of modes does not matter. */
function partsOf(value: string | undefined): string {
  return String(value).split(",").toSorted().join(",");
}
