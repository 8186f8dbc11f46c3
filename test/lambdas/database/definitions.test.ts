import { expect } from "chai";
import type { Connection } from "mysql2/promise";
import { type Definitions, definitions, readDefinitions, userSchemas } from "../../../lambdas/database/definitions.ts";
import { type OneMysql, oneMysql } from "../../support/one-mysql.ts";
import { rejection } from "../../support/rejection.ts";

describe("a server's definitions", () => {
  let mysql: OneMysql;
  let connection: Connection;
  let read: Definitions;

  before(async () => {
    mysql = await oneMysql({ log_bin_trust_function_creators: "ON", event_scheduler: "OFF" });
    connection = await mysql.connect();
    for (const statement of [
      "CREATE SCHEMA `a b` CHARACTER SET latin1 COLLATE latin1_german1_ci",
      "CREATE SCHEMA multicloud_dr",
      "CREATE SCHEMA tmp",
      "CREATE SCHEMA shop",
      "CREATE TABLE `a b`.`t``1` (id INT PRIMARY KEY, secret INT INVISIBLE)",
      "CREATE TABLE shop.orders (id INT PRIMARY KEY, my_row_id INT)",
      "SET GLOBAL sql_generate_invisible_primary_key = ON",
      "CREATE TABLE shop.hidden (a INT)",
      "SET GLOBAL sql_generate_invisible_primary_key = OFF",
      "CREATE VIEW shop.broken AS SELECT * FROM shop.orders",
      "ALTER TABLE shop.orders DROP COLUMN my_row_id",
      "CREATE TRIGGER shop.second BEFORE INSERT ON shop.orders FOR EACH ROW SET NEW.id = 2",
      "CREATE TRIGGER shop.first BEFORE INSERT ON shop.orders FOR EACH ROW PRECEDES second SET NEW.id = 1",
      "CREATE DEFINER = root@localhost FUNCTION shop.f() RETURNS INT DETERMINISTIC RETURN 1",
      "CREATE USER app@'%' IDENTIFIED BY 'word'",
      "CREATE ROLE reader",
      "GRANT SELECT ON shop.* TO reader",
      "GRANT reader TO app@'%'",
      "CREATE USER dr_replicator, rdsrepladmin",
    ]) {
      await mysql.server.query(statement);
    }
    const own = await mysql.connect();
    await own.query("SET NAMES latin1");
    await own.query("SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT', time_zone = '+03:00'");
    await own.query("USE shop");
    await own.query(`CREATE PROCEDURE "a ""b" () SELECT "id", 'x' || 'y' FROM orders`);
    await own.query("CREATE EVENT on_primary ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01 00:00:00' DO SELECT 1");
    await own.query("CREATE EVENT on_replica ON SCHEDULE EVERY 1 DAY DISABLE ON REPLICA DO SELECT 1");
    await own.query("CREATE EVENT off ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1");
    read = await readDefinitions(connection, ["a b", "shop"], "administrator");
  });
  after(() => mysql[Symbol.asyncDispose]());

  it("are of all schemas that are neither the server's, nor RDS's, nor ours", async () => {
    expect(await userSchemas(connection)).to.deep.equal(["a b", "shop"]);
    expect(read.schemas).to.deep.equal([
      { name: "a b", characterSet: "latin1", collation: "latin1_german1_ci" },
      { name: "shop", characterSet: "utf8mb4", collation: "utf8mb4_0900_ai_ci" },
    ]);
  });

  it("are what may be written down and read again", () => {
    expect(definitions.parse(JSON.parse(JSON.stringify(read)))).to.deep.equal(read);
  });

  it("hold every column of a table, also those that are invisible or made by the server", () => {
    expect(read.tables.map(({ schema, name }) => [schema, name])).to.deep.equal([
      ["a b", "t`1"],
      ["shop", "hidden"],
      ["shop", "orders"],
    ]);
    expect(read.tables[0]?.create).to.match(/`secret` int DEFAULT NULL \/\*!80023 INVISIBLE \*\//);
    expect(read.tables[1]?.create).to.match(/`my_row_id` bigint unsigned .* INVISIBLE [\s\S]*PRIMARY KEY/);
  });

  it("hold views, also one that is broken, in the same words whatever schema is in use", async () => {
    expect(read.views.map(({ name }) => name)).to.deep.equal(["broken"]);
    expect(read.views[0]).to.include({ sqlMode: "", characterSet: "utf8mb4" });
    expect(read.views[0]?.create).to.include("VIEW `shop`.`broken` AS select `shop`.`orders`.`id`");
    await connection.query("USE shop");
    expect(await readDefinitions(connection, ["a b", "shop"], "administrator")).to.deep.equal(read);
  });

  it("hold routines with the session that they were made in, also those that are another's", () => {
    expect(read.routines.map(({ kind, name }) => [kind, name])).to.deep.equal([
      ["PROCEDURE", 'a "b'],
      ["FUNCTION", "f"],
    ]);
    const [procedure, another] = read.routines;
    expect(procedure).to.include({ characterSet: "latin1", sqlMode: "PIPES_AS_CONCAT,ANSI_QUOTES" });
    expect(procedure?.create).to.include(`PROCEDURE "a ""b"()\nSELECT "id", 'x' || 'y' FROM orders`);
    expect(another?.create).to.match(/^CREATE DEFINER=`root`@`localhost` FUNCTION `f`\(\)/);
  });

  it("hold triggers in the order in which they fire", () => {
    expect(read.triggers.map(({ name, table }) => [table, name])).to.deep.equal([
      ["orders", "first"],
      ["orders", "second"],
    ]);
  });

  it("hold events; one that only a replica disables runs at the primary", () => {
    expect(read.events.map(({ name, enabled, timeZone }) => [name, enabled, timeZone])).to.deep.equal([
      ["off", false, "+03:00"],
      ["on_primary", true, "+03:00"],
      ["on_replica", true, "+03:00"],
    ]);
  });

  it("hold the workload's users and roles, with the hash of their passwords in letters that every file takes", () => {
    expect(read.accounts.map(({ account }) => account)).to.deep.equal(["`app`@`%`", "`reader`@`%`"]);
    expect(read.accounts[0]?.create).to.match(
      /^CREATE USER `app`@`%` IDENTIFIED WITH '\w+' AS 0x[0-9A-F]{140} REQUIRE/,
    );
    expect(read.accounts[0]?.grants).to.deep.equal([
      "GRANT USAGE ON *.* TO `app`@`%`",
      "GRANT `reader`@`%` TO `app`@`%`",
    ]);
    expect(read.accounts[1]?.grants).to.include("GRANT SELECT ON `shop`.* TO `reader`@`%`");
  });

  it("of no schema are accounts alone", async () => {
    const none = await readDefinitions(connection, [], "administrator");
    expect(none).to.deep.equal({
      ...{ schemas: [], tables: [], views: [], routines: [], triggers: [], events: [] },
      accounts: read.accounts,
    });
  });

  it("are not half told to whoever may see a half only", async () => {
    await mysql.server.query("CREATE USER half IDENTIFIED BY 'a word'");
    await mysql.server.query("GRANT EXECUTE ON *.* TO half");
    await mysql.server.query("GRANT SELECT ON mysql.user TO half");
    const half = await mysql.connect({ username: "half", password: "a word" });
    const { message } = await rejection(readDefinitions(half, ["shop"], "administrator"));
    expect(message).to.match(/expected to be told the definition of PROCEDURE .*: the user lacks the right to see it/);
    await mysql.server.query("DROP USER half");
  });
});
