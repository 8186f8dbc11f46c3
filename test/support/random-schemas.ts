import fc from "fast-check";
import { quoted } from "../../lambdas/database/sql.ts";
import { Random } from "./random.ts";
import { COLUMN_TYPES, type ColumnType, text } from "./random-values.ts";

/** Names that statements could stumble over. */
export const SCHEMAS = ["shop", "Shop Two", "a`b", "select", "日本", "quote\"'s%", "underscore_%"];
const TABLES = ["orders", "Order Lines", "b``c", "WHERE", "naïve 表", 'it\'s "one"', "x.y", "a, b (c)"];

const KEYS = ["none", "id", "descending", "composite", "column", "unique", "uuid", "hidden", "negative"] as const;
const PARTITIONS = ["", "", "", "range", "hash", "list", "key", "sub"] as const;

const table = fc.record({
  name: fc.constantFrom(...TABLES),
  schema: fc.nat(SCHEMAS.length - 1),
  columns: fc.array(fc.nat(COLUMN_TYPES.length - 1), { minLength: 1, maxLength: 8 }),
  key: fc.constantFrom(...KEYS),
  partitions: fc.constantFrom(...PARTITIONS),
  rows: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 400 })),
  generated: fc.constantFrom("", "VIRTUAL", "STORED"),
  invisible: fc.boolean(),
  index: fc.boolean(),
  seed: fc.nat(),
});
const reference = fc.record({ from: fc.nat(9), to: fc.nat(9), cascade: fc.boolean() });

/** A table that is to be made. */
export type RandomTable = typeof table extends fc.Arbitrary<infer T> ? T : never;

/** Schemas with tables of all types, keys and partitions, and programs. */
export const randomSchemas = fc.record({
  tables: fc.uniqueArray(table, { minLength: 1, maxLength: 5, selector: ({ schema, name }) => `${schema}/${name}` }),
  references: fc.array(reference, { maxLength: 4 }),
  programs: fc.boolean(),
  collation: fc.constantFrom("utf8mb4_0900_ai_ci", "utf8mb4_bin", "latin1_swedish_ci", "utf8mb3_general_ci"),
});
export type RandomSchemas = typeof randomSchemas extends fc.Arbitrary<infer T> ? T : never;

export function nameOf({ schema, name }: RandomTable): string {
  return `${quoted(SCHEMAS[schema] ?? "")}.${quoted(name)}`;
}

/** Statements that make all of it; some may be refused, such as a key that is too long. */
export function statementsOf({ tables, references, programs, collation }: RandomSchemas): string[] {
  const schemas = [...new Set(tables.map(({ schema }) => SCHEMAS[schema] ?? ""))];
  return [
    ...schemas.map((name) => `CREATE SCHEMA ${quoted(name)} COLLATE ${collation}`),
    ...tables.flatMap(tableOf),
    ...references.flatMap(({ from, to, cascade }) => {
      const [child, parent] = [tables[from % tables.length], tables[to % tables.length]];
      if (!child || !parent) return [];
      const action = cascade ? "ON DELETE CASCADE" : "";
      return [`ALTER TABLE ${nameOf(child)} ADD FOREIGN KEY (part) REFERENCES ${nameOf(parent)} (id) ${action}`];
    }),
    ...(programs ? tables.flatMap(programsOf) : []),
  ];
}

const KEY_OF: Record<RandomTable["key"], string[]> = {
  none: [],
  id: ["PRIMARY KEY (id)"],
  descending: ["PRIMARY KEY (id DESC)"],
  composite: ["PRIMARY KEY (part, id)", "UNIQUE KEY other (id, part)"],
  column: ["PRIMARY KEY (c0, id)"],
  unique: ["UNIQUE KEY z (id)", "UNIQUE KEY a (part, id)"],
  uuid: ["uuid BINARY(16) NOT NULL DEFAULT (UUID_TO_BIN(UUID()))", "PRIMARY KEY (uuid, id)"],
  hidden: ["my_row_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT INVISIBLE PRIMARY KEY"],
  negative: ["PRIMARY KEY (id)"],
};

