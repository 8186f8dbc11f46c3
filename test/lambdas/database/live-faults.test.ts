import { expect } from "chai";
import type { Connection } from "mysql2/promise";
import { connect } from "../../../lambdas/database/connection.ts";
import { follow, leave } from "../../../lambdas/database/follow.ts";
import { countOf } from "../../../lambdas/database/gtid.ts";
import { beats, readHeartbeat, startHeartbeat } from "../../../lambdas/database/heartbeat.ts";
import { lagOf } from "../../../lambdas/database/lag.ts";
import { workloadsWrites } from "../../../lambdas/database/logged-writes.ts";
import { prepareLive } from "../../../lambdas/database/prepare-live.ts";
import { promote } from "../../../lambdas/database/promote.ts";
import { readStatus, subtract } from "../../../lambdas/database/replica-status.ts";
import { AZURE_PROCEDURES, RDS_PROCEDURES } from "../../../lambdas/database/replication-procedures.ts";
import { resetGtid } from "../../../rehearsal/azure/actuators/mysql-procedures.ts";
import { useLivePair } from "../../support/live-pair.ts";
import { rejection } from "../../support/rejection.ts";
import { executedOf, type ReplicatedSites, type Site } from "../../support/replicated-sites.ts";
import { until } from "../../support/until.ts";

