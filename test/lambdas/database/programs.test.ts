import { expect } from "chai";
import type { Connection } from "mysql2/promise";
import { type Definitions, readDefinitions } from "../../../lambdas/database/definitions.ts";
import { wakeEvents } from "../../../lambdas/database/events.ts";
import { createPrograms, dropPrograms } from "../../../lambdas/database/programs.ts";
import { type OneMysql, oneMysql } from "../../support/one-mysql.ts";
import { rejection } from "../../support/rejection.ts";

const NONE: Definitions = {
  ...{ schemas: [], tables: [], views: [], routines: [], triggers: [], events: [], accounts: [] },
};

describe("the programs of a schema", () => {
  let mysql: OneMysql;
  let connection: Connection;

  before(async () => {
    mysql = await oneMysql({ log_bin_trust_function_creators: "ON", event_scheduler: "OFF" });
    connection = await mysql.connect();
    await mysql.server.query("CREATE USER app, keeper IDENTIFIED BY 'a word'");
    await mysql.server.query("GRANT ALL ON *.* TO keeper");
  });
  after(() => mysql[Symbol.asyncDispose]());
  beforeEach(async () => {
    await mysql.server.query("DROP SCHEMA IF EXISTS shop");
    await connection.query("CREATE SCHEMA shop");
    await connection.query("CREATE TABLE shop.orders (id INT PRIMARY KEY, name VARCHAR(20))");
  });

  const read = () => readDefinitions(connection, ["shop"], "administrator");
  const allOf = ({ views, routines, triggers, events }: Definitions) => ({ views, routines, triggers, events });
  const create = (from: Definitions) => createPrograms(connection, from);

  /** Programs of the administrator's own, each in a session of a kind of its own. */
  async function makeMany(): Promise<void> {
    const own = await mysql.connect();
    await own.query("USE shop");
    await own.query("SET NAMES latin1");
    await own.query("SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT', time_zone = '+03:00'");
    await own.query(`CREATE FUNCTION "f "" ON" (a INT) RETURNS VARCHAR(9) DETERMINISTIC RETURN 'it''s ' || a`);
    await own.query(`CREATE VIEW "a" AS SELECT "f "" ON"(id) AS made, 'x\\\\y''z' || name AS text FROM orders`);
    await own.query("SET sql_mode = 'NO_BACKSLASH_ESCAPES', character_set_client = utf8mb3");
    await own.query("CREATE PROCEDURE zo() COMMENT 'a' SELECT '\\', 'é', CHARSET('é')");
    await own.query("CREATE TRIGGER second BEFORE INSERT ON orders FOR EACH ROW SET NEW.id = 2");
    await own.query("CREATE TRIGGER first BEFORE INSERT ON orders FOR EACH ROW PRECEDES second SET NEW.id = 1");
    await own.query(`CREATE EVENT \`e ON COMPLETION PRESERVE ENABLE\` ON SCHEDULE EVERY '1:2' HOUR_MINUTE
      STARTS '2036-01-01 00:00:00' DISABLE COMMENT 'ON COMPLETION PRESERVE ENABLE' DO SELECT 'a'`);
    own.destroy();
  }

  it("are made again as they were, each in a session of its own kind", async () => {
    await makeMany();
    const before = await read();
    await dropPrograms(connection, "shop");
    expect(allOf(await read())).to.deep.equal(allOf(NONE));
    expect(await create(before)).to.deep.equal([]);
    expect(allOf(await read())).to.deep.equal(allOf(before));
    const modes = "SELECT @@sql_mode AS mode, @@time_zone AS zone, @@character_set_client AS client";
    const [session] = await connection.query(modes);
    expect(session, "the session they leave").to.deep.equal([{ mode: "", zone: "+00:00", client: "utf8mb4" }]);
  });

  it("are made again whatever of them is there, and no others stay", async () => {
    await makeMany();
    const before = await read();
    for (const gone of ["VIEW shop.a", "PROCEDURE shop.zo", "TRIGGER shop.first"])
      await connection.query(`DROP ${gone}`);
    await connection.query("CREATE PROCEDURE shop.further() SELECT 1");
    await connection.query("CREATE VIEW shop.further AS SELECT 1");
    expect(await create(before)).to.deep.equal([]);
    expect(await create(before)).to.deep.equal([]);
    expect(allOf(await read())).to.deep.equal(allOf(before));
  });

  it("mean the same letters as before, also where their makers spoke Latin 1", async () => {
    const own = await mysql.connect();
    await own.query("USE shop");
    await own.changeUser({ charset: "latin1", database: "shop" });
    await own.query("CREATE PROCEDURE letters() SELECT 'é' AS letter, HEX('é') AS bytes");
    const before = await read();
    expect(before.routines[0]).to.include({ characterSet: "latin1" });
    expect(before.routines[0]?.create).to.include("'é'");
    expect(await create(before)).to.deep.equal([]);
    const [[rows]] = (await connection.query("CALL shop.letters()")) as unknown as [[unknown]];
    expect(rows).to.deep.equal([{ letter: "é", bytes: "E9" }]);
    own.destroy();
  });

  it("may be views that need one another, in any order", async () => {
    const names = ["d", "a", "c", "b", "e"];
    for (const [at, name] of names.entries()) {
      await connection.query(`CREATE VIEW shop.${name} AS SELECT * FROM shop.${names[at - 1] ?? "orders"}`);
    }
    const before = await read();
    for (const views of [before.views, before.views.toReversed()]) {
      expect(await create({ ...before, views })).to.deep.equal([]);
      expect((await read()).views).to.deep.equal(before.views);
    }
  });

  it("that can't be made are named, and the others are made", async () => {
    await mysql.server.query("CREATE DEFINER = app VIEW shop.a AS SELECT name FROM shop.orders");
    await connection.query("CREATE VIEW shop.b AS SELECT 1");
    await connection.query("CREATE EVENT shop.e ON SCHEDULE EVERY 1 DAY DO SELECT 1");
    const before = await read();
    await connection.query("ALTER TABLE shop.orders DROP COLUMN name");
    const events = before.events.map((event) => ({ ...event, timeZone: "Europe/Nowhere" }));
    const differences = await create({ ...before, events });
    expect(differences).to.have.length(2);
    expect(differences[0]).to.match(/^view shop\.a not made: Unknown column/);
    expect(differences[1]).to.match(/^event shop\.e not made: Unknown or incorrect time zone: 'Europe\/Nowhere'/);
    expect((await read()).views.map(({ name }) => name)).to.deep.equal(["b"]);
  });

  /** Programs of others, whom our administrator may not stand in for. */
  async function makeOthers(): Promise<Definitions> {
    const statements = [
      "CREATE DEFINER = root@localhost FUNCTION shop.f() RETURNS INT DETERMINISTIC RETURN 1",
      "CREATE ALGORITHM = MERGE DEFINER = app SQL SECURITY INVOKER VIEW shop.v AS SELECT * FROM shop.orders",
      "CREATE DEFINER = ghost@'%' TRIGGER shop.t BEFORE INSERT ON shop.orders FOR EACH ROW SET NEW.id = 2",
      "CREATE DEFINER = app EVENT shop.e ON SCHEDULE EVERY 1 DAY DO SELECT 1",
    ];
    for (const statement of statements) await mysql.server.query(statement);
    const made = await read();
    await mysql.server.query("DROP SCHEMA shop");
    await mysql.server.query("CREATE SCHEMA shop");
    await mysql.server.query("CREATE TABLE shop.orders (id INT PRIMARY KEY, name VARCHAR(20))");
    return made;
  }

  it("that are of definers for whom the administrator may not stand become the administrator's, and are named", async () => {
    const others = await makeOthers();
    const differences = await create(others);
    const replaced = (what: string, definer: string) =>
      `${what}: definer ${definer} replaced by the administrator, who may not make it another's`;
    expect(differences).to.deep.equal([
      replaced("function shop.f", "`root`@`localhost`"),
      replaced("view shop.v", "`app`@`%`"),
      replaced("trigger shop.t", "`ghost`@`%`"),
      replaced("event shop.e", "`app`@`%`"),
    ]);
    const now = await read();
    expect(now.views[0]?.create).to.match(
      /^CREATE ALGORITHM=MERGE DEFINER=`administrator`@`%` SQL SECURITY INVOKER VIEW/,
    );
    expect(await create(others), "when it is done again").to.deep.equal(differences);
  });

  it("keep their definers where the administrator may stand for anybody", async () => {
    const others = await makeOthers();
    const keeper = await mysql.connect({ username: "keeper", password: "a word" });
    expect(await createPrograms(keeper, others)).to.deep.equal([]);
    const asleep = others.events.map((one) => ({
      ...one,
      create: one.create.replace(" ENABLE DO ", " DISABLE ON REPLICA DO "),
    }));
    expect(allOf(await read())).to.deep.equal(allOf({ ...others, events: asleep }));
    keeper.destroy();
  });

  it("run no events until they are told to, and then those of the primary, as they were", async () => {
    for (const [name, status] of Object.entries({ a: "ENABLE", b: "DISABLE", c: "DISABLE ON REPLICA" })) {
      await connection.query(`CREATE EVENT shop.${name} ON SCHEDULE EVERY 1 DAY ${status} DO SELECT 1`);
    }
    const before = await read();
    const statuses = async () =>
      (await mysql.server.query("SELECT event_name, status AS status FROM information_schema.events ORDER BY 1")).map(
        ({ status }) => status,
      );
    await create(before);
    expect(await statuses()).to.deep.equal(["REPLICA_SIDE_DISABLED", "DISABLED", "REPLICA_SIDE_DISABLED"]);
    expect(await wakeEvents(connection, [])).to.deep.equal(["shop.a", "shop.c"]);
    expect(await statuses()).to.deep.equal(["ENABLED", "DISABLED", "ENABLED"]);
    expect((await read()).events.slice(0, 2)).to.deep.equal(before.events.slice(0, 2));
    expect(await wakeEvents(connection, [])).to.deep.equal([]);
  });

  it("are not reported as refused by a server that is gone", async () => {
    await connection.query("CREATE VIEW shop.a AS SELECT 1");
    const before = await read();
    const own = await mysql.connect();
    own.destroy();
    expect((await rejection(createPrograms(own, before))).message).to.match(/closed/);
  });
});
