import { expect } from "chai";
import fc from "fast-check";
import type { Connection } from "mysql2/promise";
import { qualified } from "../../../lambdas/database/sql.ts";
import { splitTable, TABLE_SESSION, tableStatements } from "../../../lambdas/database/table-definition.ts";
import { type OneMysql, oneMysql } from "../../support/one-mysql.ts";
import { randomTable } from "../../support/random-tables.ts";

const lines = (...all: string[]) => all.join("\n");

describe("a table's definition", () => {
  const order = lines(
    "CREATE TABLE `order` (",
    "  `id` int NOT NULL AUTO_INCREMENT,",
    "  `note` varchar(9) DEFAULT NULL COMMENT 'a, (''), KEY `x` (`id`)',",
    "  PRIMARY KEY (`id`),",
    "  UNIQUE KEY `u` (`note`(3)),",
    "  KEY `k` (((`id` + 1)),`note` DESC) /*!80000 INVISIBLE */,",
    "  FULLTEXT KEY `f` (`note`),",
    "  CONSTRAINT `other` FOREIGN KEY (`id`) REFERENCES `shop`.`a``).(` (`id`) ON DELETE CASCADE,",
    "  CONSTRAINT `self` FOREIGN KEY (`id`) REFERENCES `order` (`id`),",
    "  CONSTRAINT `c` CHECK ((`id` <> _utf8mb4'\\'),\\n  KEY'))",
    ") ENGINE=InnoDB COMMENT='KEY `k`, ('",
  );

  it("is taken apart: what its rows are stored by at once, other keys and foreign keys later", () => {
    const { create, keys, foreignKeys } = splitTable(order);
    const kept = order.split("\n").filter((line) => !/^ {2}(UNIQUE |FULLTEXT )?KEY|FOREIGN KEY \(/.test(line));
    expect(create).to.equal(kept.join("\n"));
    expect(keys).to.deep.equal([
      "UNIQUE KEY `u` (`note`(3))",
      "KEY `k` (((`id` + 1)),`note` DESC) /*!80000 INVISIBLE */",
      "FULLTEXT KEY `f` (`note`)",
    ]);
    expect(foreignKeys.map((key) => key.split(" ")[1])).to.deep.equal(["`other`", "`self`"]);
  });

  const parts = (...items: string[]) =>
    splitTable(lines("CREATE TABLE `t` (", `  ${items.join(",\n  ")}`, ") ENGINE=InnoDB"));

  it("keeps the key of a column that counts, and those before it", () => {
    const counter = ["`a` int NOT NULL", "`b``a` int NOT NULL AUTO_INCREMENT", "PRIMARY KEY (`a`,`b``a`)"];
    const { create, keys } = parts(...counter, "KEY `(``b``` (`a`)", "KEY `b` (`b``a`)", "KEY `c` (`b``a`)");
    expect(create).to.include("KEY `(``b``` (`a`),\n  KEY `b` (`b``a`)\n)");
    expect(keys).to.deep.equal(["KEY `c` (`b``a`)"]);
  });

  it("keeps every unique key of a table without a primary one, whose rows are stored by one of them", () => {
    const { create, keys } = parts(
      "`a` int NOT NULL",
      "UNIQUE KEY `u` (`a`)",
      "UNIQUE KEY `v` (`a`,`b`)",
      "KEY `k` (`a`)",
    );
    expect(create).to.include("UNIQUE KEY `v`");
    expect(keys).to.deep.equal(["KEY `k` (`a`)"]);
  });

  it("becomes statements for a schema elsewhere, to which its foreign keys refer too, one FULLTEXT key at a time", () => {
    const second = order.replace("),\n  CONSTRAINT `o", "),\n  FULLTEXT KEY `g` (`note`),\n  CONSTRAINT `o");
    const table = { schema: "eu.shop", name: "order", create: second };
    const statements = tableStatements(table, (schema) => `${schema}$&_\`new`);
    expect(statements.create).to.match(/^CREATE TABLE `eu\.shop\$&_``new`\.`order` \(\n {2}`id` int/);
    expect(statements.keys).to.deep.equal([
      "ALTER TABLE `eu.shop$&_``new`.`order` ADD UNIQUE KEY `u` (`note`(3)), " +
        "ADD KEY `k` (((`id` + 1)),`note` DESC) /*!80000 INVISIBLE */, ADD FULLTEXT KEY `f` (`note`)",
      "ALTER TABLE `eu.shop$&_``new`.`order` ADD FULLTEXT KEY `g` (`note`)",
    ]);
    expect(statements.foreignKeys).to.have.length(1);
    expect(statements.foreignKeys[0])
      .to.include("REFERENCES `shop$&_``new`.`a``).(` (`id`) ON DELETE CASCADE, ADD")
      .and.include("REFERENCES `eu.shop$&_``new`.`order` (`id`)");
  });

  it("without other keys needs nothing later", () => {
    const create = lines("CREATE TABLE `t` (", "  `a` int DEFAULT NULL", ") ENGINE=InnoDB");
    const { keys, foreignKeys } = tableStatements({ schema: "shop", name: "t", create }, (schema) => schema);
    expect([keys, foreignKeys]).to.deep.equal([[], []]);
  });

  it("is not what a view's is", () => {
    expect(() => splitTable("CREATE VIEW `v` AS select 1")).to.throw(/definition of a table, found CREATE VIEW `v`/);
  });
});

describe("a table that is made in parts on a real server", () => {
  const SCHEMAS = ["shop", "other"];
  const fresh = (schema: string) => `fresh_${schema}`;
  const former = (schema: string) => `former_${schema}`;
  let mysql: OneMysql;
  let connection: Connection;

  before(async () => {
    mysql = await oneMysql();
    connection = await mysql.connect();
  });
  after(() => mysql[Symbol.asyncDispose]());
  beforeEach(async () => {
    for (const statement of TABLE_SESSION) await connection.query(statement);
  });

  const made = async (statement: string) =>
    connection.query(statement).then(
      () => true,
      () => false,
    );

  async function empty(): Promise<void> {
    for (const schema of SCHEMAS.flatMap((name) => [name, fresh(name), former(name)])) {
      await connection.query(`DROP SCHEMA IF EXISTS ${schema}`);
      await connection.query(`CREATE SCHEMA ${schema}`);
    }
  }

  async function tablesOf(schema: string): Promise<{ schema: string; name: string; create: string }[]> {
    const [rows] = await connection.query({ sql: `SHOW FULL TABLES FROM ${schema}`, rowsAsArray: true });
    const tables = [];
    for (const [name] of rows as unknown as string[][]) {
      const sql = `SHOW CREATE TABLE ${qualified(schema, name ?? "")}`;
      const [told] = await connection.query({ sql, rowsAsArray: true });
      tables.push({ schema, name: name ?? "", create: (told as unknown as string[][])[0]?.[1] ?? "" });
    }
    return tables;
  }
  const allTables = async () => (await Promise.all(SCHEMAS.map(tablesOf))).flat();

  /** Makes all tables anew beside, and puts them in the place of those that are there. @returns how many */
  async function remake(): Promise<number> {
    const tables = await allTables();
    const isMade = (schema: string, name: string) => tables.some((one) => one.schema === schema && one.name === name);
    const placeOf = (schema: string, name: string) => (isMade(schema, name) ? fresh(schema) : schema);
    const statements = tables.map((table) => tableStatements(table, placeOf));
    for (const { create } of statements) await connection.query(create);
    for (const { keys } of statements) for (const key of keys) await connection.query(key);
    for (const { foreignKeys } of statements) {
      for (const key of foreignKeys) await connection.query(`${key}, ALGORITHM=INPLACE`);
    }
    const moves = (from: (schema: string) => string, to: (schema: string) => string) =>
      tables.map(({ schema, name }) => `${qualified(from(schema), name)} TO ${qualified(to(schema), name)}`);
    const own = (schema: string) => schema;
    await connection.query(`RENAME TABLE ${[...moves(own, former), ...moves(fresh, own)].join(", ")}`);
    expect(await allTables()).to.deep.equal(tables);
    return tables.length;
  }

  it("is told in the very same words as before", async () => {
    const foreignKey = fc.record({
      from: fc.nat(2),
      to: fc.nat(2),
      column: fc.constantFrom("id", "part"),
      cascade: fc.boolean(),
    });
    let tables = 0;
    let keys = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(randomTable, randomTable, randomTable),
        fc.array(foreignKey, { maxLength: 6 }),
        async (all, references) => {
          await empty();
          const names = ["shop.`a`` (`", "shop.b", "other.`a, b`"];
          for (const [at, statements] of all.entries()) for (const one of statements(names[at] ?? "")) await made(one);
          for (const { from, to, column, cascade } of references) {
            const key = `FOREIGN KEY (${column}) REFERENCES ${names[to]} (id) ${cascade ? "ON UPDATE CASCADE" : ""}`;
            if (await made(`ALTER TABLE ${names[from]} ADD ${key}`)) keys += 1;
          }
          if ((await allTables()).length > 0) tables += await remake();
        },
      ),
      { numRuns: 25 },
    );
    expect(tables, "tables that the server took").to.be.greaterThan(40);
    expect(keys, "foreign keys that the server took").to.be.greaterThan(4);
  });

  it("keeps what is rare too", async () => {
    await empty();
    await connection.query(`CREATE TABLE shop.places (
      id INT PRIMARY KEY, here POINT NOT NULL SRID 4326, there GEOMETRY NOT NULL SRID 0, list JSON,
      SPATIAL KEY (here), SPATIAL KEY (there), KEY zips ((CAST(list->'$.zip' AS UNSIGNED ARRAY)))
    ) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8 STATS_PERSISTENT=0`);
    await connection.query(`CREATE TABLE shop.words (
      FTS_DOC_ID BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, a TEXT, b TEXT,
      UNIQUE KEY FTS_DOC_ID_INDEX (FTS_DOC_ID), FULLTEXT KEY (a) WITH PARSER ngram, FULLTEXT KEY (b), FULLTEXT KEY (a, b)
    )`);
    await connection.query(
      "CREATE TABLE shop.hidden (my_row_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT INVISIBLE PRIMARY KEY, a INT)",
    );
    await connection.query(
      "CREATE TABLE shop.orphan (id INT PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES other.nobody (id))",
    );
    await connection.query(
      "CREATE TABLE shop.partly (id INT PRIMARY KEY, a INT, KEY (a), FOREIGN KEY (id) REFERENCES partly (a))",
    );
    expect(await remake()).to.equal(5);
  });

  it("has foreign keys that hold when it is in its place", async () => {
    await empty();
    await connection.query("CREATE TABLE other.parent (id INT PRIMARY KEY)");
    await connection.query("CREATE TABLE shop.child (id INT, FOREIGN KEY (id) REFERENCES other.parent (id))");
    await remake();
    await connection.query("SET foreign_key_checks = 1");
    expect(await made("INSERT INTO shop.child VALUES (1)")).to.equal(false);
    await connection.query("INSERT INTO other.parent VALUES (1)");
    expect(await made("INSERT INTO shop.child VALUES (1)")).to.equal(true);
    expect(await made("DELETE FROM other.parent")).to.equal(false);
  });
});
