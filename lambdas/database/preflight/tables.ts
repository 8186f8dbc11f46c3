import type { Connection, RowDataPacket } from "mysql2/promise";
import { findTables, type Table } from "../catalog.ts";
import { orderOf } from "../key-values.ts";
import type { Obstacle } from "../manifest.ts";
import { qualified } from "../sql.ts";
import { ask } from "./asking.ts";

/** Bytes of the largest file of data (Server parameters in Azure Database for MySQL, innodb_file_per_table). */
const LARGEST_FILE = 8 * 2 ** 40;

/**
 * Bytes that are dumped in one piece within a function's 15 minutes, and loaded within the controller's 25, with little to
 * spare: some 20 MB/s.
 */
const LARGEST_PIECE = 20 * 2 ** 30;

const TABLES = `
  SELECT table_schema AS \`schema\`, table_name AS name, engine AS engine, create_options AS options
  FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema IN (?) ORDER BY 1, 2`;

const WITH_PRIMARY_KEY = `
  SELECT DISTINCT table_schema AS \`schema\`, table_name AS name FROM information_schema.statistics
  WHERE index_name = 'PRIMARY' AND seq_in_index = 1 AND table_schema IN (?)`;

/**
 * Tables, or their partitions, by what InnoDB counted last. Asked for all tables, information_schema would open each of them:
 * 12 s for 10,000 that it did not know yet.
 */
const LARGE = `
  SELECT database_name AS \`schema\`, table_name AS file,
    (clustered_index_size + sum_of_other_index_sizes) * @@innodb_page_size AS bytes
  FROM mysql.innodb_table_stats
  WHERE database_name IN (?) AND (clustered_index_size + sum_of_other_index_sizes) * @@innodb_page_size > ${LARGEST_FILE}`;

/** Rows of tables, or of their partitions, that may be more than one piece. */
const ROWS = `
  SELECT database_name AS \`schema\`, table_name AS file, clustered_index_size * @@innodb_page_size AS bytes
  FROM mysql.innodb_table_stats WHERE database_name IN (?)`;

/** Tablespaces of several tables; one that is a table's own has the table's name. */
const SHARED = `
  SELECT 1 FROM information_schema.tablespaces_extensions
  WHERE tablespace_name NOT LIKE '%/%' AND tablespace_name <> 'mysql' AND tablespace_name NOT LIKE 'innodb\\_%' LIMIT 1`;

/** Tables in a tablespace of several. */
const SHARING = "SELECT name AS name FROM information_schema.innodb_tables WHERE space_type = 'General'";

/** Files in a folder that was named. Not joined with the tables: MySQL would read all files for each of them. */
const ELSEWHERE = "SELECT path AS path FROM information_schema.innodb_datafiles WHERE path LIKE '/%'";

const FULLTEXT = `
  SELECT DISTINCT table_schema AS \`schema\`, table_name AS name FROM information_schema.statistics
  WHERE index_type = 'FULLTEXT' AND table_schema IN (?)`;

/** What stands in the way of tables. */
export async function tableObstacles(connection: Connection, schemas: readonly string[]): Promise<Obstacle[]> {
  const tables = await ask(connection, TABLES, [schemas]);
  const keyed = new Set((await ask(connection, WITH_PRIMARY_KEY, [schemas])).map(nameOf));
  return [
    ...tables.flatMap((table) => [
      ...engineObstacle(nameOf(table), String(table.engine)),
      ...(keyed.has(nameOf(table)) ? [] : [keyObstacle(nameOf(table))]),
      ...encryptionObstacle(nameOf(table), String(table.options)),
    ]),
    ...(await ask(connection, LARGE, [schemas])).map(sizeObstacle),
    ...(await pieceObstacles(connection, schemas, new Set(tables.map(nameOf)))),
    ...(await placeObstacles(connection, schemas)),
    ...(await parserObstacles(connection, schemas)),
  ];
}

/** Limitations in Azure Database for MySQL - Flexible Server, Storage engines. */
function engineObstacle(subject: string, engine: string): Obstacle[] {
  if (engine === "InnoDB") return [];
  if (engine === "MEMORY") {
    const problem = "is kept in memory: its rows are gone whenever the standby starts, as they are at the primary";
    return [{ severity: "warning", subject, problem, mend: "give it the engine InnoDB if its rows are needed there" }];
  }
  const problem = `has the engine ${engine}, and Azure has InnoDB and MEMORY only`;
  return [{ severity: "error", subject, problem, mend: `ALTER TABLE ${subject} ENGINE = InnoDB` }];
}

/** Replicate data into Azure Database for MySQL, Requirements. */
function keyObstacle(subject: string): Obstacle {
  const problem =
    "has no primary key: replication looks for each changed row in all of it, and without a unique key either it is dumped in one piece";
  return {
    severity: "warning",
    subject,
    problem,
    mend: "add a primary key, an invisible one if the app may not see it",
  };
}

