import { expect } from "chai";
import fc from "fast-check";
import type { Connection } from "mysql2/promise";
import { contentOf, DatabasePair, unlike } from "../../support/database-pair.ts";
import { type RandomSchemas, randomSchemas, statementsOf } from "../../support/random-schemas.ts";
import { COLUMN_TYPES } from "../../support/random-values.ts";

/** ROUND_TRIPS makes the search longer. */
const RUNS = Number(process.env.ROUND_TRIPS ?? 12);

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
    const wrong = unlike(await contentOf(target), await contentOf(source)); if (wrong.length > 0) throw new Error(wrong.join("\n"));
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
          await emptySource();
        }
      }),
      { numRuns: RUNS, endOnFailure: Boolean(process.env.NO_SHRINK), ...(process.env.SEED ? { seed: Number(process.env.SEED) } : {}) },
    );
    if (process.env.SHOW_REFUSED) console.log([...new Set(refused)].join("\n"));
    expect(chunks, "chunks").to.be.above(RUNS * 4);
  });

  async function emptySource(): Promise<void> {
    const schemas = await pair.source.query("SELECT schema_name AS name FROM information_schema.schemata");
    for (const { name } of schemas) {
      if (["mysql", "sys", "information_schema", "performance_schema"].includes(String(name))) continue;
      await pair.source.query(`DROP SCHEMA \`${String(name).replaceAll("`", "``")}\``);
    }
  }

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
