import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { connect, type Login } from "../../lambdas/database/connection.ts";
import { userSchemas } from "../../lambdas/database/definitions.ts";
import { planDump, sealDump } from "../../lambdas/database/dump.ts";
import { dumpPortion, prepareToDump } from "../../lambdas/database/dump-portion.ts";
import { ensureDumpUser } from "../../lambdas/database/dump-user.ts";
import { ADMINISTRATOR, CONTROL_SCHEMA, dumpId } from "../../lambdas/database/layout.ts";
import type { LoadProof } from "../../lambdas/database/ledger.ts";
import { type LoadArgs, loadDump } from "../../lambdas/database/load.ts";
import type { Frozen, Manifest } from "../../lambdas/database/manifest.ts";
import { qualified, quoted } from "../../lambdas/database/sql.ts";
import type { DumpStore } from "../../lambdas/database/store.ts";
import { type Certificate, makeCertificate } from "../../rehearsal/local/certificate.ts";
import type { MysqlServers } from "../../rehearsal/local/mysql-servers.ts";
import type { Mysqld, Parameters } from "../../rehearsal/local/mysqld.ts";
import { FolderStore } from "./folder-store.ts";
import { mysqlServers } from "./mysql.ts";

const PASSWORD = "a password of 24 letters";
const SOURCE: Parameters = {
  ...{ gtid_mode: "ON", enforce_gtid_consistency: "ON", log_bin_trust_function_creators: "ON", event_scheduler: "OFF" },
  sql_generate_invisible_primary_key: "OFF",
};
const TARGET: Parameters = {
  ...SOURCE,
  ...{ local_infile: "ON", require_secure_transport: "ON", max_allowed_packet: String(2 ** 30) },
};

const FIRST_DUMP = Date.parse("2026-11-21T02:15:00Z");

/** A signal that nobody gives. */
const UNENDED = new AbortController().signal;

/** A server as RDS has it, one as Azure has it, and dumps from the one that are loaded into the other. */
export class DatabasePair implements AsyncDisposable {
  readonly folder: string;
  readonly authority: Certificate;
  readonly store: FolderStore;
  readonly #servers: MysqlServers;
  readonly #connections: Connection[] = [];
  #dumps = 0;

  private constructor(folder: string, authority: Certificate, servers: MysqlServers) {
    this.folder = folder;
    this.authority = authority;
    this.store = new FolderStore(join(folder, "dumps"));
    this.#servers = servers;
  }

  static async create(target: Parameters = {}): Promise<DatabasePair> {
    const folder = await mkdtemp(join(tmpdir(), "pair-"));
    const authority = await makeCertificate(folder);
    const servers = await mysqlServers(folder, authority);
    const administrator = { user: ADMINISTRATOR, password: PASSWORD };
    const common = { port: 3306, administrator };
    await Promise.all([
      servers.create("source", { ...common, name: "source", lowerCaseNames: false, parameters: SOURCE }),
      servers.create("target", {
        ...common,
        name: "target",
        lowerCaseNames: true,
        parameters: { ...TARGET, ...target },
      }),
    ]);
    const pair = new DatabasePair(folder, authority, servers);
    await ensureDumpUser(await pair.connect(pair.sourceLogin), PASSWORD, []);
    return pair;
  }

  get source(): Mysqld {
    return this.#servers.get("source");
  }

  get target(): Mysqld {
    return this.#servers.get("target");
  }

  get sourceLogin(): Login {
    return this.#login(this.source, ADMINISTRATOR);
  }

  get targetLogin(): Login {
    return this.#login(this.target, ADMINISTRATOR);
  }

  get dumpLogin(): Login {
    return this.#login(this.source, "dr_dump");
  }

  /** A connection that ends with the pair, at the latest. */
  async connect(login: Login): Promise<Connection> {
    const connection = await connect(login);
    this.#connections.push(connection);
    return connection;
  }