function sizeObstacle({ schema, file, bytes }: RowDataPacket): Obstacle {
  const problem = `takes ${(Number(bytes) / 2 ** 40).toFixed(1)} TiB in one file, and on Azure a file has no more than 8`;
  const subject = nameOf({ schema, name: fromFileName(String(file)) });
  return { severity: "error", subject, problem, mend: "partition it, or into more partitions" };
}

/** A table whose key can't be split is dumped and loaded in one piece, or not at all. */
async function pieceObstacles(
  connection: Connection,
  schemas: readonly string[],
  present: ReadonlySet<string>,
): Promise<Obstacle[]> {
  const bytesOf = new Map<string, number>();
  for (const { schema, file, bytes } of await ask(connection, ROWS, [schemas])) {
    const place = JSON.stringify([schema, fromFileName(String(file))]);
    bytesOf.set(place, (bytesOf.get(place) ?? 0) + Number(bytes));
  }
  const large = [...bytesOf].filter(([, bytes]) => bytes > LARGEST_PIECE);
  const wanted = large.flatMap(([place, bytes]) => {
    const [schema = "", table = ""] = JSON.parse(place) as string[];
    return present.has(`${schema}.${table}`) ? [{ schema, table, bytes }] : [];
  });
  if (wanted.length === 0) return [];
  const find = await findTables(connection, wanted);
  return wanted.flatMap(({ schema, table, bytes }) => pieceObstacle(find(schema, table), bytes));
}

function pieceObstacle({ schema, name, key }: Table, bytes: number): Obstacle[] {
  const [first] = key?.columns ?? [];
  if (first && orderOf(first)) return [];
  const why = first ? `a key that begins with a ${first.type}, which can't be split` : "no key of whole columns";
  const problem =
    `has ${(bytes / 2 ** 30).toFixed(1)} GiB of rows and ${why}: that is one piece, and more than ` +
    `${LARGEST_PIECE / 2 ** 30} GiB of one are hardly dumped within 15 minutes, or loaded within 25`;
  const mend = "give it a primary key of whole numbers or of text, an invisible one if the app may not see it";
  return [{ severity: "error", subject: nameOf({ schema, name }), problem, mend }];
}

function encryptionObstacle(subject: string, options: string): Obstacle[] {
  if (!/encryption=.?y/i.test(options)) return [];
  const problem = "is encrypted by MySQL, for which Azure has no keyring; Azure encrypts all storage itself";
  return [{ severity: "error", subject, problem, mend: `ALTER TABLE ${subject} ENCRYPTION = 'N'` }];
}

/** No administrator of Azure's may make a tablespace (Limitations, Unsupported privileges) or name a folder. */
async function placeObstacles(connection: Connection, schemas: readonly string[]): Promise<Obstacle[]> {
  const isShared = (await ask(connection, SHARED)).length > 0;
  const sharing = (isShared ? await ask(connection, SHARING) : []).map(({ name }) => String(name));
  const elsewhere = (await ask(connection, ELSEWHERE)).map(({ path }) => String(path));
  const named = elsewhere.map((path) =>
    path
      .replace(/\.ibd$/, "")
      .split("/")
      .slice(-2)
      .join("/"),
  );
  const placed = [
    ...sharing.map((file) => ({
      file,
      problem: "is in a tablespace of several tables, and none can be made on Azure",
    })),
    ...named.map((file) => ({ file, problem: "is kept in a folder that was named, and none can be named on Azure" })),
  ];
  return placed.flatMap(({ file, problem }) => {
    const [schema = "", table = ""] = file.split("/").map(fromFileName);
    if (!schemas.includes(schema)) return [];
    const subject = `${schema}.${table}`;
    const mend = `ALTER TABLE ${qualified(schema, table)} TABLESPACE = innodb_file_per_table`;
    return [{ severity: "error", subject, problem, mend }];
  });
}

/** The parser ngram is MySQL's own; any other is a plugin. */
async function parserObstacles(connection: Connection, schemas: readonly string[]): Promise<Obstacle[]> {
  const obstacles: Obstacle[] = [];
  for (const table of await ask(connection, FULLTEXT, [schemas])) {
    const [row] = await ask(connection, `SHOW CREATE TABLE ${qualified(table.schema, table.name)}`);
    const parsers = [...String(row?.["Create Table"]).matchAll(/WITH PARSER `([^`]+)`/g)].map(([, parser]) => parser);
    const foreign = parsers.find((parser) => parser !== "ngram");
    if (foreign === undefined) continue;
    const problem = `has a full-text index with the parser ${foreign}, a plugin that Azure does not have`;
    obstacles.push({
      severity: "error",
      subject: nameOf(table),
      problem,
      mend: "make the index anew without a parser or with ngram",
    });
  }
  return obstacles;
}

function nameOf({ schema, name }: RowDataPacket | { schema: string; name: string }): string {
  return `${schema}.${name}`;
}

/** InnoDB writes what is no letter, digit or underscore as @ and four hex digits (Mapping of Identifiers to File Names). */
function fromFileName(name: string): string {
  return name
    .replace(/#p#.*$/i, "")
    .replaceAll(/@([0-9a-f]{4})/gi, (_all, code) => String.fromCharCode(Number.parseInt(code, 16)));
}
