import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Connection } from "mysql2/promise";
import { connect } from "../../../lambdas/database/connection.ts";
import type { Obstacle } from "../../../lambdas/database/manifest.ts";
import { findObstacles } from "../../../lambdas/database/preflight.ts";
import { RDS_PROCEDURES } from "../../../rehearsal/aws/actuators/rds-procedures.ts";
import { makeCertificate } from "../../../rehearsal/local/certificate.ts";
import type { MysqlServers } from "../../../rehearsal/local/mysql-servers.ts";
import type { Mysqld } from "../../../rehearsal/local/mysqld.ts";
import { mysqlServers } from "../../support/mysql.ts";

const PARAMETERS = { gtid_mode: "ON", enforce_gtid_consistency: "ON", time_zone: "UTC" };
const ADMINISTRATOR = { user: "dbadmin", password: "a password of 24 letters" };

describe("the preflight", () => {
  let folder: string;
  let servers: MysqlServers;
  let server: Mysqld;
  let connection: Connection;

  const start = async (name: string, lowerCaseNames: boolean, parameters = {}) => {
    const made = await servers.create(name, {
      ...{ name, port: 3306, lowerCaseNames, administrator: ADMINISTRATOR },
      parameters: { ...PARAMETERS, ...parameters },
    });
    const { user: username, password } = ADMINISTRATOR;
    return { made, connection: await connect({ host: made.address, port: 3306, username, password }) };
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "preflight-"));
    servers = await mysqlServers(folder, await makeCertificate(folder));
    ({ made: server, connection } = await start("clean", true));
    for (const statement of RDS_PROCEDURES) await server.query(statement);
    await connection.query("CALL mysql.rds_set_configuration('binlog retention hours', 168)");
    await connection.query("CREATE DATABASE shop");
    await connection.query(
      "CREATE TABLE shop.orders (id INT PRIMARY KEY, note TEXT, FULLTEXT (note) WITH PARSER ngram)",
    );
    await connection.query("CREATE VIEW shop.notes AS SELECT note FROM shop.orders");
    await server.query("CREATE USER app@'%' IDENTIFIED BY 'a password'");
    await server.query("GRANT ALL ON shop.* TO app@'%'");
  });
  after(async () => {
    connection.destroy();
    await servers[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  /** But for the release: that of the machine's MySQL may be newer than Azure's. */
  const obstacles = async (on = connection, live = true) =>
    (await findObstacles(on, undefined, live)).filter(({ subject }) => subject !== "version");
  /** The one obstacle about a subject, after some statements, which are undone then. */
  const found = async (subject: string, ...statements: string[]): Promise<Obstacle> => {
    for (const statement of statements) await server.query(statement);
    const about = (await obstacles()).filter((each) => each.subject === subject);
    expect(about.length, `obstacles about ${subject}`).to.equal(1);
    return about[0] as Obstacle;
  };

  it("finds none on a clean server", async () => {
    expect(await obstacles()).to.deep.equal([]);
  });

  describe("of tables names", () => {
    before(() => server.query("CREATE DATABASE stock"));
    after(() => server.query("DROP DATABASE stock"));

    it("one without a primary key, also where it has another key", async () => {
      expect(await found("stock.bare", "CREATE TABLE stock.bare (id INT NOT NULL UNIQUE)")).to.deep.include({
        severity: "warning",
        mend: "add a primary key, an invisible one if the app may not see it",
      });
    });
    for (const engine of ["MyISAM", "ARCHIVE", "CSV", "BLACKHOLE", "MRG_MyISAM"]) {
      it(`one of the engine ${engine}`, async () => {
        const key = /MyISAM|BLACK/.test(engine) ? ", PRIMARY KEY (id)" : "";
        await server.query(`CREATE TABLE stock.of_${engine} (id INT NOT NULL${key}) ENGINE = ${engine}`);
        const { made } = {
          made: (await obstacles()).filter(
            ({ subject }) => subject.toLowerCase() === `stock.of_${engine.toLowerCase()}`,
          ),
        };
        expect(made.map(({ severity, mend }) => `${severity}: ${mend}`)).to.include(
          `error: ALTER TABLE stock.of_${engine.toLowerCase()} ENGINE = InnoDB`,
        );
      });
    }
    it("one that is kept in memory", async () => {
      const { severity, problem } = await found(
        "stock.memory",
        "CREATE TABLE stock.memory (id INT PRIMARY KEY) ENGINE = MEMORY",
      );
      expect(severity).to.equal("warning");
      expect(problem).to.match(/kept in memory/);
    });
    it("one that is larger than a file may be, or a partition of it", async () => {
      await server.query("CREATE TABLE stock.large (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2");
      await server.query("ANALYZE TABLE stock.large");
      const pages = "clustered_index_size = 9 * POW(2, 40) / @@innodb_page_size";
      await server.query(`UPDATE mysql.innodb_table_stats SET ${pages} WHERE table_name LIKE 'large#%p1'`);
      const { problem } = await found("stock.large");
      expect(problem).to.match(/^takes 9\.0 TiB in one file/);
      await server.query("DROP TABLE stock.large");
    });
    it("one that can't be split and takes longer than a piece may, with its partitions, whatever key it has", async () => {
      const keys = {
        loose: "",
        timed: ", PRIMARY KEY (at)",
        whole: ", PRIMARY KEY (id)",
        part: ", PRIMARY KEY (note(3))",
      };
      for (const [name, key] of Object.entries(keys)) {
        const split = name === "loose" ? "PARTITION BY HASH (id) PARTITIONS 2" : "";
        await server.query(
          `CREATE TABLE stock.${name} (id INT NOT NULL, at FLOAT NOT NULL, note VARCHAR(9) NOT NULL${key}) ${split}`,
        );
        await server.query(`ANALYZE TABLE stock.${name}`);
      }
      const errors = async () =>
        (await obstacles()).filter(({ problem }) => /in one piece|one piece, and/.test(problem));
      expect((await errors()).filter(({ severity }) => severity === "error")).to.deep.equal([]);
      const pages = "clustered_index_size = 12 * POW(2, 30) / @@innodb_page_size";
      await server.query(`UPDATE mysql.innodb_table_stats SET ${pages} WHERE table_name LIKE 'loose#%'`);
      await server.query(`UPDATE mysql.innodb_table_stats SET ${pages.replace("12", "21")}
        WHERE table_name IN ('timed', 'whole', 'part')`);
      const found = (await errors()).filter(({ severity }) => severity === "error");
      expect(found.map(({ subject }) => subject)).to.have.members(["stock.loose", "stock.timed", "stock.part"]);
      expect(found.find(({ subject }) => subject === "stock.loose")?.problem).to.match(
        /^has 24\.0 GiB of rows and no key/,
      );
      expect(found.find(({ subject }) => subject === "stock.timed")?.problem).to.match(/begins with a float, which/);
      for (const name of Object.keys(keys)) await server.query(`DROP TABLE stock.${name}`);
    });
    it("one in a tablespace of several, whatever its name", async () => {
      const { severity, mend } = await found(
        "stock.of more",
        "CREATE TABLESPACE several ADD DATAFILE 'several.ibd' ENGINE = InnoDB",
        "CREATE TABLE stock.`of more` (id INT PRIMARY KEY) TABLESPACE several",
      );
      expect(severity).to.equal("error");
      expect(mend).to.match(/innodb_file_per_table/);
      await server.query("DROP TABLE stock.`of more`");
      await server.query("DROP TABLESPACE several");
    });
  });

  describe("of programs names", () => {
    afterEach(() => server.query("DROP DATABASE IF EXISTS work"));
    beforeEach(() => server.query("CREATE DATABASE work"));

    it("a definer that does not exist, with what can't be used", async () => {
      const { severity, problem } = await found(
        "gone@%",
        "CREATE TABLE work.t (id INT PRIMARY KEY)",
        "CREATE DEFINER = gone@'%' VIEW work.v AS SELECT 1",
        "CREATE DEFINER = gone@'%' PROCEDURE work.p() SELECT 1",
        "CREATE DEFINER = gone@'%' TRIGGER work.r BEFORE INSERT ON work.t FOR EACH ROW SET NEW.id = 1",
      );
      expect(severity).to.equal("error");
      expect(problem).to.match(/definer of work\.v, work\.p, work\.r,.*error 1449/);
    });
    it("a definer that is not the administrator", async () => {
      const { severity, problem } = await found("app@%", "CREATE DEFINER = app@'%' VIEW work.v AS SELECT 1");
      expect(severity).to.equal("warning");
      expect(problem).to.match(/work\.v; on Azure .* the administrator/);
    });
    it("an event, and not one that sleeps", async () => {
      const { severity } = await found(
        "work.e",
        "CREATE DEFINER = dbadmin@'%' EVENT work.e ON SCHEDULE EVERY 1 DAY DO SELECT 1",
        "CREATE DEFINER = dbadmin@'%' EVENT work.asleep ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1",
      );
      expect(severity).to.equal("warning");
      expect((await obstacles()).map(({ subject }) => subject)).to.not.include("work.asleep");
    });
    it("a component of the server", async () => {
      const urn = "file://component_log_sink_json";
      expect((await found(urn, `INSTALL COMPONENT '${urn}'`)).severity).to.equal("warning");
      await server.query(`UNINSTALL COMPONENT '${urn}'`);
    });
  });

  describe("of accounts names", () => {
    afterEach(() => server.query("DROP USER IF EXISTS odd@'%'"));

    for (const plugin of ["mysql_native_password", "AWSAuthenticationPlugin", "sha256_password"]) {
      it(`one that signs in by ${plugin}`, async () => {
        await server.query("CREATE USER odd@'%' IDENTIFIED BY 'a password'");
        await server.query("UPDATE mysql.user SET plugin = ? WHERE user = 'odd'", [plugin]);
        const { severity, problem } = await found("odd@%");
        expect(severity).to.equal("error");
        expect(problem).to.match(plugin.startsWith("AWS") ? /AWS's IAM/ : new RegExp(plugin));
        await server.query("DELETE FROM mysql.user WHERE user = 'odd'");
        await server.query("FLUSH PRIVILEGES");
      });
    }
    it("one with privileges that can't be granted on Azure", async () => {
      const { severity, problem } = await found(
        "odd@%",
        "CREATE USER odd@'%' IDENTIFIED BY 'a password'",
        "GRANT FILE, SHUTDOWN, SELECT ON *.* TO odd@'%'",
        "GRANT BACKUP_ADMIN, ROLE_ADMIN ON *.* TO odd@'%'",
      );
      expect(severity).to.equal("warning");
      expect(problem).to.match(/^has FILE, SHUTDOWN, BACKUP_ADMIN, which/);
    });
    it("one with RDS's own role", async () => {
      const { problem } = await found(
        "odd@%",
        "CREATE ROLE rds_superuser_role",
        "CREATE USER odd@'%' IDENTIFIED BY 'a password'",
        "GRANT rds_superuser_role TO odd@'%'",
      );
      expect(problem).to.match(/^has the role rds_superuser_role, which/);
      await server.query("DROP ROLE rds_superuser_role");
    });
  });

  it("of names tells those that differ only in case, or have capitals", async () => {
    const { connection: other } = await start("cases", false);
    for (const statement of [
      ...["CREATE DATABASE Shop", "CREATE DATABASE shop", "CREATE TABLE shop.Orders (id INT PRIMARY KEY)"],
      ...["CREATE TABLE shop.orders (id INT PRIMARY KEY)", "CREATE VIEW shop.ORDERS AS SELECT 1"],
    ]) {
      await other.query(statement);
    }
    const told = (await obstacles(other, false)).map(({ severity, subject }) => `${severity} ${subject}`);
    other.destroy();
    expect(told).to.deep.equal([
      "warning lower_case_table_names",
      "error Shop",
      "error shop.ORDERS",
      "warning Shop",
      "warning shop",
    ]);
  });
  it("of settings tells what replication wants, and what differs from the standby", async () => {
    const { connection: other } = await start("settings", true, {
      ...{ gtid_mode: "OFF", enforce_gtid_consistency: "OFF", binlog_format: "MIXED", binlog_row_image: "MINIMAL" },
      ...{ event_scheduler: "OFF", binlog_expire_logs_seconds: "3600", sql_mode: "NO_ENGINE_SUBSTITUTION" },
      ...{ time_zone: "+02:00", collation_server: "utf8mb4_general_ci", transaction_isolation: "READ-COMMITTED" },
    });
    const live = (await obstacles(other)).map(({ severity, subject }) => `${severity} ${subject}`);
    const nightly = (await obstacles(other, false)).map(({ subject }) => subject);
    other.destroy();
    const always = ["collation_server", "sql_mode", "transaction_isolation", "time_zone"];
    expect(nightly).to.have.members(always);
    expect(live).to.have.members([
      ...always.map((name) => `warning ${name}`),
      ...["gtid_mode", "enforce_gtid_consistency", "binlog_format", "binlog_row_image", "event_scheduler"].map(
        (name) => `error ${name}`,
      ),
      "warning binary logs",
    ]);
  });

  it("says of everything what to do, in one sentence", async () => {
    await server.query("CREATE DATABASE stock");
    await server.query("CREATE TABLE stock.bare (id INT) ENGINE = MyISAM");
    for (const { problem, mend } of await findObstacles(connection)) {
      expect(`${problem}. ${mend}.`).to.match(/^\S.*[^.]\. \S.*[^.]\.$/s);
    }
    await server.query("DROP DATABASE stock");
  });
});
