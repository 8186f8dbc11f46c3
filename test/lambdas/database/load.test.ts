import { expect } from "chai";
import type { Connection } from "mysql2/promise";
import { LoadError } from "../../../lambdas/database/load-error.ts";
import { contentOf, DatabasePair, unlike } from "../../support/database-pair.ts";
import { rejection } from "../../support/rejection.ts";

const CHUNK = 60_000;

describe("a dump with a large table", () => {
  it("gets its keys when it is full, and what refers to it after that", async () => {
    await using pair = await DatabasePair.create();
    const source = await pair.connect(pair.sourceLogin);
    for (const statement of [
      "CREATE SCHEMA shop",
      "CREATE TABLE shop.orders (id INT PRIMARY KEY, note VARCHAR(100), text TEXT, UNIQUE KEY (note), KEY by_text (text(9)))",
      "CREATE TABLE shop.items (id INT PRIMARY KEY, owner INT, FOREIGN KEY (owner) REFERENCES orders (id))",
      "CREATE TABLE shop.parts (id INT PRIMARY KEY, owner INT, FOREIGN KEY (owner) REFERENCES items (id))",
      "INSERT INTO shop.orders WITH RECURSIVE n AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM n WHERE id < 900) SELECT id, id, REPEAT('x', 6000) FROM n",
      "INSERT INTO shop.items SELECT id, id FROM shop.orders",
      "INSERT INTO shop.parts SELECT id, id FROM shop.items",
      "ANALYZE TABLE shop.orders",
    ]) {
      await source.query(statement);
    }
    const before = await contentOf(source);
    await pair.load(await pair.dump(1_000_000));
    expect(unlike(before, await contentOf(await pair.connect(pair.targetLogin)))).to.deep.equal([]);
  });
});

describe("a dump for a server that is not quite like the primary", () => {
  let pair: DatabasePair;
  let source: Connection;

  before(async () => {
    pair = await DatabasePair.create({ disabled_storage_engines: "MyISAM", sql_require_primary_key: "ON" });
    source = await pair.connect(pair.sourceLogin);
  });
  beforeEach(() => pair.empty());
  after(() => pair[Symbol.asyncDispose]());

  const schemas = async () =>
    (await pair.target.query("SELECT schema_name AS name FROM information_schema.schemata")).map(({ name }) => name);
  const refused = async () => {
    const error = (await rejection(pair.load(await pair.dump(CHUNK)))) as LoadError;
    expect(error).to.be.instanceOf(LoadError);
    expect(error.permanent, "no second try would go better").to.equal(true);
    return error.message;
  };

  it("keeps a schema whose name has changed in its case only, where no cases are told apart", async () => {
    await source.query("CREATE SCHEMA Shop");
    await source.query("CREATE TABLE Shop.orders (id INT PRIMARY KEY)");
    await pair.load(await pair.dump(CHUNK));
    await source.query("DROP SCHEMA Shop");
    await source.query("CREATE SCHEMA shop");
    await source.query("CREATE TABLE shop.orders (id INT PRIMARY KEY)");
    await source.query("INSERT INTO shop.orders VALUES (7)");
    await pair.load(await pair.dump(CHUNK));
    expect(await pair.target.query("SELECT id FROM shop.orders")).to.deep.equal([{ id: 7 }]);
  });

  it("is refused where names differ in case only, before anything of the former copy is touched", async () => {
    await source.query("CREATE SCHEMA shop");
    await source.query("CREATE TABLE shop.orders (id INT PRIMARY KEY)");
    await pair.load(await pair.dump(CHUNK));
    await source.query("CREATE TABLE shop.Orders (id INT PRIMARY KEY)");
    expect(await refused()).to.match(/shop\.(Orders|orders) and shop\.(Orders|orders) differ in case only.*rename one/);
    expect(await schemas()).to.include("shop");
  });

  it("is refused with the table that the server will never make", async () => {
    await source.query("CREATE SCHEMA shop");
    await source.query("CREATE TABLE shop.log (line TEXT)");
    expect(await refused()).to.match(/refuses CREATE TABLE .*`log`.*primary key/s);
  });

  it("comes with the engine that the server has", async () => {
    await source.query("CREATE SCHEMA shop");
    await source.query("CREATE TABLE shop.old (id INT PRIMARY KEY) ENGINE=MyISAM");
    await source.query("INSERT INTO shop.old VALUES (1)");
    await pair.load(await pair.dump(CHUNK));
    const sql = "SELECT engine AS engine, (SELECT COUNT(*) FROM shop.old) AS `rows` FROM information_schema.tables";
    const [found] = await pair.target.query(`${sql} WHERE table_name = 'old'`);
    expect({ ...found, rows: Number(found?.rows) }).to.deep.equal({ engine: "InnoDB", rows: 1 });
  });
});
