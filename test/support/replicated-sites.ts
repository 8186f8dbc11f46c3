import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "mysql2/promise";
import { REPLICATOR_USER } from "../../lambdas/database/account-name.ts";
import { connect, type Login } from "../../lambdas/database/connection.ts";
import { onOneLine } from "../../lambdas/database/gtid.ts";
import { prepareLive } from "../../lambdas/database/prepare-live.ts";
import { RDS_EXTERNAL_SOURCE } from "../../rehearsal/aws/actuators/rds-external-source.ts";
import { RDS_PROCEDURES } from "../../rehearsal/aws/actuators/rds-procedures.ts";
import { azureProcedures, REPLICA_FILTER, resetGtid } from "../../rehearsal/azure/actuators/mysql-procedures.ts";
import { type Certificate, makeCertificate } from "../../rehearsal/local/certificate.ts";
import type { MysqlServers } from "../../rehearsal/local/mysql-servers.ts";
import type { Mysqld, Parameters } from "../../rehearsal/local/mysqld.ts";
import { mysqlServers } from "./mysql.ts";

const PASSWORD = "a password of 24 letters";

/** What both clouds' servers have in live replication. */
const COMMON: Parameters = {
  ...REPLICA_FILTER,
  gtid_mode: "ON",
  enforce_gtid_consistency: "ON",
  require_secure_transport: "ON",
  log_bin_trust_function_creators: "ON",
  max_connections: "60",
};

/** A server of one of the sites, with its administrator. */
export interface Site {
  server: Mysqld;
  administrator: Login;
  /** As whom the other site follows it. */
  replicator: Login;
}

/** Real MySQL servers with the procedures of both clouds, made by the pair. */
export class ReplicatedSites implements AsyncDisposable {
  readonly folder: string;
  readonly authority: Certificate;
  readonly servers: MysqlServers;
  readonly #ids: string[] = [];
  readonly #connections: Connection[] = [];

  private constructor(folder: string, authority: Certificate, servers: MysqlServers) {
    this.folder = folder;
    this.authority = authority;
    this.servers = servers;
  }

  static async create(): Promise<ReplicatedSites> {
    const folder = await mkdtemp(join(tmpdir(), "sites-"));
    const authority = await makeCertificate(folder);
    return new ReplicatedSites(folder, authority, await mysqlServers(folder, authority));
  }

  /** A server as RDS has it. */
  async primary(): Promise<Site> {
    const site = await this.#create("primary", "dbadmin");
    for (const statement of [...RDS_PROCEDURES, ...RDS_EXTERNAL_SOURCE]) await site.server.query(statement);
    return site;
  }

  /** A server as Azure has it. */
  async standby(): Promise<Site> {
    const site = await this.#create("standby", "azadmin");
    for (const statement of azureProcedures(this.authority)) await site.server.query(statement);
    return site;
  }

  /**
   * A primary with the table shop.orders, prepared to be followed, and a standby with the same rows.
   *
   * @returns both, and the GTID of the standby's data
   */
  async pair(): Promise<{ primary: Site; standby: Site; gtid: string }> {
    const [primary, standby] = await Promise.all([this.primary(), this.standby()]);
    const connection = await this.connect(primary.administrator);
    const data = [
      "CREATE DATABASE shop",
      "CREATE TABLE shop.orders (writer INT, number INT, note VARCHAR(200), PRIMARY KEY (writer, number))",
      "INSERT INTO shop.orders VALUES (0, 0, 'as dumped')",
    ];
    for (const statement of data) await connection.query(statement);
    await prepareLive(connection, primary.replicator.password);
    const gtid = await executedOf(connection);
    for (const statement of data) await standby.server.query(statement);
    await resetGtid(standby.server, gtid);
    return { primary, standby, gtid };
  }

  /** A connection that ends with all of this, at the latest. */
  async connect(login: Login): Promise<Connection> {
    const connection = await connect(login);
    connection.on("error", () => {});
    this.#connections.push(connection);
    return connection;
  }

  /** Removes the servers that there are. */
  async clear(): Promise<void> {
    for (const connection of this.#connections.splice(0)) connection.destroy();
    await Promise.all(this.#ids.splice(0).map((id) => this.servers.destroy(id)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.clear();
    await rm(this.folder, { recursive: true });
  }

  async #create(name: string, user: string): Promise<Site> {
    const id = `${name}-${crypto.randomUUID()}`;
    this.#ids.push(id);
    const server = await this.servers.create(id, {
      ...{ name, port: 3306, lowerCaseNames: true, parameters: COMMON },
      administrator: { user, password: PASSWORD },
    });
    const at = { host: server.address, port: server.port };
    return {
      server,
      administrator: { ...at, username: user, password: PASSWORD },
      replicator: { ...at, username: REPLICATOR_USER, password: `${PASSWORD} more` },
    };
  }
}

/** Set of all transactions that are in a server's data. */
export async function executedOf(connection: Connection): Promise<string> {
  const [rows] = await connection.query("SELECT @@GLOBAL.gtid_executed AS gtid");
  return onOneLine(String((rows as { gtid: string }[])[0]?.gtid));
}
