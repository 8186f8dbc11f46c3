import { join } from "node:path";
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
  #made = 0;

  constructor(options: MysqlServersOptions) {
    this.mysql = options.mysql;
    this.#options = options;
  }

  /** Makes a server, starts it and gives it its administrator. @throws ServiceError when it does not start */
  async create(id: string, { administrator, name, ...settings }: NewMysqlServer): Promise<Mysqld> {
    const { authority, mysql, onDeath } = this.#options;
    this.#made += 1;
    const folder = join(this.#options.folder, String(this.#made));
    const server = await Mysqld.create({ ...settings, name: `MySQL of ${name}`, mysql, authority, onDeath, folder });
    this.#servers.set(id.toLowerCase(), server);
    await server.query("CREATE USER ?@'%' IDENTIFIED BY ?", [administrator.user, administrator.password]);
    await server.query(`GRANT ${ADMINISTRATOR} ON *.* TO ?@'%' WITH GRANT OPTION`, [administrator.user]);
    return server;
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

  /** Ends a server and removes its data; one that is gone already is no error. */
  async destroy(id: string): Promise<void> {
    const server = this.find(id);
    this.#servers.delete(id.toLowerCase());
    await server?.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.stop()));
  }
}
