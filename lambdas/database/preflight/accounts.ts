import type { Connection, RowDataPacket } from "mysql2/promise";
import type { Obstacle } from "../manifest.ts";
import { ask } from "./asking.ts";

/** Users of RDS's and of ours, which stay where they are. */
const NOT_THE_WORKLOADS = /^(rds\w*|dr_dump|dr_replicator)$/;

/** What no administrator of Azure's can grant (Limitations, Unsupported privileges); names as in mysql.user. */
const STATIC = {
  Super_priv: "SUPER",
  File_priv: "FILE",
  Shutdown_priv: "SHUTDOWN",
  Create_tablespace_priv: "CREATE TABLESPACE",
};

/** The dynamic privileges that Azure has (Limitations, Supported privileges). */
const DYNAMIC = new Set([
  "REPLICATION_APPLIER",
  "ROLE_ADMIN",
  "SESSION_VARIABLES_ADMIN",
  "SHOW_ROUTINE",
  "XA_RECOVER_ADMIN",
]);

/** What stands in the way of accounts. The administrator is not looked at: Azure makes its own. */
export async function accountObstacles(connection: Connection): Promise<Obstacle[]> {
  const [self] = await ask(connection, "SELECT CURRENT_USER() AS name");
  // Nobody but the cloud itself comes from where the server is.
  const columns = Object.keys(STATIC).join(", ");
  const users = await ask(
    connection,
    `SELECT user AS user, CONCAT(user, '@', host) AS name, plugin AS plugin, ${columns} FROM mysql.user
     WHERE host <> 'localhost' ORDER BY 2`,
  );
  const dynamic = Map.groupBy(
    await ask(
      connection,
      "SELECT CONCAT(user, '@', host) AS name, priv AS privilege FROM mysql.global_grants ORDER BY 2",
    ),
    ({ name }) => String(name),
  );
  const roles = await ask(
    connection,
    "SELECT CONCAT(to_user, '@', to_host) AS name, from_user AS role FROM mysql.role_edges WHERE from_user LIKE 'rds%'",
  );
  const roleOf = new Map(roles.map(({ name, role }) => [String(name), String(role)]));
  const ours = users.filter(({ user, name }) => name !== self?.name && !NOT_THE_WORKLOADS.test(user));
  return ours.flatMap((user) => [
    ...pluginObstacle(user),
    ...privilegeObstacle(user, dynamic.get(user.name) ?? [], roleOf.get(user.name)),
  ]);
}

function pluginObstacle({ name: subject, plugin }: RowDataPacket): Obstacle[] {
  const anew = "give it caching_sha2_password with a new password (ALTER USER … IDENTIFIED BY)";
  switch (plugin) {
    case "caching_sha2_password":
      return [];
    // Off by default as of 8.4 (MySQL 8.4, Native pluggable authentication).
    case "mysql_native_password":
      return [
        {
          severity: "error",
          subject,
          problem: "signs in by mysql_native_password, which is off in MySQL 8.4",
          mend: anew,
        },
      ];
    case "AWSAuthenticationPlugin": {
      const problem = "signs in by AWS's IAM, which nobody asks at the standby";
      return [
        {
          severity: "error",
          subject,
          problem,
          mend: "give the app a second account, with a password, that both sites have",
        },
      ];
    }
    default:
      return [{ severity: "error", subject, problem: `signs in by ${plugin}, which Azure does not have`, mend: anew }];
  }
}

function privilegeObstacle(user: RowDataPacket, dynamic: RowDataPacket[], role: string | undefined): Obstacle[] {
  const lost = [
    ...Object.entries(STATIC).flatMap(([column, privilege]) => (user[column] === "Y" ? [privilege] : [])),
    ...dynamic.map(({ privilege }) => String(privilege)).filter((privilege) => !DYNAMIC.has(privilege)),
    ...(role ? [`the role ${role}`] : []),
  ];
  if (lost.length === 0) return [];
  const problem = `has ${lost.join(", ")}, which no administrator of Azure's can grant: it goes without there`;
  return [
    {
      severity: "warning",
      subject: user.name,
      problem,
      mend: "take it away here too, and see that the app does without it",
    },
  ];
}
