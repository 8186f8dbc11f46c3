import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Connection } from "mysql2/promise";
import { connect } from "../../../lambdas/database/connection.ts";
import { BehindError, freeze, requireFrozen } from "../../../lambdas/database/freeze.ts";
import { KEEP_BINARY_LOGS_SQL, prepare, shortened } from "../../../lambdas/database/prepare.ts";
import { RDS_EXTERNAL_SOURCE } from "../../../rehearsal/aws/actuators/rds-external-source.ts";
import { RDS_PROCEDURES } from "../../../rehearsal/aws/actuators/rds-procedures.ts";
import { makeCertificate } from "../../../rehearsal/local/certificate.ts";
import type { MysqlServers } from "../../../rehearsal/local/mysql-servers.ts";
import type { Mysqld } from "../../../rehearsal/local/mysqld.ts";
import { mysqlServers } from "../../support/mysql.ts";
import { rejection } from "../../support/rejection.ts";
import { until } from "../../support/until.ts";

const ADMINISTRATOR = { username: "dbadmin", password: "an administrator's" };
const PASSWORD = "the one who dumps";

describe("a primary and its replica", () => {
  let folder: string;
  let servers: MysqlServers;
  let source: Mysqld;
  let replica: Mysqld;
  let administrator: Connection;
  let dumper: Connection;

  const login = (server: Mysqld, credentials: { username: string; password: string }) =>
    connect({ host: server.address, port: server.port, ...credentials });
  const insert = () => administrator.query("INSERT INTO shop.orders VALUES ()");

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "freeze-"));
    servers = await mysqlServers(folder, await makeCertificate(folder));
    source = await servers.create("source", {
      ...{ name: "source", port: 3306, lowerCaseNames: true },
      parameters: { gtid_mode: "ON", enforce_gtid_consistency: "ON" },
      administrator: { user: ADMINISTRATOR.username, password: ADMINISTRATOR.password },
    });
    for (const statement of [...RDS_PROCEDURES, ...RDS_EXTERNAL_SOURCE]) await source.query(statement);
    administrator = await login(source, ADMINISTRATOR);
    await administrator.query("CREATE DATABASE shop");
    await administrator.query("CREATE TABLE shop.orders (id INT AUTO_INCREMENT PRIMARY KEY)");
  });
  beforeEach(async () => {
    await servers.destroy("replica");
    await prepare(administrator, PASSWORD);
    replica = await servers.replicate("replica", "source", "replica");
    await insert();
    dumper = await login(replica, { username: "dr_dump", password: PASSWORD });
  });
  afterEach(() => dumper.destroy());
  after(async () => {
    administrator.destroy();
    await servers[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  describe("is prepared", () => {
    it("to keep its binary logs for a week, the longest that RDS takes", async () => {
      expect(/\d+/.exec(KEEP_BINARY_LOGS_SQL)?.[0]).to.equal(String(7 * 24));
      const [kept] = await source.query("SELECT @@global.binlog_expire_logs_seconds AS seconds");
      expect(kept).to.deep.equal({ seconds: 7 * 24 * 3600 });
    });

    it("again and again, and the replicas that it has get each new password", async () => {
      await prepare(administrator, "another one");
      await until(
        () =>
          login(replica, { username: "dr_dump", password: "another one" }).then(
            (connection) => {
              connection.destroy();
              return true;
            },
            () => false,
          ),
        "the replica takes the new password",
      );
    });
  });

  describe("is frozen", () => {
    it("where it is, although its source goes on, and tells the same when it is asked again", async () => {
      const frozen = await freeze(dumper);
      const [{ uuid } = {}] = await source.query("SELECT @@server_uuid AS uuid");
      expect(frozen.gtid).to.match(new RegExp(`^${uuid}:1-\\d+$`));
      expect(frozen.binlog?.file).to.match(/^binlog\.\d{6}$/);
      expect(frozen.binlog?.position).to.be.above(100);
      const [own] = await replica.query("SELECT @@server_uuid AS server, @@version AS version");
      expect(frozen).to.include(own);

      await insert();
      const [[count]] = (await dumper.query("SELECT COUNT(*) AS n FROM shop.orders")) as unknown as [{ n: string }[]];
      const [now] = await source.query("SELECT COUNT(*) AS n FROM shop.orders");
      expect(Number(count?.n)).to.equal(Number(now?.n) - 1);
      expect(await freeze(dumper)).to.deep.equal(frozen);
      await requireFrozen(dumper, frozen);
    });

    it("at a place of its source's binary log from which another could follow without GTIDs", async () => {
      const frozen = await freeze(dumper);
      await insert();
      const [status = {}] = await source.query("SHOW BINARY LOG STATUS");
      expect(frozen.binlog?.file).to.equal(status.File);
      expect(frozen.binlog?.position).to.be.below(Number(status.Position));
    });

    it("and noticed when it went on all the same", async () => {
      const frozen = await freeze(dumper);
      await replica.query("START REPLICA");
      await insert();
      await until(async () => (await rejectionOf(requireFrozen(dumper, frozen))) !== undefined, "it went on");
      expect((await rejection(requireFrozen(dumper, frozen))).message).to.match(/went on while it was dumped/);
    });

    it("not while it is far behind its source", async () => {
      await caughtUp();
      await replica.query("STOP REPLICA SQL_THREAD");
      await replica.query("CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 86400");
      await replica.query("START REPLICA SQL_THREAD");
      await administrator.query("SET timestamp = UNIX_TIMESTAMP() - 1000");
      await insert();
      await administrator.query("SET timestamp = DEFAULT");
      await until(async () => Number(await lagOf(dumper)) > 900, "it is behind");
      const error = await rejection(freeze(dumper));
      expect(error).to.be.instanceOf(BehindError);
      expect(error.name).to.equal("BehindError");
      expect(error.message).to.match(/at most 60 s behind its source, found 10\d\d s/);
      const [status = {}] = await replica.query("SHOW REPLICA STATUS");
      expect(status.Replica_IO_Running, "it goes on catching up").to.equal("Yes");
    });

    it("not while it does not reach its source", async () => {
      await replica.query("STOP REPLICA");
      await replica.query("CHANGE REPLICATION SOURCE TO SOURCE_PASSWORD = 'wrong', SOURCE_CONNECT_RETRY = 60");
      await replica.query("START REPLICA");
      const error = await rejection(freeze(dumper));
      expect(error).to.be.instanceOf(BehindError);
      expect(error.message).to.match(/found that it does not yet/);
    });

    it("not when it could not apply what its source wrote, and says what", async () => {
      const [next = {}] = await source.query("SELECT MAX(id) + 1 AS id FROM shop.orders");
      await replica.query("INSERT INTO shop.orders VALUES (?)", [next.id]);
      await insert();
      await until(
        async () => (await replica.query("SHOW REPLICA STATUS"))[0]?.Replica_SQL_Running === "No",
        "the replica stumbled",
      );
      const error = await rejection(freeze(dumper));
      expect(error).to.not.be.instanceOf(BehindError);
      expect(error.message).to.match(/stopped by error 1062: /);
    });

    it("only when it is one", async () => {
      const connection = await login(source, { username: "dr_dump", password: PASSWORD });
      expect((await rejection(freeze(connection))).message).to.match(/found a server that follows none/);
      connection.destroy();
    });
  });

  /** Once it has applied all: what it is delayed by would be an earlier row otherwise. */
  async function caughtUp(): Promise<void> {
    const [executed] = await source.query("SELECT @@global.gtid_executed AS gtid");
    await replica.query("SELECT WAIT_FOR_EXECUTED_GTID_SET(?, 20)", [executed?.gtid]);
  }

  async function lagOf(connection: Connection): Promise<unknown> {
    const [[status]] = (await connection.query("SHOW REPLICA STATUS")) as unknown as [Record<string, unknown>[]];
    return status?.Seconds_Behind_Source;
  }
});

async function rejectionOf(work: Promise<unknown>): Promise<Error | undefined> {
  return work.then(
    () => undefined,
    (error) => error,
  );
}

describe("a list of obstacles", () => {
  const obstacle = (severity: "error" | "warning", subject: string) => ({
    ...{ severity, subject, problem: "a".repeat(100), mend: "" },
  });

  it("that a state can hold is told whole, errors first", () => {
    const [a, b, c] = [obstacle("warning", "a"), obstacle("error", "b"), obstacle("warning", "c")];
    expect(shortened([a, b, c])).to.deep.equal([b, a, c]);
    expect(shortened([])).to.deep.equal([]);
  });

  it("that is longer is told as far as it fits, with how many more there are and how grave they are", () => {
    const many = Array.from({ length: 5000 }, (_, index) => obstacle(index < 1000 ? "error" : "warning", `t${index}`));
    const told = shortened(many);
    expect(JSON.stringify(told).length).to.be.below(101_000);
    expect(told.at(-1)).to.include({ severity: "error", subject: "the list of obstacles" });
    expect(told.at(-1)?.problem).to.contain(`${many.length - told.length + 1} more`);
    const light = shortened(many.slice(900));
    expect(light.at(-1)).to.include({ severity: "warning" });
  });
});
