import { expect } from "chai";
import fc from "fast-check";
import type { Connection } from "mysql2/promise";
import { contentOf, DatabasePair, unlike } from "../../support/database-pair.ts";
import { type RandomSchemas, randomSchemas, statementsOf } from "../../support/random-schemas.ts";
import { COLUMN_TYPES } from "../../support/random-values.ts";

/** ROUND_TRIPS makes the search longer, and has it look for the smallest failure; ROUND_TRIP_SEED brings one again. */
const RUNS = Number(process.env.ROUND_TRIPS ?? 8);
const SEED = Number(process.env.ROUND_TRIP_SEED ?? Date.now() % 2 ** 31);

/** Bytes of a chunk: few, so that tables of some hundred rows have several. */
const CHUNK = 20_000;

describe("a dump that is loaded", () => {
  let pair: DatabasePair;
  let writer: Connection;
  before(async () => {
    pair = await DatabasePair.create();
  });
  beforeEach(async () => {
    await pair.empty();
    writer = await pair.connect(pair.sourceLogin);
    await writer.query("SET SESSION sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0");
  });
  after(() => pair[Symbol.asyncDispose]());

  /** Statements that were refused. */
  let refused: string[] = [];
  async function make(schemas: RandomSchemas): Promise<void> {
    for (const statement of statementsOf(schemas)) {
      await writer
        .query(statement)
        .catch((error: Error) => refused.push(`${error.message}: ${statement.slice(0, 300)}`));
    }
  }

  /** Carries the source to the target, and compares everything. @returns the number of chunks */
  async function carry(): Promise<number> {
    const manifest = await pair.dump(CHUNK);
    const { differences } = await pair.load(manifest);
    expect(differences).to.deep.equal([]);
    const [source, target] = [await pair.connect(pair.sourceLogin), await pair.connect(pair.targetLogin)];
    expect(unlike(await contentOf(target), await contentOf(source)).join("\n")).to.equal("");
    source.destroy();
    target.destroy();
    return manifest.chunks.length;
  }

  it("is what was dumped, over whatever was there", async function () {
    this.timeout(60_000 + RUNS * 20_000);
    let chunks = 0;
    await fc.assert(
      fc.asyncProperty(randomSchemas, randomSchemas, async (first, second) => {
        await pair.empty();
        for (const schemas of [first, second]) {
          await make(schemas);
          chunks += await carry();
          await pair.empty(pair.sourceLogin);
        }
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: RUNS < 20 },
    );
    expect(chunks, "chunks").to.be.above(RUNS);
  });

  it("has columns that the server would fill itself as they were, not as it would fill them", async () => {
    for (const statement of [
      "CREATE SCHEMA shop",
      `CREATE TABLE shop.orders (
         id BINARY(16) NOT NULL DEFAULT (UUID_TO_BIN(UUID())) PRIMARY KEY, number INT NOT NULL DEFAULT (RAND() * 1000000),
         made DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6), changed TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
         secret INT DEFAULT (7) INVISIBLE, sum INT AS (number + 1) VIRTUAL, product INT AS (number * 2) STORED INVISIBLE
       )`,
      "INSERT INTO shop.orders () VALUES (), (), ()",
      "UPDATE shop.orders SET made = '2001-01-01', changed = '2002-02-02 02:02:02', secret = 5",
    ]) {
      await writer.query(statement);
    }
    await carry();
    expect(await pair.target.query("SELECT DISTINCT secret, YEAR(made) AS made FROM shop.orders")).to.deep.equal([
      { secret: 5, made: 2001 },
    ]);
  });

  it("has the keys that the source's server made itself, though the target's makes none", async () => {
    await pair.source.setGlobal("sql_generate_invisible_primary_key", "ON");
    const keyed = await pair.connect(pair.sourceLogin);
    await pair.source.setGlobal("sql_generate_invisible_primary_key", "OFF");
    await keyed.query("CREATE SCHEMA shop");
    await keyed.query("CREATE TABLE shop.log (line TEXT)");
    await keyed.query("INSERT INTO shop.log VALUES ('a'), ('b'), (NULL), ('')");
    await keyed.query("DELETE FROM shop.log WHERE line = 'b'");
    await carry();
    const rows = await pair.target.query("SELECT my_row_id FROM shop.log ORDER BY 1");
    expect(rows.map(({ my_row_id }) => Number(my_row_id))).to.deep.equal([1, 3, 4]);
  });

  it("leaves none of what is no more: rows, tables, schemas, programs", async () => {
    await writer.query("CREATE SCHEMA shop");
    await writer.query("CREATE SCHEMA `Other Shop`");
    await writer.query("CREATE TABLE shop.orders (id INT PRIMARY KEY)");
    await writer.query(
      "CREATE TABLE `Other Shop`.lines (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES shop.orders (id))",
    );
    await writer.query("INSERT INTO shop.orders VALUES (1), (2)");
    await writer.query("CREATE VIEW shop.all_orders AS SELECT * FROM shop.orders");
    await carry();
    await writer.query("DROP SCHEMA `Other Shop`");
    await writer.query("DROP VIEW shop.all_orders");
    await writer.query("DELETE FROM shop.orders WHERE id = 1");
    await carry();
    await writer.query("DROP TABLE shop.orders");
    await carry();
    await writer.query("DROP SCHEMA shop");
    expect(await carry()).to.equal(0);
  });

  it("may have rows that are larger than what one packet holds", async () => {
    await writer.query("CREATE SCHEMA shop");
    await writer.query("CREATE TABLE shop.files (id INT PRIMARY KEY, content LONGBLOB, more LONGTEXT)");
    await writer.query(
      "INSERT INTO shop.files VALUES (1, REPEAT(X'005C0A09FF', 4000000), 'a'), (2, NULL, REPEAT('é', 9000000)), (3, '', '')",
    );
    await carry();
  });

  it("has every type of column", async function () {
    this.timeout(120_000);
    const table = {
      name: "orders",
      key: "id",
      partitions: "",
      rows: 40,
      generated: "",
      invisible: false,
      index: false,
    } as const;
    const tables = Array.from({ length: Math.ceil(COLUMN_TYPES.length / 12) }, (_, at) => ({
      ...{ ...table, name: `orders ${at}`, schema: 0, seed: at },
      columns: COLUMN_TYPES.map((_, type) => type).slice(at * 12, at * 12 + 12),
    }));
    refused = [];
    await make({
      tables: tables as unknown as RandomSchemas["tables"],
      references: [],
      programs: false,
      collation: "utf8mb4_0900_ai_ci",
    });
    expect(refused).to.deep.equal([]);
    expect(await carry()).to.be.above(tables.length);
  });
});