const PARTITIONS_OF: Record<RandomTable["partitions"], string> = {
  "": "",
  range: "PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (10), PARTITION `q'` VALUES LESS THAN MAXVALUE)",
  hash: "PARTITION BY HASH (id) PARTITIONS 3",
  list: "PARTITION BY LIST (id MOD 2) (PARTITION p VALUES IN (0), PARTITION q VALUES IN (1, -1))",
  key: "PARTITION BY KEY (id) PARTITIONS 2",
  sub: "PARTITION BY RANGE (id) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION p VALUES LESS THAN (9), PARTITION q VALUES LESS THAN MAXVALUE)",
};

function tableOf(table: RandomTable): string[] {
  const { columns, generated, index, invisible, key, partitions, rows, seed } = table;
  const random = new Random(seed);
  const types = columns.map((at) => COLUMN_TYPES[at] as ColumnType);
  const isKey = (at: number) => key === "column" && at === 0;
  const items = [
    `id INT NOT NULL ${key === "id" ? "AUTO_INCREMENT" : ""}, part INT NOT NULL`,
    ...types.map(
      ({ type }, at) => `c${at} ${type} ${isKey(at) ? "NOT NULL" : "NULL"} ${invisible && at === 0 ? "INVISIBLE" : ""}`,
    ),
    "`defaulted, to` VARCHAR(20) DEFAULT (CONCAT('a\\\\', 'b'))",
    ...(generated ? [`made VARCHAR(60) AS (CONCAT(part, '\\t', id)) ${generated}`, "KEY made (made)"] : []),
    ...(index ? ["KEY parts (part)", "KEY both (id, part DESC)", "CHECK (part < 1000000)"] : []),
    ...KEY_OF[key],
  ];
  const create = `CREATE TABLE ${nameOf(table)} (${items.join(", ")}) COMMENT 'it''s; \`one\`' ${PARTITIONS_OF[partitions]}`;
  const values = Array.from({ length: rows }, (_, at) => {
    const id = key === "negative" ? at * 1000 - 150_000 : at;
    const cells = types.map(({ value }, column) => (!isKey(column) && random.chance(0.15) ? "NULL" : value(random)));
    return `(${[id, random.below(5) ** 4, ...cells].join(", ")})`;
  });
  const names = ["id", "part", ...types.map((_, at) => `c${at}`)].join(", ");
  const inserts = Array.from({ length: Math.ceil(rows / 50) }, (_, at) => {
    return `INSERT IGNORE INTO ${nameOf(table)} (${names}) VALUES ${values.slice(at * 50, at * 50 + 50).join(", ")}`;
  });
  return [create, ...inserts, `ANALYZE TABLE ${nameOf(table)}`];
}

function programsOf(table: RandomTable): string[] {
  const schema = quoted(SCHEMAS[table.schema] ?? "");
  const name = (kind: string) => `${schema}.${quoted(`${kind} of ${table.name}`)}`;
  return [
    `CREATE FUNCTION ${name("function")}(a INT) RETURNS INT DETERMINISTIC RETURN (SELECT COUNT(*) + a FROM ${nameOf(table)})`,
    `CREATE PROCEDURE ${name("procedure")}(INOUT a TEXT) COMMENT ${text("it's")} BEGIN SELECT ${text("é\\🙂")}; CALL ${name("procedure")}(a); END`,
    `CREATE VIEW ${name("view")} AS SELECT id, ${name("function")}(part) AS \`two words\` FROM ${nameOf(table)}`,
    `CREATE SQL SECURITY INVOKER VIEW ${name("a view")} AS SELECT * FROM ${name("view")} WHERE id > 0 WITH CHECK OPTION`,
    `CREATE TRIGGER ${name("trigger")} BEFORE INSERT ON ${nameOf(table)} FOR EACH ROW SET NEW.part = NEW.part + 1`,
    `CREATE TRIGGER ${name("first trigger")} BEFORE INSERT ON ${nameOf(table)} FOR EACH ROW PRECEDES ${quoted(`trigger of ${table.name}`)} SET NEW.id = 1`,
    `CREATE EVENT ${name("event")} ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01 00:00:00' DO DELETE FROM ${nameOf(table)}`,
  ];
}
