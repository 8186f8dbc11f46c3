import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { cached } from "../tools/cache.ts";
import type { MySql } from "../tools/mysql.ts";
import { run } from "../tools/run.ts";
import { type Certificate, issueCertificate } from "./certificate.ts";
import { freeAddress } from "./loopback.ts";
import { Service, type ServiceError } from "./service.ts";

/** Values of server parameters by name, with underscores. */
export type Parameters = Readonly<Record<string, string>>;

export interface MysqldOptions {
  /** What people call it; begins every message about it. @example "MySQL of shop-db" */
  name: string;
  mysql: MySql;
  /** Folder of its own, for data, settings, socket, certificate and log; made when it is not there. */
  folder: string;
  /** Where it is met. @default an address of the loopback of its own */
  address?: string;
  port: number;
  /** Whether names of tables are kept in lower case; it can't be changed later. */
  lowerCaseNames: boolean;
  /** What it begins with. */
  parameters: Parameters;
  /** The server whose data it begins with, as they are then; none when absent. */
  source?: Mysqld;
  /** Who vouches for its certificate. */
  authority: Certificate;
  /** Called once when it ends before anybody stopped it. */
  onDeath(error: ServiceError): void;
}

/** What keeps a server small; parameters override it. */
const SMALL: Parameters = {
  innodb_buffer_pool_size: "64M",
  innodb_redo_log_capacity: "32M",
  max_connections: "100",
  table_open_cache: "400",
};

/** Bytes of a path that a socket may have (sun_path in unix(7)). */
const LONGEST_SOCKET = 107;

/**
 * A real MySQL server: a process of its own on an address of its own, with data that outlive the process.
 *
 * Its root has no password and comes in by the socket only, in a folder that only its owner may enter.
 */
export class Mysqld implements AsyncDisposable {
  readonly address: string;
  readonly #options: MysqldOptions;
  readonly #serverId: number;
  #parameters: Parameters = {};
  #service: Service | undefined;

  private constructor(options: MysqldOptions, address: string) {
    this.#options = options;
    this.address = address;
    // Unique among servers that are on different addresses; replication needs that.
    this.#serverId = Buffer.from(address.split(".").map(Number)).readUInt32BE();
  }

  /** Makes a server with new data and starts it. @throws ServiceError when it does not start */
  static async create(options: MysqldOptions): Promise<Mysqld> {
    const { folder, lowerCaseNames, mysql, source } = options;
    const server = new Mysqld(options, options.address ?? (await freeAddress(options.port)));
    if (server.#socket.length > LONGEST_SOCKET) {
      throw new Error(`${server.#socket} is too long for a socket: set TMPDIR to a folder with a shorter path`);
    }
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const data = join(folder, "data");
    if (source) await source.#cloneTo(data);
    else await cp(await emptyData(mysql, lowerCaseNames), data, { recursive: true });
    await issueCertificate(options.authority, folder, server.address);
    await server.configure(options.parameters);
    await server.start();
    return server;
  }

  get port(): number {
    return this.#options.port;
  }

  get lowerCaseNames(): boolean {
    return this.#options.lowerCaseNames;
  }

  /** What it begins with at its next start. */
  get parameters(): Parameters {
    return this.#parameters;
  }

  get isRunning(): boolean {
    return this.#service !== undefined;
  }

  get pid(): number | undefined {
    return this.#service?.pid;
  }

