import { join } from "node:path";
import type { Certificate } from "../local/certificate.ts";
import { Mysqld } from "../local/mysqld.ts";
import type { MySql } from "../tools/mysql.ts";
import type { Lab } from "./lab.ts";
import { DATABASE, databaseAddress, type Ranges } from "./topology.ts";

const PORT = 3306;

/** Who may write there, from anywhere. */
export const APP_USER = { user: "app", password: "the app's own word" };

/** Starts a MySQL where the standby's database is: in that namespace, at that address, with a table for the writer. */
export async function startDatabase(lab: Lab, mysql: MySql, authority: Certificate, ranges: Ranges): Promise<Mysqld> {
  const server = await Mysqld.create({
    name: "MySQL of the standby",
    mysql: { ...mysql, command: (program) => lab.inside(DATABASE, mysql.command(program)) },
    folder: join(lab.folder, "mysql"),
    address: databaseAddress(ranges),
    port: PORT,
    lowerCaseNames: false,
    // What it holds may be lost with the machine.
    parameters: { innodb_flush_method: "nosync", innodb_flush_log_at_trx_commit: "0", sync_binlog: "0" },
    authority,
    onDeath: lab.onDeath,
  });
  await server.query("CREATE DATABASE shop");
  await server.query("CREATE TABLE shop.writes (number INT PRIMARY KEY)");
  await server.query("CREATE USER ?@'%' IDENTIFIED BY ? REQUIRE SSL", [APP_USER.user, APP_USER.password]);
  await server.query("GRANT ALL ON shop.* TO ?@'%'", [APP_USER.user]);
  return server;
}
