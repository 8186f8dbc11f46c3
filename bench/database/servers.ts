import { DATABASE_PARAMETERS } from "../../components/primary/database-parameters.ts";
import { SERVER_PARAMETERS } from "../../components/standby/database-parameters.ts";
import type { MysqlServers } from "../../rehearsal/local/mysql-servers.ts";
import type { Mysqld, Parameters } from "../../rehearsal/local/mysqld.ts";
import { SCHEMA, type Workload } from "./workloads.ts";

/** Who may do on both servers what an administrator may in the clouds. */
export const ADMINISTRATOR = { user: "administrator", password: "Bench-2026" };

/** What a small server of the clouds has; nothing else here is other than MySQL's own or the stacks'. */
const SIZE: Parameters = {
  innodb_buffer_pool_size: "1G",
  innodb_redo_log_capacity: "1G",
};

/** A server like the primary's, with the rows of a workload, all of which it has in memory. */
export async function startSource(servers: MysqlServers, workload: Workload): Promise<Mysqld> {
  const set = DATABASE_PARAMETERS.map(({ name, value }) => [name.replaceAll("-", "_"), value]);
  const server = await start(servers, "source", Object.fromEntries(set));
  await server.query("CREATE DATABASE ??", [SCHEMA]);
  for (const statement of workload.statements) await server.query(statement);
  return server;
}

/** An empty server like the standby's. */
export function startTarget(servers: MysqlServers): Promise<Mysqld> {
  const set = SERVER_PARAMETERS.map(({ name, value }) => [name, value]);
  return start(servers, "target", { ...Object.fromEntries(set), local_infile: "ON" });
}

function start(servers: MysqlServers, name: string, own: Parameters): Promise<Mysqld> {
  const parameters = { ...own, ...SIZE };
  return servers.create(name, { name, port: 3306, lowerCaseNames: true, parameters, administrator: ADMINISTRATOR });
}

/** Bytes of the rows as the server keeps them, without indexes other than the key. */
export async function bytesOf(server: Mysqld): Promise<number> {
  const tables = await server.query("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?", [
    SCHEMA,
  ]);
  for (const { name } of tables) await server.query("ANALYZE TABLE ??.??", [SCHEMA, name]);
  const pages = "SELECT SUM(clustered_index_size) FROM mysql.innodb_table_stats WHERE database_name = ?";
  const [sum] = await server.query(`SELECT (${pages}) * @@innodb_page_size AS bytes`, [SCHEMA]);
  return Number(sum?.bytes);
}
