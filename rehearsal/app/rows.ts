import { Resolver } from "node:dns/promises";
import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import { createPool, type Pool, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import type { SiteDocument } from "../../components/site-document.ts";
import type { LoginSecret } from "./secret.ts";

/** The table, with the explicit key that both clouds' replication wants. */
const TABLE = `CREATE TABLE IF NOT EXISTS notes (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  idempotency_key VARCHAR(100) NOT NULL UNIQUE,
  text VARCHAR(1000) NOT NULL,
  site VARCHAR(10) NOT NULL,
  written_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
)`;
const COLUMNS = "id, idempotency_key AS `key`, text, site, written_at AS writtenAt";

/**
 * What a server answers that is not the one any more: the password was changed, or its schemas are handed back and take no
 * writes. The name may lead to another by now.
 */
const ANEW = ["ER_ACCESS_DENIED_ERROR", "ER_SCHEMA_READ_ONLY"];

/** Most rows that are listed at once. */
const PAGE = 1000;

/** What users wrote, and at which site. */
export interface Note {
  id: number;
  /** Idempotency key: the same key writes one row, however often it is sent. */
  key: string;
  text: string;
  site: string;
  writtenAt: string;
}

/** The app's rows in MySQL, over TLS, as the user that the secret names. */
export class Rows {
  readonly #database: NonNullable<SiteDocument["database"]>;
  readonly #secret: LoginSecret;
  #pool: Promise<Pool> | undefined;

  constructor(database: NonNullable<SiteDocument["database"]>, secret: LoginSecret) {
    this.#database = database;
    this.#secret = secret;
  }

  /** Whether the database answers. @throws Error when it does not */
  async check(): Promise<void> {
    await this.#use((pool) => pool.query("SELECT 1"));
  }

  async count(): Promise<number> {
    const [rows] = await this.#query<RowDataPacket[]>("SELECT COUNT(*) AS count FROM notes");
    return Number(rows[0]?.count);
  }

  /** Rows in the order in which they were written. @param after id of the last row that is known already */
  async list(after = 0): Promise<Note[]> {
    const sql = `SELECT ${COLUMNS} FROM notes WHERE id > ? ORDER BY id LIMIT ${PAGE}`;
    const [rows] = await this.#query<RowDataPacket[]>(sql, [after]);
    return rows as Note[];
  }

  /** Writes a row, or finds the one that was written under the key before. */
  async add(key: string, text: string, site: string): Promise<{ note: Note; created: boolean }> {
    // Assigning the id to itself changes nothing, and without FOUND_ROWS MySQL then counts no affected row.
    const sql = "INSERT INTO notes (idempotency_key, text, site) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE id = id";
    const [{ affectedRows }] = await this.#query<ResultSetHeader>(sql, [key, text, site]);
    const find = `SELECT ${COLUMNS} FROM notes WHERE idempotency_key = ?`;
    const [rows] = await this.#query<RowDataPacket[]>(find, [key]);
    return { note: rows[0] as Note, created: affectedRows === 1 };
  }

  async close(): Promise<void> {
    const pool = await this.#pool?.catch(() => undefined);
    await pool?.end();
  }

  /** A query on the table, which is made when it turns out to be missing: a replica brings it along. */
  async #query<T extends RowDataPacket[] | ResultSetHeader>(sql: string, values: unknown[] = []) {
    try {
      return await this.#use((pool) => pool.query<T>(sql, values));
    } catch (error) {
      if (codeOf(error) !== "ER_NO_SUCH_TABLE") throw error;
      await this.#use((pool) => pool.query(TABLE));
      return await this.#use((pool) => pool.query<T>(sql, values));
    }
  }

  /** Works with the pool; where the login or a write is refused, once more with the secret and the name as they are now. */
  async #use<T>(work: (pool: Pool) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (error) {
      if (!ANEW.includes(codeOf(error) ?? "")) throw error;
      const refused = this.#pool;
      this.#pool = undefined;
      this.#secret.forget();
      await (await refused)?.end();
      return await work(await this.#open());
    }
  }

  #open(): Promise<Pool> {
    this.#pool ??= this.#connect().catch((error) => {
      this.#pool = undefined;
      throw error;
    });
    return this.#pool;
  }

  async #connect(): Promise<Pool> {
    const { host, port, name } = this.#database;
    const { username, password } = await this.#secret.read();
    return createPool({
      host,
      port,
      stream: connectByName(host, port),
      database: name,
      user: username,
      password,
      // The authorities that the process trusts, NODE_EXTRA_CA_CERTS among them.
      ssl: { rejectUnauthorized: true, minVersion: "TLSv1.2" },
      flags: ["-FOUND_ROWS"],
      connectTimeout: 3000,
      connectionLimit: 10,
      timezone: "Z",
    });
  }
}

/**
 * Connects to a host by name where it is not for the system's resolver to say what that means: DNS_SERVERS names others.
 * It is asked at each connection, for what a name of the database means may change.
 */
function connectByName(host: string, port: number): (() => Socket) | undefined {
  const { DNS_SERVERS: servers } = process.env;
  if (!servers || isIP(host)) return undefined;
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  resolver.setServers(servers.split(","));
  const lookup: LookupFunction = (name, { all }, callback) => {
    resolver.resolveCname(name).then(
      ([address = ""]) => (all ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4)),
      (error) => callback(error, "", 4),
    );
  };
  return () => connect({ host, port, lookup });
}

export function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}