  /** Dumps the source as it is; nobody may write into it meanwhile. @param bytes of a chunk */
  async dump(bytes: number): Promise<Manifest> {
    this.#dumps += 1;
    const underway = { dump: dumpId(new Date(FIRST_DUMP + this.#dumps * 1000)), kind: "daily" as const };
    const connection = await connect(this.dumpLogin);
    try {
      await prepareToDump(connection);
      const { portions, schemas } = await planDump(connection, this.store, underway, UNENDED, bytes);
      // Portions are dumped in sessions of their own.
      await prepareToDump(connection);
      for (const portion of portions) await dumpPortion(connection, this.store, underway, portion, UNENDED);
      const startedAt = "2026-11-21T02:15:00Z";
      return await sealDump(this.store, { ...underway, schemas, frozen: FROZEN, startedAt, obstacles: [] }, UNENDED);
    } finally {
      connection.destroy();
    }
  }

  /** Loads a dump into the target. */
  load(manifest: Manifest, more: Partial<LoadArgs> & { store?: DumpStore } = {}): Promise<LoadProof> {
    const { store, targetLogin: login } = this;
    return loadDump({ login, store, manifest, parallel: 3, signal: UNENDED, progress: () => {}, ...more });
  }

  /** Drops all schemas that are no server's own. */
  async empty(...logins: Login[]): Promise<void> {
    for (const login of logins.length > 0 ? logins : [this.sourceLogin, this.targetLogin]) {
      const connection = await connect(login);
      await connection.query("SET SESSION foreign_key_checks = 0");
      const schemas = await userSchemas(connection);
      for (const name of [...schemas, CONTROL_SCHEMA]) await connection.query(`DROP SCHEMA IF EXISTS ${quoted(name)}`);
      connection.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    await Promise.all(["source", "target"].map((id) => this.#servers.destroy(id)));
    await rm(this.folder, { recursive: true });
  }

  #login({ address: host, port }: Mysqld, username: string): Login {
    return { host, port, username, password: PASSWORD };
  }
}

const FROZEN: Frozen = { gtid: "", server: "3e11fa47-71ca-11e1-9e33-c80aa9429562", version: "8.4.0" };

/** Everything of a server's schemas: what SHOW CREATE tells of each thing, CHECKSUM TABLE, and every value of every row. */
export async function contentOf(connection: Connection): Promise<Record<string, unknown>> {
  const content: Record<string, unknown> = {};
  await connection.query("SET SESSION sql_mode = '', information_schema_stats_expiry = 0");
  for (const schema of await userSchemas(connection)) {
    const shown = async (kind: string, name: string, at: number) => {
      const what = `${kind} ${qualified(schema, name)}`;
      const [rows] = await connection.query({ sql: `SHOW CREATE ${what}`, rowsAsArray: true });
      content[what.toLowerCase()] = withoutCase(String((rows as unknown as string[][])[0]?.[at]));
    };
    const listed = async (sql: string) => {
      const [rows] = await connection.query({ sql, rowsAsArray: true }, [schema]);
      return (rows as unknown as string[][]).map(([name = "", more = ""]) => [name, more] as const);
    };
    await shown("SCHEMA", schema, 1).catch(async () => {
      const [rows] = await connection.query({ sql: `SHOW CREATE SCHEMA ${quoted(schema)}`, rowsAsArray: true });
      content[`schema ${schema.toLowerCase()}`] = withoutCase(String((rows as unknown as string[][])[0]?.[1]));
    });
    const tables = await listed("SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = ?");
    for (const [name, type] of tables) {
      await shown(type === "VIEW" ? "VIEW" : "TABLE", name, 1);
      if (type !== "VIEW") Object.assign(content, await rowsOf(connection, schema, name));
    }
    const { EVENT, ROUTINE, TRIGGER } = LISTS;
    for (const [name, kind] of await listed(ROUTINE)) await shown(kind, name, 2);
    for (const [name] of await listed(TRIGGER)) await shown("TRIGGER", name, 2);
    for (const [name] of await listed(EVENT)) await shown("EVENT", name, 3);
  }
  return content;
}

const LISTS = {
  ROUTINE: "SELECT routine_name, routine_type FROM information_schema.routines WHERE routine_schema = ?",
  TRIGGER: "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = ?",
  EVENT: "SELECT event_name FROM information_schema.events WHERE event_schema = ?",
};

/** A standby keeps names in lower case, and runs no events. A column's collation it may tell with its character set. */
function withoutCase(create: string): string {
  return create
    .replace(/(ON COMPLETION (?:NOT )?PRESERVE) (?:ENABLE|DISABLE ON REPLICA|DISABLE)/, "$1")
    .replaceAll(/CHARACTER SET \w+ (?=COLLATE )/g, "")
    .toLowerCase();
}

async function rowsOf(connection: Connection, schema: string, table: string): Promise<Record<string, unknown>> {
  const [columns] = await connection.query<RowDataPacket[]>(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position`,
    [schema, table],
  );
  const values = columns.map(({ name, type }) => {
    const column = quoted(name);
    if (/text|char|blob|binary|enum|set|point|line|poly|geom/.test(type)) return `HEX(${column})`;
    return `CAST(${column}${type === "float" ? " * 1E0" : type === "bit" ? " + 0" : ""} AS CHAR)`;
  });
  const where = qualified(schema, table);
  const [rows] = await connection.query({ sql: `SELECT ${values.join(", ")} FROM ${where}`, rowsAsArray: true });
  const [[checksum]] = await connection.query<RowDataPacket[]>(`CHECKSUM TABLE ${where}`);
  const name = `${schema}.${table}`.toLowerCase();
  return {
    [`columns of ${name}`]: columns.map(({ name: column }) => column),
    [`rows of ${name}`]: (rows as unknown as unknown[][]).map((row) => JSON.stringify(row)).sort(),
    [`checksum of ${name}`]: checksum?.Checksum,
  };
}

/** What is not the same in two contents, in short. */
export function unlike(found: Record<string, unknown>, expected: Record<string, unknown>): string[] {
  const short = (value: unknown) => (JSON.stringify(value) ?? "nothing").slice(0, 600);
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    .filter((name) => JSON.stringify(found[name]) !== JSON.stringify(expected[name]))
    .map((name) => `${name}: expected ${short(expected[name])}, found ${short(found[name])}`);
}