describe("a live standby in trouble", () => {
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

  const at = () => ({ connection: onStandby, procedures: AZURE_PROCEDURES });
  const followPrimary = () => follow({ ...at(), source: primary.replicator, gtid });
  const promoteStandby = (more: { givenUp?: string } = {}) =>
    promote({ ...at(), source: primary.replicator, patience: 60_000, signal, ...more });
  const replicatorGetsIn = async () => {
    const connection = await connect(primary.replicator).catch(() => undefined);
    connection?.destroy();
    return connection !== undefined;
  };
  const statusOfBeat = async () =>
    (await standby.server.query("SELECT status AS status FROM information_schema.events WHERE event_name = 'beat'"))[0]
      ?.status;
  /** Has the standby stop at a transaction that it can't apply. @returns that one's GTID */
  const broken = async () => {
    await followPrimary();
    await onStandby.query("INSERT INTO shop.orders VALUES (0, 1, 'somebody wrote here')");
    await onPrimary.query("INSERT INTO shop.orders VALUES (0, 1, 'in conflict')");
    await onPrimary.query("INSERT INTO shop.orders VALUES (0, 2, 'comes after it')");
    await until(async () => (await lagOf(onStandby, new Date())).state === "broken", "it breaks");
    return String((await readStatus(onStandby))?.applierFailure?.transaction);
  };

  describe("that can't apply what it received", () => {
    it("is left as it is, with nothing applied, nothing woken and no beat", async () => {
      await onPrimary.query("CREATE EVENT shop.e ON SCHEDULE EVERY 1 HOUR DO SELECT 1");
      await broken();
      await leave(at());
      expect(await readStatus(onStandby)).to.equal(undefined);
      expect(
        await standby.server.query("SELECT status AS status FROM information_schema.events WHERE event_name = 'e'"),
      ).to.deep.equal([{ status: "REPLICA_SIDE_DISABLED" }]);
      expect(await beats(onStandby)).to.equal(false);
      await leave(at());
    });
    it("names what is missing, and lets the primary's replicator be", async () => {
      const transaction = await broken();
      const { message } = await rejection(promoteStandby());
      expect(message).to.match(/2 are received and not applied \([0-9a-f-]{36}:\d+-\d+\)/);
      expect(message).to.include(`give up ${transaction} by name`);
      expect(await replicatorGetsIn()).to.equal(true);
      expect((await lagOf(onStandby, new Date())).state).to.equal("broken");
    });
    it("stands alone without it when that was given up by name, and says what is lost", async () => {
      const transaction = await broken();
      await onPrimary.query("INSERT INTO shop.orders VALUES (0, 3, 'comes later')");
      const { unapplied, events } = await promoteStandby({ givenUp: transaction });
      expect(unapplied.startsWith(`${transaction}-`)).to.equal(true);
      expect(events).to.deep.equal([]);
      expect(await readStatus(onStandby)).to.equal(undefined);
      expect(await replicatorGetsIn()).to.equal(false);
      await onStandby.query("INSERT INTO shop.orders VALUES (9, 1, 'at the standby')");
    });
    it("gives up nothing for the word on another breakdown", async () => {
      const transaction = await broken();
      const another = transaction.replace(/\d+$/, "1");
      expect((await rejection(promoteStandby({ givenUp: another }))).message).to.match(/error 1062/);
      expect(await readStatus(onStandby)).to.not.equal(undefined);
    });
  });

  it("is promoted in spite of a primary that lets in and answers nothing", async () => {
    await followPrimary();
    const lock = await sites.connect(primary.administrator);
    await lock.query("FLUSH TABLES WITH READ LOCK");
    const began = performance.now();
    const { unapplied } = await promoteStandby();
    expect(unapplied).to.equal("");
    expect(performance.now() - began).to.be.within(15_000, 40_000);
    lock.destroy();
  });

  describe("that was promoted before", () => {
    const lent = async () => {
      await followPrimary();
      await until(async () => (await readHeartbeat(onStandby)) !== undefined, "a beat came", 30_000);
      await promote({ ...at(), patience: 60_000, signal });
      expect(await statusOfBeat()).to.equal("ENABLED");
    };

    it("beats no more when it follows again, and knows the primary's beats from its own", async () => {
      await lent();
      const ofPrimary = await primary.server.query("SELECT @@server_uuid AS server");
      await resetGtid(standby.server, await executedOf(onPrimary));
      await follow({ ...at(), source: primary.replicator, gtid: "" });
      expect(await statusOfBeat()).to.equal(undefined);
      await primary.server.kill();
      const { lagSeconds: before = 0 } = await lagOf(onStandby, new Date());
      expect((await readHeartbeat(onStandby))?.server).to.equal(ofPrimary[0]?.server);
      await onStandby.query("INSERT INTO multicloud_dr.heartbeat VALUES (UTC_TIMESTAMP(6), @@server_uuid, NULL)");
      const { lagSeconds } = await lagOf(onStandby, new Date());
      expect(lagSeconds).to.be.at.least(before);
    });
    it("leaves asleep what sleeps at the primary, also when no beat of the primary's is left", async () => {
      await onPrimary.query("CREATE EVENT shop.asleep ON SCHEDULE EVERY 1 HOUR DISABLE DO SELECT 1");
      await startHeartbeat(onPrimary);
      await followPrimary();
      await until(async () => (await readHeartbeat(onStandby))?.asleep.length === 1, "a beat told of it", 30_000);
      expect((await promoteStandby()).events).to.deep.equal([]);
      await onStandby.query("TRUNCATE TABLE multicloud_dr.heartbeat");
      expect((await promoteStandby()).events).to.deep.equal([]);
    });
  });

  it("counts what a load makes beside what serves as no user's write", async () => {
    const before = await executedOf(onStandby);
    for (const statement of [
      "CREATE SCHEMA multicloud_dr_fresh_1",
      "CREATE TABLE multicloud_dr_fresh_1.orders (id INT PRIMARY KEY)",
      "INSERT INTO multicloud_dr_fresh_1.orders VALUES (1)",
      "CREATE SCHEMA multicloud_dr_former_1",
      "RENAME TABLE shop.orders TO multicloud_dr_former_1.orders, multicloud_dr_fresh_1.orders TO shop.orders",
      "DROP SCHEMA multicloud_dr_former_1",
    ]) {
      await onStandby.query(statement);
    }
    const ours = await subtract(onStandby, await executedOf(onStandby), before);
    expect(countOf(ours)).to.equal(6);
    expect(await workloadsWrites(onStandby, ours)).to.deep.equal([]);
    await onStandby.query("INSERT INTO shop.orders VALUES (2)");
    const all = await subtract(onStandby, await executedOf(onStandby), before);
    expect(await workloadsWrites(onStandby, all))
      .to.have.nested.property("[0].subjects")
      .that.deep.equals(["shop.orders"]);
  });

  describe("tells nobody the replicator's password", () => {
    const SECRET = "s3cret of the replicator";
    const everything = (error: Error) =>
      JSON.stringify([error.message, error.stack, { ...error }, String(error.cause)]);

    it("when the primary can't be prepared", async () => {
      await primary.server.query("CREATE USER nobody IDENTIFIED BY 'a word'");
      const nobody = await sites.connect({ ...primary.administrator, username: "nobody", password: "a word" });
      const error = await rejection(prepareLive(nobody, SECRET));
      expect(error.message).to.match(/the server refuses CREATE USER .* IDENTIFIED BY \? REQUIRE SSL: ER_/);
      expect(everything(error)).to.not.include(SECRET);
    });
    for (const [cloud, procedures] of Object.entries({ AZURE_PROCEDURES, RDS_PROCEDURES })) {
      it(`when it can't be set as what is followed, by ${cloud}`, async () => {
        // Each knows its own cloud's procedures only.
        const wrong = procedures === AZURE_PROCEDURES ? onPrimary : onStandby;
        const error = await rejection(procedures.point(wrong, { ...primary.replicator, password: SECRET }));
        expect(error.message).to.match(/^the server refuses CALL mysql\..*\?.*: ER_SP_DOES_NOT_EXIST$/);
        expect(everything(error)).to.not.include(SECRET);
      });
    }
  });
});
