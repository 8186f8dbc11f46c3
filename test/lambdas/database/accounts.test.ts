import { expect } from "chai";
import type { Connection } from "mysql2/promise";
import { applyAccounts, createAccounts } from "../../../lambdas/database/accounts.ts";
import { type Definitions, readDefinitions } from "../../../lambdas/database/definitions.ts";
import { type OneMysql, oneMysql } from "../../support/one-mysql.ts";
import { rejection } from "../../support/rejection.ts";

describe("the accounts of a dump", () => {
  let mysql: OneMysql;
  let connection: Connection;

  before(async () => {
    mysql = await oneMysql({ log_bin_trust_function_creators: "ON" });
    connection = await mysql.connect();
    await connection.query("CREATE SCHEMA shop");
    await connection.query("CREATE TABLE shop.orders (id INT PRIMARY KEY, name VARCHAR(20))");
    await connection.query("CREATE FUNCTION shop.f() RETURNS INT DETERMINISTIC RETURN 1");
  });
  after(() => mysql[Symbol.asyncDispose]());
  beforeEach(() => mysql.server.query("DROP USER IF EXISTS app, writer, reader, other, dr_dump"));

  const read = () => readDefinitions(connection, ["shop"], "administrator");
  const as = async (...statements: string[]) => {
    for (const statement of statements) await mysql.server.query(statement);
  };
  const APP = [
    "CREATE ROLE reader, writer",
    "GRANT SELECT ON shop.* TO reader WITH GRANT OPTION",
    "GRANT reader TO writer",
    `CREATE USER app IDENTIFIED BY 'word' DEFAULT ROLE reader, writer REQUIRE SSL WITH MAX_USER_CONNECTIONS 9
       PASSWORD EXPIRE INTERVAL 90 DAY FAILED_LOGIN_ATTEMPTS 3 PASSWORD_LOCK_TIME 2 ATTRIBUTE '{"of": "it''s"}'`,
    "GRANT SELECT (id), INSERT (id, name), UPDATE ON shop.orders TO app",
    "GRANT EXECUTE ON FUNCTION shop.f TO app WITH GRANT OPTION",
    "GRANT ALL ON `any\\_%`.* TO app",
    "GRANT PROCESS, XA_RECOVER_ADMIN ON *.* TO app WITH GRANT OPTION",
    "GRANT reader, writer TO app WITH ADMIN OPTION",
  ];

  const apply = async (...args: Parameters<typeof applyAccounts>) => (await applyAccounts(...args)).differences;

  it("are made as they were, with password, roles and all that they may do", async () => {
    await as(...APP);
    const before = await read();
    await as("DROP USER app, reader, writer");
    expect(await apply(connection, before, [])).to.deep.equal([]);
    expect((await read()).accounts).to.deep.equal(before.accounts);
    const app = await mysql.connect({ username: "app", password: "word" });
    expect((await app.query("SELECT CURRENT_ROLE() AS roles"))[0]).to.deep.equal([
      { roles: "`reader`@`%`,`writer`@`%`" },
    ]);
    app.destroy();
  });

  it("are left alone when they are as they should be", async () => {
    await as(...APP);
    const before = await read();
    const position = () => mysql.server.query("SHOW BINARY LOG STATUS");
    const [at] = await position();
    expect(await apply(connection, before, ["`app`@`%`"])).to.deep.equal([]);
    expect((await position())[0], "what was written").to.deep.equal(at);
  });

  it("become what they were, whatever became of them", async () => {
    await as(...APP);
    const before = await read();
    for (const change of [
      ["ALTER USER app IDENTIFIED BY 'another' REQUIRE NONE ACCOUNT LOCK"],
      [`ALTER USER app ATTRIBUTE '{"more": 1}'`],
      ["SET DEFAULT ROLE NONE TO app", "REVOKE reader FROM app, writer"],
      ["SET DEFAULT ROLE reader TO app"],
      ["GRANT DROP ON *.* TO reader WITH GRANT OPTION", "REVOKE ALL ON `any\\_%`.* FROM app"],
      ["GRANT INSERT, SELECT (name) ON shop.orders TO app WITH GRANT OPTION", "GRANT DELETE ON shop.* TO app"],
      ["REVOKE GRANT OPTION ON *.* FROM app", "GRANT BACKUP_ADMIN ON *.* TO app"],
      ["GRANT EXECUTE ON shop.* TO reader", "GRANT PROCESS ON *.* TO writer"],
      ["DROP USER app", "DROP ROLE writer"],
    ]) {
      await as(...change);
      expect(await apply(connection, before, []), change.join()).to.deep.equal([]);
      expect((await read()).accounts, change.join()).to.deep.equal(before.accounts);
    }
  });

  it("that may do more than the administrator can take from them are named", async () => {
    await as("CREATE USER app");
    const before = await read();
    await as("GRANT SUPER ON *.* TO app");
    const [difference, ...more] = await apply(connection, before, []);
    expect(difference).to.match(/^account `app`@`%` may do more than defined: REVOKE IF EXISTS SUPER ON \*\.\* /);
    expect(more).to.deep.equal([]);
  });

  it("are dropped when they are no more, and nobody else", async () => {
    await as("CREATE USER app, other, dr_dump");
    const none: Definitions = { ...(await read()), accounts: [] };
    const formerly = ["`app`@`%`", "`gone`@`%`", "`dr_dump`@`%`", "`administrator`@`%`", "`root`@`localhost`"];
    expect(await apply(connection, none, formerly)).to.deep.equal([]);
    expect((await read()).accounts.map(({ account }) => account)).to.deep.equal(["`other`@`%`"]);
    expect(
      await mysql.server.query("SELECT user FROM mysql.user WHERE user IN ('dr_dump', 'administrator')"),
    ).to.have.length(2);
  });

  it("are not dropped while something is theirs, which is named", async () => {
    await as("CREATE USER app", "CREATE DEFINER = app VIEW shop.v AS SELECT 1");
    const none: Definitions = { ...(await read()), accounts: [] };
    const {
      accounts,
      differences: [difference, ...more],
    } = await applyAccounts(connection, none, ["`app`@`%`"]);
    expect(accounts, "known to the next load").to.deep.equal(["`app`@`%`"]);
    expect(difference).to.match(/^account `app`@`%` is not dropped: /);
    expect(more).to.deep.equal([]);
    await as("DROP VIEW shop.v");
  });

  it("get what the administrator may give; what it may not is named", async () => {
    await as("CREATE USER app IDENTIFIED BY 'word'", "GRANT SELECT, FILE, SHUTDOWN ON *.* TO app");
    await as("GRANT SYSTEM_USER, XA_RECOVER_ADMIN ON *.* TO app");
    const before = await read();
    await as("DROP USER app");
    for (const time of ["first", "second"]) {
      const differences = await apply(connection, before, []);
      expect(differences, time).to.have.length(2);
      expect(differences[0]).to.match(/^account `app`@`%` lacks SHUTDOWN, FILE ON \*\.\*: Access denied/);
      expect(differences[1]).to.match(/^account `app`@`%` lacks SYSTEM_USER ON \*\.\*: no administrator may change/);
      const [account] = (await read()).accounts;
      expect(account?.grants).to.deep.equal([
        "GRANT SELECT ON *.* TO `app`@`%`",
        "GRANT XA_RECOVER_ADMIN ON *.* TO `app`@`%`",
      ]);
    }
  });

  it("that bear the name of the administrator or of the server's keeper are left out, and named", async () => {
    const account = { create: "CREATE USER `x`@`%`", grants: ["GRANT SELECT ON *.* TO `x`@`%`"] };
    const accounts = ["`administrator`@`%`", "`azure_superuser`@`%`"].map((name) => ({ ...account, account: name }));
    const differences = await apply(connection, { ...(await read()), accounts }, []);
    expect(differences).to.deep.equal(
      accounts.map((one) => `account ${one.account} is not as defined: its name is one of this server's own`),
    );
    expect(await mysql.server.query("SELECT user FROM mysql.user WHERE user = 'x'")).to.deep.equal([]);
  });

  it("can be made alone, before the programs that are theirs", async () => {
    await as(...APP);
    const before = await read();
    await as("DROP USER app, reader, writer");
    expect(await createAccounts(connection, before)).to.deep.equal([]);
    expect((await read()).accounts.map(({ grants }) => grants.length)).to.deep.equal([1, 1, 1]);
    expect(await apply(connection, before, [])).to.deep.equal([]);
    expect((await read()).accounts).to.deep.equal(before.accounts);
  });

  it("that this server can't have are named, without the hash of their password", async () => {
    const hash = "0xC0FFEE";
    const create = `CREATE USER \`app\`@\`%\` IDENTIFIED WITH 'aad_auth' AS ${hash}`;
    const accounts = [{ account: "`app`@`%`", create, grants: ["GRANT SELECT ON `shop`.* TO `app`@`%`"] }];
    expect(await apply(connection, { ...(await read()), accounts }, [])).to.deep.equal([
      "account `app`@`%` is not as defined: the server refuses it with ER_PLUGIN_IS_NOT_LOADED; its authentication is aad_auth",
    ]);
    const broken = [{ account: "`app`@`%`", create: `${create} ${hash}`, grants: [] }];
    const said = await apply(connection, { ...(await read()), accounts: broken }, []);
    expect(said.join()).to.include("ER_PARSE_ERROR").and.not.include("C0FFEE");
  });

  it("leave no hash in the error of a connection that is cut", async () => {
    const own = await mysql.connect();
    const query = own.query.bind(own);
    own.query = ((statement: string) => {
      if (String(statement).startsWith("CREATE USER")) own.destroy();
      return query(statement);
    }) as typeof query;
    const accounts = [
      { account: "`app`@`%`", create: "CREATE USER `app`@`%` IDENTIFIED WITH 'a' AS 0xC0FFEE", grants: [] },
    ];
    const error = await rejection(applyAccounts(own, { ...(await read()), accounts }, []));
    expect(error.message).to.match(/^an account could not be made or changed: /);
    expect(JSON.stringify([error.stack, { ...error }, String(error.cause)])).to.not.include("C0FFEE");
  });
});