  /** Starts it on the data that it has; nothing when it runs. @throws ServiceError when it does not start */
  async start(): Promise<void> {
    if (this.#service) return;
    const { folder, lowerCaseNames, mysql, name, onDeath } = this.#options;
    const [command = "", ...args] = mysql.command("mysqld");
    this.#service = await Service.start({
      name,
      command,
      args: [
        ...[...args, `--defaults-file=${join(folder, "my.cnf")}`, ...mysql.places, ...asUser()],
        // Here, because no parameter may override it.
        ...[
          `--datadir=${join(folder, "data")}`,
          `--socket=${this.#socket}`,
          `--pid-file=${join(folder, "mysqld.pid")}`,
        ],
        ...[`--bind-address=${this.address}`, `--port=${this.port}`, "--mysqlx=OFF", "--skip-name-resolve"],
        ...[`--server-id=${this.#serverId}`, `--lower-case-table-names=${Number(lowerCaseNames)}`],
        ...[`--ssl-cert=${join(folder, "certificate.pem")}`, `--ssl-key=${join(folder, "key.pem")}`],
        ...[`--ssl-ca=${this.#options.authority.certificateFile}`, "--secure-file-priv=NULL"],
      ],
      env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder },
      folder,
      logFile: join(folder, "mysqld.log"),
      ready: async () => (await this.query("SELECT 1")).length > 0,
      patience: 60_000,
      onDeath: (error) => {
        this.#service = undefined;
        onDeath(error);
      },
    });
  }

  /** Stops it cleanly; the data stay. */
  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = undefined;
  }

  /** Ends it as a loss of power would; the data stay as they happen to be. */
  async kill(): Promise<void> {
    await this.#service?.kill();
    this.#service = undefined;
  }

  /** Ends it and removes its data, which need no clean end then. */
  async destroy(): Promise<void> {
    await this.kill();
    await rm(this.#options.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Sets what it begins with at its next start. What this MySQL does not know it passes over. */
  async configure(parameters: Parameters): Promise<void> {
    this.#parameters = parameters;
    const all = Object.entries({ ...SMALL, ...parameters }).map(([name, value]) => asOption(name, value));
    const lines = all.map(
      ([name, value]) => `loose_${name} = "${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`,
    );
    await writeFile(join(this.#options.folder, "my.cnf"), ["[mysqld]", ...lines, ""].join("\n"));
  }

  /**
   * Sets a parameter while it runs.
   *
   * @param value MySQL's own default when undefined
   * @throws the server's own error, such as that the parameter is read-only
   */
  async setGlobal(name: string, value: string | undefined): Promise<void> {
    if (value === undefined) {
      await this.query(`SET GLOBAL ${name} = DEFAULT`);
      return;
    }
    const [, known] = asOption(name, value);
    // A number in quotes would be refused as a text.
    const literal = /^-?\d+(\.\d+)?$/.test(known) ? Number(known) : known;
    await this.query(`SET GLOBAL ${name} = ?`, [literal]);
  }

  /** Runs a statement as root, and leaves no trace of it in the binary log. @returns the rows */
  async query(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const connection = await createConnection({ socketPath: this.#socket, user: "root" });
    try {
      await connection.query("SET SESSION sql_log_bin = 0");
      const [rows] = await connection.query(sql, values);
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    } finally {
      await connection.end();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Copies its data, users and all, to a folder that is not there yet, while others read and write them. */
  async #cloneTo(folder: string): Promise<void> {
    const loaded = await this.query("SELECT 1 FROM information_schema.plugins WHERE plugin_name = 'clone'");
    if (loaded.length === 0) await this.query("INSTALL PLUGIN clone SONAME 'mysql_clone.so'");
    await this.query("CLONE LOCAL DATA DIRECTORY = ?", [folder]);
  }

  get #socket(): string {
    return join(this.#options.folder, "mysqld.sock");
  }
}

/** Data as a new server has them: made once (3 s) and copied from then on (0.1 s). */
async function emptyData(mysql: MySql, lowerCaseNames: boolean): Promise<string> {
  const names = lowerCaseNames ? "lower-case-names" : "names-as-given";
  const folder = await cached(`mysql-data-${mysql.version}-${names}`, async (unfinished) => {
    const [command = "", ...args] = mysql.command("mysqld");
    await run(command, [
      ...[...args, "--no-defaults", ...mysql.places, ...asUser(), "--initialize-insecure"],
      ...[`--datadir=${join(unfinished, "data")}`, `--lower-case-table-names=${Number(lowerCaseNames)}`],
      ...["--innodb-redo-log-capacity=32M", "--secure-file-priv=NULL", "--auto-generate-certs=OFF"],
      ...["--sha256-password-auto-generate-rsa-keys=OFF", "--caching-sha2-password-auto-generate-rsa-keys=OFF"],
    ]);
    // The server's identity: each copy draws one of its own.
    await rm(join(unfinished, "data/auto.cnf"));
  });
  return join(folder, "data");
}

/** MySQL does not run as root unless it is told that this is meant. */
function asUser(): string[] {
  return process.getuid?.() === 0 ? ["--user=root"] : [];
}

/** A parameter as the server's options write it: the time zone has another name there, and no names of zones. */
function asOption(name: string, value: string): [string, string] {
  if (name !== "time_zone") return [name, value];
  return ["default_time_zone", value.toUpperCase() === "UTC" ? "+00:00" : value];
}
