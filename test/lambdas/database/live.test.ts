import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { Connection } from "mysql2/promise";
import type { Login } from "../../../lambdas/database/connection.ts";
import { follow } from "../../../lambdas/database/follow.ts";
import { BEAT_SECONDS, readHeartbeat } from "../../../lambdas/database/heartbeat.ts";
import { lagOf } from "../../../lambdas/database/lag.ts";
import { prepareLive } from "../../../lambdas/database/prepare-live.ts";
import { promote, StillApplyingError } from "../../../lambdas/database/promote.ts";
import { readStatus, subtract } from "../../../lambdas/database/replica-status.ts";
import { AZURE_PROCEDURES, RDS_PROCEDURES } from "../../../lambdas/database/replication-procedures.ts";
import { CutNetwork } from "../../support/cut-network.ts";
import { useLivePair } from "../../support/live-pair.ts";
import { OrderWriters, ordersOf } from "../../support/order-writers.ts";
import { rejection } from "../../support/rejection.ts";
import { executedOf, type ReplicatedSites, type Site } from "../../support/replicated-sites.ts";
import { until } from "../../support/until.ts";

describe("live replication from RDS to Azure", () => {
  let sites: ReplicatedSites;
  let primary: Site;
  let standby: Site;
  let onPrimary: Connection;
  let onStandby: Connection;
  let gtid: string;
  const { signal } = new AbortController();

  useLivePair((pair) => {
    ({ sites, primary, standby, onPrimary, onStandby, gtid } = pair);
  });

  const followPrimary = (source: Login = primary.replicator) =>
    follow({ connection: onStandby, procedures: AZURE_PROCEDURES, source, gtid });
  const promoteStandby = (more: { source?: Login; patience?: number } = {}) =>
    promote({ connection: onStandby, procedures: AZURE_PROCEDURES, patience: 60_000, signal, ...more });
  const caughtUp = async (with_ = onPrimary, replica = onStandby) => {
    const executed = await executedOf(with_);
    await until(
      async () => (await subtract(replica, executed, await executedOf(replica))) === "",
      "it caught up",
      60_000,
    );
  };
  const aBeatCame = () =>
    until(async () => (await lagOf(onStandby, new Date())).lagSeconds !== undefined, "a beat came", 30_000);
  const stateOf = async () => (await lagOf(onStandby, new Date())).state;
  const writers = async (count: number) =>
    new OrderWriters(await Promise.all(Array.from({ length: count }, () => sites.connect(primary.administrator))));
  const expectNoGaps = async (connection: Connection) => {
    for (const { count, highest } of await ordersOf(connection)) expect(count).to.equal(highest);
  };

  it("brings what was written after the dump, and what is written from now on", async () => {
    await onPrimary.query("INSERT INTO shop.orders VALUES (0, 1, 'after the dump')");
    await followPrimary();
    await onPrimary.query("INSERT INTO shop.orders VALUES (0, 2, 'while following')");
    await caughtUp();
    const [rows] = await onStandby.query("SELECT note FROM shop.orders ORDER BY number");
    expect(rows).to.deep.equal([{ note: "as dumped" }, { note: "after the dump" }, { note: "while following" }]);
    expect(await stateOf()).to.equal("following");
  });
  it("gives the replicator nothing but REPLICATION SLAVE, over TLS", async () => {
    const [grants] = await onPrimary.query("SHOW GRANTS FOR dr_replicator@'%'");
    expect(Object.values((grants as object[])[0] ?? {})).to.deep.equal([
      "GRANT REPLICATION SLAVE ON *.* TO `dr_replicator`@`%`",
    ]);
    const [users] = await primary.server
      .query("SELECT ssl_type FROM mysql.user WHERE user = 'dr_replicator'")
      .then((rows) => [rows]);
    expect(users).to.deep.equal([{ ssl_type: "ANY" }]);
  });
  it("has the primary keep its binary logs for a week", async () => {
    const [[rows]] = (await onPrimary.query("CALL mysql.rds_show_configuration()")) as unknown as [
      { value: string }[][],
    ];
    expect(rows?.map(({ value }) => value)).to.deep.equal(["168"]);
  });
  it("can be prepared and set up again without a change", async () => {
    await followPrimary();
    const before = await readStatus(onStandby);
    await prepareLive(onPrimary, primary.replicator.password);
    await followPrimary();
    const after = await readStatus(onStandby);
    expect(after?.source).to.deep.equal(before?.source);
    await caughtUp();
    expect(await stateOf()).to.equal("following");
  });
  it("takes on a new password of the replicator", async () => {
    await followPrimary();
    const source = { ...primary.replicator, password: "quite another password" };
    await prepareLive(onPrimary, source.password);
    await standby.server.query("STOP REPLICA IO_THREAD");
    await standby.server.query("START REPLICA IO_THREAD");
    await until(async () => (await readStatus(onStandby))?.receiverFailure?.errno === 1045, "it is refused");
    await followPrimary(source);
    await until(async () => (await stateOf()) === "following", "it follows again");
  });
  it("leaves accounts to each site", async () => {
    await followPrimary();
    await onPrimary.query("CREATE USER app@'%' IDENTIFIED BY 'a password'");
    await onPrimary.query("GRANT SELECT ON shop.* TO app@'%'");
    await caughtUp();
    expect(
      await standby.server.query("SELECT user FROM mysql.user WHERE user IN ('app', 'dr_replicator')"),
    ).to.deep.equal([]);
    expect(await stateOf()).to.equal("following");
  });

  it("measures the lag by the primary's heartbeat", async () => {
    await followPrimary();
    await aBeatCame();
    const { lagSeconds } = await lagOf(onStandby, new Date());
    expect(lagSeconds).to.be.within(0, BEAT_SECONDS + 5);
    await until(async () => Number((await lagOf(onStandby, new Date())).lagSeconds) < 1, "another beat came", 10_000);
  });
  it("has the lag rise while nothing is applied, and fall when it is again", async () => {
    await followPrimary();
    await aBeatCame();
    await standby.server.query("STOP REPLICA SQL_THREAD");
    const { lagSeconds: before = 0 } = await lagOf(onStandby, new Date());
    await delay(2000);
    const { lagSeconds, state } = await lagOf(onStandby, new Date());
    expect(lagSeconds).to.be.above(before + 1.9);
    expect(state).to.equal("stopped");
    await followPrimary();
    await caughtUp();
    expect(await stateOf()).to.equal("following");
  });
  it("knows nothing of a lag where nothing was ever replicated", async () => {
    expect(await lagOf(onStandby, new Date())).to.deep.equal({ state: "none" });
  });

  describe("refuses, and changes nothing, when", () => {
    const refused = async (args: Partial<Parameters<typeof follow>[0]>) => {
      const { message } = await rejection(
        follow({ connection: onStandby, procedures: AZURE_PROCEDURES, source: primary.replicator, gtid, ...args }),
      );
      return message;
    };
    afterEach(async () => expect(await readStatus(onStandby)).to.equal(undefined));

    it("the server does not know what was loaded into it", async () => {
      await standby.server.query("RESET BINARY LOGS AND GTIDS");
      expect(await refused({})).to.match(/found \d+ transactions that it does not know of .* reset its GTIDs/);
    });
    it("the binary logs that are needed are gone", async () => {
      await onPrimary.query("INSERT INTO shop.orders VALUES (0, 1, 'in a log that goes')");
      await primary.server.query("FLUSH BINARY LOGS");
      const [{ Log_name } = {}] = (await primary.server.query("SHOW BINARY LOGS")).toReversed();
      await primary.server.query("PURGE BINARY LOGS TO ?", [Log_name]);
      expect(await refused({})).to.match(/binary logs of \d+ transactions are gone .*: load a newer dump/);
    });
    it("the source can't be reached, or does not know the password", async () => {
      expect(await refused({ source: { ...primary.replicator, password: "wrong" } })).to.match(
        /does not let dr_replicator in: Access denied/,
      );
    });
    it("accounts would be replicated", async () => {
      await standby.server.query("CHANGE REPLICATION FILTER REPLICATE_WILD_IGNORE_TABLE = ()");
      expect(await refused({})).to.match(/schema mysql is not replicated.*replicate_wild_ignore_table to mysql\.%/);
    });
  });
  it("refuses to leave one source for another", async () => {
    await followPrimary();
    const { message } = await rejection(followPrimary({ ...primary.replicator, port: 3307 }));
    expect(message).to.match(/follows nobody or .*:3307, found that it follows .*:3306: promote it first/);
    expect(await stateOf()).to.equal("following");
  });

  describe("promotion", () => {
    it("loses nothing that was received, under writes at full speed and with a backlog", async () => {
      await followPrimary();
      await aBeatCame();
      const busy = await writers(4);
      const lock = await sites.connect(standby.administrator);
      await until(() => busy.total > 200, "orders come");
      await lock.query("LOCK TABLES shop.orders WRITE");
      await until(() => busy.total > 1500, "a backlog grows");
      const before = await readStatus(onStandby);
      expect(await subtract(onStandby, String(before?.received), String(before?.executed))).to.not.equal("");
      const promotion = promoteStandby({ source: primary.replicator });
      await delay(300);
      lock.destroy();
      const promoted = await promotion;
      await busy.stop();
      expect(promoted.unapplied).to.equal("");
      expect(await subtract(onStandby, String(before?.received), promoted.gtid)).to.equal("");
      // One interval, from the first to the last: nothing is left out between.
      expect(promoted.gtid.split(",").filter((each) => each.startsWith(gtid.slice(0, 36)))[0]).to.match(
        /^[^:]+:1-\d+$/,
      );
      await expectNoGaps(onStandby);
      expect(Date.now() - Date.parse(String(promoted.lastHeartbeat))).to.be.below(30_000);
      await onStandby.query("INSERT INTO shop.orders VALUES (9, 1, 'at the standby')");
    });
    it("says what stays behind when its source lives and nobody may lock it", async () => {
      await followPrimary();
      const busy = await writers(4);
      await until(() => busy.total > 500, "orders come");
      const { gtid: kept, unapplied } = await promoteStandby();
      await busy.stop();
      expect(await subtract(onStandby, unapplied, kept)).to.equal(unapplied);
      await expectNoGaps(onStandby);
    });
    it("keeps all that was received when the primary is killed in the midst", async () => {
      await followPrimary();
      const busy = await writers(4);
      await until(() => busy.total > 1000, "orders come");
      await primary.server.kill();
      await busy.stop();
      const received = String((await readStatus(onStandby))?.received);
      const { gtid: kept, unapplied } = await promoteStandby({ source: primary.replicator });
      expect(unapplied).to.equal("");
      expect(await subtract(onStandby, received, kept)).to.equal("");
      await expectNoGaps(onStandby);
      // What was said to be kept and had no time to cross: a fraction of a second's orders.
      const lost = busy.total - (await ordersOf(onStandby)).reduce((sum, { count }) => sum + count, 0);
      expect(lost).to.be.below(busy.total / 2);
    });
    it("may be asked for again, and again", async () => {
      await followPrimary();
      await caughtUp();
      await until(async () => (await lagOf(onStandby, new Date())).lagSeconds !== undefined, "the primary's beat came");
      const first = await promoteStandby();
      const second = await promoteStandby();
      expect(first.lastHeartbeat).to.be.a("string");
      expect(second).to.include({ unapplied: "" }).and.not.have.property("lastHeartbeat");
      expect(await subtract(onStandby, first.gtid, second.gtid)).to.equal("");
      expect(await lagOf(onStandby, new Date())).to.include({ state: "none" });
    });
    it("goes on later when there is more to apply than patience", async () => {
      await followPrimary();
      const lock = await sites.connect(standby.administrator);
      await lock.query("LOCK TABLES shop.orders WRITE");
      await onPrimary.query("INSERT INTO shop.orders VALUES (0, 1, 'waits')");
      const executed = await executedOf(onPrimary);
      await until(
        async () => (await subtract(onStandby, executed, `${gtid},${(await readStatus(onStandby))?.received}`)) === "",
        "it came",
      );
      const error = await rejection(promoteStandby({ patience: 500 }));
      expect(error).to.be.instanceOf(StillApplyingError);
      expect(error.message).to.match(/^\d+ received transactions are still to be applied/);
      lock.destroy();
      const { gtid: kept } = await promoteStandby();
      expect(await subtract(onStandby, executed, kept)).to.equal("");
    });
    it("never leaves out a transaction that can't be applied, and says which and what to do", async () => {
      await followPrimary();
      await onStandby.query("INSERT INTO shop.orders VALUES (0, 1, 'somebody wrote here')");
      await onPrimary.query("INSERT INTO shop.orders VALUES (0, 1, 'in conflict')");
      await until(async () => (await stateOf()) === "broken", "it breaks");
      const expected =
        /error 1062 in transaction [0-9a-f-]{36}:\d+: .*Duplicate entry.*; a row is there that must not be/s;
      expect((await lagOf(onStandby, new Date())).lastError).to.match(expected);
      expect((await rejection(promoteStandby())).message).to.match(expected);
      await onStandby.query("DELETE FROM shop.orders WHERE note = 'somebody wrote here'");
      await promoteStandby();
      const [rows] = await onStandby.query("SELECT note FROM shop.orders WHERE number = 1");
      expect(rows).to.deep.equal([{ note: "in conflict" }]);
    });
    it("has events run at one side only, in the way that they were written", async () => {
      await followPrimary();
      await onPrimary.query("SET SESSION sql_mode = 'ANSI_QUOTES'");
      await onPrimary.query('CREATE EVENT shop.awake ON SCHEDULE EVERY 1 HOUR DO SELECT "number" FROM shop.orders');
      await onPrimary.query("CREATE EVENT shop.asleep ON SCHEDULE EVERY 1 HOUR DISABLE DO SELECT 1");
      await caughtUp();
      const eventsOf = async () =>
        (
          await onStandby.query(
            "SELECT event_name AS name, status AS status, sql_mode AS mode FROM information_schema.events WHERE event_schema = 'shop' ORDER BY 1",
          )
        )[0];
      expect(await eventsOf()).to.deep.equal([
        { name: "asleep", status: "REPLICA_SIDE_DISABLED", mode: "ANSI_QUOTES" },
        { name: "awake", status: "REPLICA_SIDE_DISABLED", mode: "ANSI_QUOTES" },
      ]);
      const asleep = async () => (await readHeartbeat(onStandby))?.asleep.length;
      await until(async () => (await asleep()) === 1, "a beat told which one sleeps", 30_000);
      const { events } = await promoteStandby();
      expect(events).to.deep.equal(["shop.awake"]);
      expect(await eventsOf()).to.deep.equal([
        { name: "asleep", status: "REPLICA_SIDE_DISABLED", mode: "ANSI_QUOTES" },
        { name: "awake", status: "ENABLED", mode: "ANSI_QUOTES" },
      ]);
      expect((await promoteStandby()).events).to.deep.equal([]);
    });
  });

  it("goes on by itself after the standby was killed in the midst", async () => {
    await followPrimary();
    const busy = await writers(2);
    await until(() => busy.total > 500, "orders come");
    await standby.server.kill();
    await delay(300);
    await standby.server.start();
    onStandby = await sites.connect(standby.administrator);
    await followPrimary();
    await until(() => busy.total > 1000, "more orders come");
    await busy.stop();
    await caughtUp();
    expect(await ordersOf(onStandby)).to.deep.equal(await ordersOf(onPrimary));
  });
  it("survives a network that is cut, and tells of it", async () => {
    const network = await CutNetwork.before(primary.server);
    await followPrimary({ ...primary.replicator, port: network.port });
    await caughtUp();
    const busy = await writers(2);
    await until(() => busy.total > 200, "orders come");
    network.cut();
    await until(async () => (await stateOf()) === "connecting", "it is noticed");
    const { lastError } = await lagOf(onStandby, new Date());
    expect(lastError ?? "").to.match(/^$|error 20\d\d: .*VPN/);
    network.heal();
    await until(async () => (await stateOf()) === "following", "it goes on", 30_000);
    await busy.stop();
    await caughtUp();
    expect(await ordersOf(onStandby)).to.deep.equal(await ordersOf(onPrimary));
    network.close();
    const { unapplied } = await promoteStandby({ source: { ...primary.replicator, port: network.port } });
    expect(unapplied).to.equal("");
  });

  describe("on the way back", () => {
    const back = () => ({ connection: onPrimary, procedures: RDS_PROCEDURES, source: standby.replicator, gtid: "" });
    const failOver = async () => {
      await followPrimary();
      await caughtUp();
      await promoteStandby({ source: primary.replicator });
      await onStandby.query("INSERT INTO shop.orders VALUES (9, 1, 'at the standby')");
      await prepareLive(onStandby, standby.replicator.password);
    };

    it("follows the standby, and takes over from it, whatever beats the primary added meanwhile", async () => {
      await failOver();
      await until(
        async () => ((await onPrimary.query("SELECT * FROM multicloud_dr.heartbeat"))[0] as unknown[]).length > 3,
        "it beats",
      );
      await follow(back());
      await caughtUp(onStandby, onPrimary);
      const [rows] = await onPrimary.query("SELECT note FROM shop.orders WHERE writer = 9");
      expect(rows).to.deep.equal([{ note: "at the standby" }]);
      const { unapplied } = await promote({ ...back(), patience: 60_000, signal });
      expect(unapplied).to.equal("");
      await onPrimary.query("INSERT INTO shop.orders VALUES (9, 2, 'at the primary again')");
    });
    it("names what the primary wrote and the standby never got, and gives it up only by name", async () => {
      await failOver();
      await onPrimary.query("INSERT INTO shop.orders VALUES (8, 1, 'too late')");
      await onPrimary.query("CREATE TABLE shop.late (id INT PRIMARY KEY)");
      const { message } = await rejection(follow(back()));
      expect(message).to.match(
        /found 2 transactions .* which change shop\.orders, use `[^`]*`; CREATE TABLE|found 2 transactions .* which change shop\.orders, CREATE TABLE/,
      );
      expect(await readStatus(onPrimary)).to.equal(undefined);
      const late = /never had \(([^)]+)\)/.exec(message)?.[1];
      await follow({ ...back(), givenUp: late });
      await caughtUp(onStandby, onPrimary);
    });
  });
});
