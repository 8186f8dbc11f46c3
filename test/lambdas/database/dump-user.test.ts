import { expect } from "chai";
import type { Connection } from "mysql2/promise";
import { readDefinitions } from "../../../lambdas/database/definitions.ts";
import { DUMP_GRANTS, ensureDumpUser } from "../../../lambdas/database/dump-user.ts";
import { type OneMysql, oneMysql } from "../../support/one-mysql.ts";
import { rejection } from "../../support/rejection.ts";

describe("the user who dumps", () => {
  let mysql: OneMysql;
  let administrator: Connection;

  before(async () => {
    mysql = await oneMysql({ log_bin_trust_function_creators: "ON", event_scheduler: "OFF" });
    administrator = await mysql.connect();
    for (const statement of [
      "CREATE SCHEMA shop",
      "CREATE TABLE shop.orders (id INT PRIMARY KEY)",
      "CREATE VIEW shop.view AS SELECT * FROM shop.orders",
      "CREATE TRIGGER shop.trigger_1 BEFORE INSERT ON shop.orders FOR EACH ROW SET NEW.id = 2",
      "CREATE PROCEDURE shop.procedure_1() SELECT 1",
      "CREATE EVENT shop.event_1 ON SCHEDULE EVERY 1 DAY DO SELECT 1",
      "CREATE USER app IDENTIFIED BY 'word'",
      "CREATE PROCEDURE mysql.rds_stop_replication() SELECT 1",
    ]) {
      await mysql.server.query(statement);
    }
  });
  after(() => mysql[Symbol.asyncDispose]());

  const login = (password: string) => mysql.connect({ username: "dr_dump", password });
  /** All that a dump reads, except rows that are seen with the tables. */
  const readAll = async (connection: Connection) => {
    await connection.query("SHOW BINARY LOG STATUS");
    await connection.query("SHOW REPLICA STATUS");
    await connection.query("SELECT * FROM shop.orders");
    return readDefinitions(connection, ["shop"], "administrator");
  };

  it("is made by an administrator, over TLS only, and given another password when that changes", async () => {
    await ensureDumpUser(administrator, "first", []);
    await login("first");
    await ensureDumpUser(administrator, "second's", []);
    expect((await rejection(login("first"))).message).to.match(/does not let dr_dump in/);
    await login("second's");
    const [user] = await mysql.server.query("SELECT ssl_type FROM mysql.user WHERE user = 'dr_dump'");
    expect(user).to.deep.equal({ ssl_type: "ANY" });
  });

  it("sees all that an administrator sees, and may stop a replica", async () => {
    await ensureDumpUser(administrator, "a word", ["rds_stop_replication"]);
    const connection = await login("a word");
    expect(await readAll(connection)).to.deep.equal(await readAll(administrator));
    await connection.query("CALL mysql.rds_stop_replication");
    expect((await rejection(connection.query("DELETE FROM shop.orders"))).message).to.match(/command denied/);
  });

  for (const privilege of DUMP_GRANTS) {
    it(`can't do without ${privilege}`, async () => {
      await ensureDumpUser(administrator, "a word", []);
      await mysql.server.query(`REVOKE ${privilege} ON *.* FROM dr_dump`);
      const seen = await login("a word")
        .then(readAll)
        .catch(() => undefined);
      expect(seen).to.not.deep.equal(await readAll(administrator));
    });
  }

  it("has no password in what is said when it can't be made", async () => {
    const { message, stack } = await rejection(ensureDumpUser(await mysql.connect(), "s3cret", ["not there"]));
    expect(message).to.match(
      /^the server refuses GRANT EXECUTE ON PROCEDURE mysql\.not there TO `dr_dump`@`%`: ER_\w+$/,
    );
    await mysql.server.query("CREATE USER nobody IDENTIFIED BY 'a word'");
    const nobody = await mysql.connect({ username: "nobody", password: "a word" });
    const refused = await rejection(ensureDumpUser(nobody, "s3cret", []));
    expect(refused.message).to.match(/CREATE USER IF NOT EXISTS .* IDENTIFIED BY \? REQUIRE SSL: ER_/);
    expect(JSON.stringify([message, stack, { ...refused }, refused.stack])).to.not.include("s3cret");
  });
});
