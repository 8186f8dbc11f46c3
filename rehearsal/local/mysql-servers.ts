import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { MySql } from "../tools/mysql.ts";
import type { Certificate } from "./certificate.ts";
import { Mysqld, type Parameters } from "./mysqld.ts";
import type { ServiceError } from "./service.ts";

/**
 * What an administrator may do on a managed server: neither cloud gives SUPER, FILE or SHUTDOWN ("Master user
 * account privileges" of Amazon RDS; "Create users in Azure Database for MySQL - Flexible Server").
 */
const ADMINISTRATOR = [
  "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES",
  "CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW",
  "CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER, CREATE ROLE, DROP ROLE, ROLE_ADMIN, XA_RECOVER_ADMIN",
].join(", ");

/** Who a replica is to its source; RDS has a user of this name on every instance. */
const REPLICATOR = "rdsrepladmin";

/** How long a replica may take until it follows its source, in milliseconds. */
const FOLLOWING_MILLISECONDS = 60_000;

export interface MysqlServersOptions {
  mysql: MySql;
  /** Folder for the data of all of them. */
  folder: string;
  /** Who vouches for their certificates. */
  authority: Certificate;
  /** Called once when a server dies. */
  onDeath(error: ServiceError): void;
}

/** A server that is to be made. */
export interface NewMysqlServer {
  /** What people call it. @example "shop-db" */
  name: string;
  port: number;
  lowerCaseNames: boolean;
  parameters: Parameters;
  administrator: { user: string; password: string };
}

/** The MySQL servers of the local clouds, by the ids or ARNs of the resources that they stand for. */
export class MysqlServers implements AsyncDisposable {
  readonly mysql: MySql;
  readonly #options: MysqlServersOptions;
  readonly #servers = new Map<string, Mysqld>();
  readonly #replicatorPassword = randomBytes(16).toString("hex");
  #made = 0;

  constructor(options: MysqlServersOptions) {
    this.mysql = options.mysql;
    this.#options = options;
  }

  /** Who vouches for their certificates. */
  get authority(): Certificate {
    return this.#options.authority;
  }

  /** Makes a server, starts it and gives it its administrator. @throws ServiceError when it does not start */
  async create(id: string, { administrator, name, ...settings }: NewMysqlServer): Promise<Mysqld> {
    const server = await this.#make(id, name, settings);
    await server.query("CREATE USER ?@'%' IDENTIFIED BY ?", [administrator.user, administrator.password]);
    await server.query(`GRANT ${ADMINISTRATOR} ON *.* TO ?@'%' WITH GRANT OPTION`, [administrator.user]);
    return server;
  }

  /**
   * Makes a server that has what another one has, follows it by GTID, and takes no writes of users.
   *
   * @throws Error when it does not follow
   */
  async replicate(id: string, sourceId: string, name: string): Promise<Mysqld> {
    const source = this.get(sourceId);
    const { lowerCaseNames, parameters, port } = source;
    // Backups are off on a replica, and binary logs with them; events are the source's to run.
    const own = { read_only: "ON", disable_log_bin: "ON", event_scheduler: "OFF" };
    await source.query("CREATE USER IF NOT EXISTS ?@'%' IDENTIFIED BY ? REQUIRE SSL", [
      REPLICATOR,
      this.#replicatorPassword,
    ]);
    await source.query("GRANT REPLICATION SLAVE ON *.* TO ?@'%'", [REPLICATOR]);
    const replica = await this.#make(id, name, { port, lowerCaseNames, parameters: { ...parameters, ...own }, source });
    await replica.query(
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST = ?, SOURCE_PORT = ?, SOURCE_USER = ?, SOURCE_PASSWORD = ?,
       SOURCE_SSL = 1, SOURCE_SSL_CA = ?, SOURCE_SSL_VERIFY_SERVER_CERT = 1, SOURCE_AUTO_POSITION = 1`,
      [source.address, port, REPLICATOR, this.#replicatorPassword, this.#options.authority.certificateFile],
    );
    await replica.query("START REPLICA");
    await follows(replica);
    return replica;
  }

  find(id: string): Mysqld | undefined {
    return this.#servers.get(id.toLowerCase());
  }

  /** @throws Error when there is none */
  get(id: string): Mysqld {
    const server = this.find(id);
    if (!server) throw new Error(`there is no MySQL server of ${id}`);
    return server;
  }

  /**
   * Ends the servers that run as a loss of power would; their data stay as they happen to be.
   *
   * @param whose which ones, by their ids
   * @returns what starts them again on their data @throws ServiceError when one does not start
   */
  async kill(whose: (id: string) => boolean): Promise<() => Promise<void>> {
    const running = [...this.#servers].filter(([id, server]) => whose(id) && server.isRunning);
    await Promise.all(running.map(([, server]) => server.kill()));
    return async () => {
      const standing = running.filter(([id, server]) => this.#servers.get(id) === server);
      await Promise.all(standing.map(([, server]) => server.start()));
    };
  }

  /** Ends a server and removes its data; one that is gone already is no error. */
  async destroy(id: string): Promise<void> {
    const server = this.find(id);
    this.#servers.delete(id.toLowerCase());
    await server?.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.stop()));
  }

  async #make(
    id: string,
    name: string,
    settings: Omit<NewMysqlServer, "name" | "administrator"> & { source?: Mysqld },
  ) {
    const { authority, mysql, onDeath } = this.#options;
    this.#made += 1;
    const folder = join(this.#options.folder, String(this.#made));
    const server = await Mysqld.create({ ...settings, name: `MySQL of ${name}`, mysql, authority, onDeath, folder });
    this.#servers.set(id.toLowerCase(), server);
    return server;
  }
}

/** @throws Error with the replica's own words when it stops following, or does not begin to */
async function follows(replica: Mysqld): Promise<void> {
  const deadline = performance.now() + FOLLOWING_MILLISECONDS;
  for (;;) {
    const [status = {}] = await replica.query("SHOW REPLICA STATUS");
    // Both run for a moment also where the source then refuses; what it sends first names its binary log.
    const runs = status.Replica_IO_Running === "Yes" && status.Replica_SQL_Running === "Yes";
    if (runs && status.Source_Log_File) return;
    const problem = [status.Last_IO_Error, status.Last_SQL_Error].filter(Boolean).join("; ");
    if (problem || performance.now() > deadline) {
      throw new Error(`expected the replica to follow its source, found it stopped: ${problem || "it does not start"}`);
    }
    await delay(100);
  }
}
