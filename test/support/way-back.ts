import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "mysql2/promise";
import { connect, type Login } from "../../lambdas/database/connection.ts";
import { startHeartbeat } from "../../lambdas/database/heartbeat.ts";
import { ADMINISTRATOR } from "../../lambdas/database/layout.ts";
import { notePromoted } from "../../lambdas/standby/notes.ts";
import { makeCertificate } from "../../rehearsal/local/certificate.ts";
import type { MysqlServers } from "../../rehearsal/local/mysql-servers.ts";
import type { Mysqld, Parameters } from "../../rehearsal/local/mysqld.ts";
import { FolderStore } from "./folder-store.ts";
import { mysqlServers } from "./mysql.ts";

const PASSWORD = "a password of 24 letters";
const PARAMETERS: Parameters = {
  ...{ gtid_mode: "ON", enforce_gtid_consistency: "ON", log_bin_trust_function_creators: "ON", event_scheduler: "ON" },
  ...{ local_infile: "ON", require_secure_transport: "ON", sql_generate_invisible_primary_key: "OFF" },
};

/** What a workload has: tables, with a foreign key between schemas, and programs. */
export const WORKLOAD = [
  "CREATE DATABASE shop",
  "CREATE TABLE shop.orders (writer INT, number INT, note VARCHAR(200), PRIMARY KEY (writer, number))",
  "INSERT INTO shop.orders VALUES (0, 0, 'before the disaster')",
  "CREATE DATABASE crm",
  "CREATE TABLE crm.notes (writer INT, number INT, text TEXT, FOREIGN KEY (writer, number) REFERENCES shop.orders (writer, number))",
  "CREATE VIEW crm.all_notes AS SELECT * FROM crm.notes",
  "CREATE PROCEDURE shop.add_order(w INT, n INT) INSERT INTO shop.orders VALUES (w, n, 'by procedure')",
  "CREATE EVENT shop.nightly ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DO DELETE FROM shop.orders WHERE writer = -1",
  "CREATE EVENT shop.disabled ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DISABLE DO DELETE FROM shop.orders WHERE writer = -2",
  `CREATE USER app IDENTIFIED BY '${PASSWORD}'`,
  "GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON shop.* TO app",
];

/** A primary that lives again, and a standby that was promoted in its place, with what it took since of its own. */
export class WayBack implements AsyncDisposable {
  readonly folder: string;
  readonly store: FolderStore;
  readonly #servers: MysqlServers;
  readonly #connections: Connection[] = [];

  private constructor(folder: string, servers: MysqlServers) {
    this.folder = folder;
    this.store = new FolderStore(join(folder, "dumps"));
    this.#servers = servers;
  }

  static async create(standby: Parameters = {}): Promise<WayBack> {
    const folder = await mkdtemp(join(tmpdir(), "way-back-"));
    const back = new WayBack(folder, await mysqlServers(folder, await makeCertificate(folder)));
    const administrator = { user: ADMINISTRATOR, password: PASSWORD };
    for (const [id, more] of [
      ["primary", {}],
      ["standby", standby],
    ] as const) {
      await back.#servers.create(id, {
        ...{ name: id, port: 3306, lowerCaseNames: true, parameters: { ...PARAMETERS, ...more }, administrator },
      });
      const connection = await back.connect(back.login(id));
      for (const statement of WORKLOAD) await connection.query(statement);
    }
    const connection = await back.connect(back.login("standby"));
    await notePromoted(connection, "own");
    await startHeartbeat(connection);
    return back;
  }

  server(id: "primary" | "standby"): Mysqld {
    return this.#servers.get(id);
  }

  login(id: "primary" | "standby", username = ADMINISTRATOR): Login {
    const { address: host, port } = this.server(id);
    return { host, port, username, password: PASSWORD };
  }

  /** A connection that ends with all of this, at the latest. */
  async connect(login: Login): Promise<Connection> {
    const connection = await connect(login);
    connection.on("error", () => {});
    this.#connections.push(connection);
    return connection;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    await Promise.all(["primary", "standby"].map((id) => this.#servers.destroy(id)));
    await rm(this.folder, { recursive: true });
  }
}
