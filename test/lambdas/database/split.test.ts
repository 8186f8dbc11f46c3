import { expect } from "chai";
import fc from "fast-check";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { findTables } from "../../../lambdas/database/catalog.ts";
import { prepareToDump } from "../../../lambdas/database/dump-portion.ts";
import type { Range } from "../../../lambdas/database/manifest.ts";
import { EVERYTHING, rowsOf } from "../../../lambdas/database/ranges.ts";
import { splitRows } from "../../../lambdas/database/split.ts";
import { qualified } from "../../../lambdas/database/sql.ts";
import { type OneMysql, oneMysql } from "../../support/one-mysql.ts";
import { Random } from "../../support/random.ts";
import { KEY_COLUMNS } from "../../support/random-keys.ts";

/** SPLIT_RUNS makes the search longer. */
const RUNS = Number(process.env.SPLIT_RUNS ?? 30);

const FILLER = "filler VARCHAR(200) NOT NULL DEFAULT (REPEAT('x', 100))";

describe("the ranges of a table", () => {
  let mysql: OneMysql;
  let connection: Connection;
  before(async () => {
    mysql = await oneMysql({ sql_generate_invisible_primary_key: "OFF" });
    connection = await mysql.connect();
    await prepareToDump(connection);
    await connection.query("CREATE SCHEMA shop");
  });
  after(() => mysql[Symbol.asyncDispose]());

  /** A table with a column `n` that tells its rows apart. */
  async function filled(columns: string, rows: string[], name = "orders"): Promise<void> {
    await connection.query(`DROP TABLE IF EXISTS ${qualified("shop", name)}`);
    await connection.query(
      `CREATE TABLE ${qualified("shop", name)} (${columns}, ${FILLER}, n INT NOT NULL AUTO_INCREMENT, KEY (n)) CHARSET utf8mb4`,
    );
    const names = columns.match(/^c\d+(?= )|(?<=, )c\d+(?= )/g) ?? [];
    for (let at = 0; at < rows.length; at += 2000) {
      const values = rows.slice(at, at + 2000).join(", ");
      await connection.query(`INSERT IGNORE INTO ${qualified("shop", name)} (${names.join(", ")}) VALUES ${values}`);
    }
    await connection.query(`ANALYZE TABLE ${qualified("shop", name)}`);
  }

  /** Splits a table, and sees that its ranges have each row, and none twice. @returns how many rows each has */
  async function split(bytes: number, name = "orders"): Promise<{ ranges: Range[]; sizes: number[]; queries: number }> {
    const table = (await findTables(connection, [{ schema: "shop", table: name }]))("shop", name);
    let queries = 0;
    const counting = new Proxy(connection, {
      get(target, property) {
        if (property === "query") queries += 1;
        const value = Reflect.get(target, property);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const ranges = await splitRows(counting, table, bytes);
    const rowsIn = async (range: Range) => {
      const [rows] = await connection.query<RowDataPacket[]>(`SELECT n ${rowsOf(table, range)}`);
      return rows.map(({ n }) => Number(n));
    };
    const all: number[][] = [];
    for (const range of ranges) all.push(await rowsIn(range));
    const together = all.flat().sort((a, b) => a - b);
    expect(together, "all rows, each once").to.deep.equal((await rowsIn(EVERYTHING)).sort((a, b) => a - b));
    return { ranges, sizes: all.map(({ length }) => length), queries };
  }

  it("are together all its rows, and have none in common, whatever its key", async function () {
    this.timeout(120_000 + RUNS * 2000);
    let several = 0;
    const table = fc.record({
      key: fc.uniqueArray(fc.constantFrom(...Object.keys(KEY_COLUMNS)), { minLength: 1, maxLength: 3 }),
      rows: fc.integer({ min: 0, max: 1500 }),
      skew: fc.constantFrom(0, 0.5, 0.95),
      bytes: fc.constantFrom(1, 2000, 20_000, 60_000),
      kind: fc.constantFrom("PRIMARY KEY", "PRIMARY KEY", "UNIQUE KEY WHERE_IT_IS", "KEY"),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(table, async ({ key, rows, skew, bytes, kind, seed }) => {
        const random = new Random(seed);
        const kinds = key.map((name) => KEY_COLUMNS[name] as (typeof KEY_COLUMNS)[string]);
        const columns = kinds.map(({ type }, at) => `c${at} ${type} NOT NULL`).join(", ");
        const first = kinds[0]?.value(random, 0) ?? "";
        const values = Array.from({ length: rows }, (_, at) => {
          const row = kinds.map(({ value }) => value(random, at));
          return `(${[random.chance(skew) ? first : row[0], ...row.slice(1)].join(", ")})`;
        });
        await filled(`${columns}, ${kind} (${kinds.map((_, at) => `c${at}`).join(", ")})`, values);
        const { ranges } = await split(bytes);
        if (ranges.length > 1) several += 1;
      }),
      { numRuns: RUNS },
    );
    expect(several / RUNS, "tables that were split").to.be.above(0.1);
  });

  it("are of every collation too, as far as its letters can be told apart", async function () {
    this.timeout(120_000);
    const [collations] = await connection.query<RowDataPacket[]>(
      "SELECT collation_name AS name, character_set_name AS characterSet FROM information_schema.collations WHERE character_set_name <> 'binary'",
    );
    const letters = [..."abABzZ09 ~-_éÉßÿ日本語漢字中🙂🙃ﬀŁñçǅЖжΩωשא กไ\u0301かガがｶ"];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...collations),
        fc.boolean(),
        fc.nat(),
        async ({ name, characterSet }, alone, seed) => {
          const random = new Random(seed);
          const word = () => Array.from({ length: random.below(4) }, () => random.pick(letters)).join("");
          const rows = Array.from({ length: 200 }, () => `('${word()}', ${random.below(50)})`);
          const key = `PRIMARY KEY (c0${alone ? "" : ", c1"})`;
          await filled(
            `c0 VARCHAR(20) CHARACTER SET ${characterSet} COLLATE ${name} NOT NULL, c1 INT NOT NULL, ${key}`,
            rows,
          );
          await split(1000);
        },
      ),
      { numRuns: RUNS / 2 },
    );
  });

  it("are small where nearly all rows share the first column of the key", async () => {
    const rows = Array.from({ length: 6000 }, (_, at) => `(${at % 100 === 0 ? at : 7}, ${at})`);
    await filled("c0 INT NOT NULL, c1 INT NOT NULL, PRIMARY KEY (c0, c1)", rows);
    const { sizes } = await split(60_000);
    expect(Math.max(...sizes), `the largest of ${sizes}`).to.be.below(1500);
  });

  it("are one where the table is small, or has no key that can be split", async () => {
    await filled("c0 INT NOT NULL, PRIMARY KEY (c0)", ["(1)", "(2)"]);
    expect((await split(1e9)).ranges).to.deep.equal([EVERYTHING]);
    await filled(
      "c0 INT",
      Array.from({ length: 3000 }, (_, at) => `(${at})`),
    );
    expect((await split(10_000)).ranges).to.deep.equal([EVERYTHING]);
    await filled(
      "c0 VARCHAR(50) NOT NULL, PRIMARY KEY (c0(2))",
      Array.from({ length: 3000 }, (_, at) => `('${at}')`),
    );
    expect((await split(10_000)).ranges).to.deep.equal([EVERYTHING]);
  });

  it("are of a table of any name", async () => {
    const rows = Array.from({ length: 3000 }, (_, at) => `('order-${at}')`);
    await filled("c0 VARCHAR(50) NOT NULL, PRIMARY KEY (c0)", rows, "WHERE `it` is");
    expect((await split(60_000, "WHERE `it` is")).ranges.length).to.be.above(3);
  });

  for (const [name, { type, value }] of Object.entries(KEY_COLUMNS)) {
    it(`divide a key that is ${name}`, async () => {
      const random = new Random(1);
      await filled(
        `c0 ${type} NOT NULL, PRIMARY KEY (c0)`,
        Array.from({ length: 3000 }, (_, at) => `(${value(random, at)})`),
      );
      const { ranges, sizes, queries } = await split(30_000);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      if (["enumeration", "double", "bits", "newChinese"].includes(name) || total < 500) return;
      expect(Math.max(...sizes), `the largest of ${sizes}`).to.be.at.most(Math.max(total / 4, 700));
      expect(ranges.length, "ranges").to.be.at.most(120);
      expect(queries, "queries").to.be.at.most(20 * ranges.length + 20);
    });
  }
});
