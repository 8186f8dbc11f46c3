import { mock } from "node:test";
import { expect } from "chai";
import type { Connection } from "mysql2/promise";
import { databaseAlarmRules } from "../../components/standby/database-alarm-rules.ts";
import { connect } from "../../lambdas/database/connection.ts";
import { BEAT_SECONDS } from "../../lambdas/database/heartbeat.ts";
import { readStatus, subtract } from "../../lambdas/database/replica-status.ts";
import { reportOf } from "../../lambdas/standby/report.ts";
import { useLocalClouds } from "../support/local-clouds.ts";
import { OrderWriters, ordersOf } from "../support/order-writers.ts";
import { rejection } from "../support/rejection.ts";
import { executedOf } from "../support/replicated-sites.ts";
import { until } from "../support/until.ts";
import { LiveSites } from "./live-sites.ts";

/** What the controller does with a server that holds a dump, until that follows. */
const SEEDED = ["have the server know the transactions of its dump", "has the server follow the primary"];

describe("live replication, on both clouds", () => {
  const clouds = useLocalClouds();
  let sites: LiveSites;
  let primary: Connection;
  let standby: Connection;
  const open: Connection[] = [];

  before(async () => {
    sites = new LiveSites(clouds);
    await sites.deploy();
    primary = await asAdministrator();
    standby = await sites.connect();
    open.push(standby);
    await primary.query(
      "CREATE TABLE shop.orders (writer INT, number INT, note VARCHAR(200), PRIMARY KEY (writer, number))",
    );
  });
  after(() => {
    for (const connection of open) connection.destroy();
  });

  const asAdministrator = async () => {
    const connection = await sites.primary.connect();
    connection.on("error", () => {});
    open.push(connection);
    return connection;
  };
  const writers = async () => new OrderWriters([await asAdministrator(), await asAdministrator()]);
  const order = (number: number, at: Connection) =>
    at.query("INSERT INTO shop.orders VALUES (0, ?, 'an order')", [number]);
  const orders = async (at: Connection) => {
    const [rows] = await at.query({ sql: "SELECT * FROM shop.orders ORDER BY writer, number", rowsAsArray: true });
    return rows;
  };
  const follow = () => sites.plan("running", { follows: "primary" });
  const caughtUp = async () => {
    const executed = await executedOf(primary);
    const missing = async () => subtract(standby, executed, await executedOf(standby));
    await until(async () => (await missing()) === "", "the standby caught up", 60_000);
  };
  const replication = async () => (await sites.look()).data?.replication;
  const lag = async () => (await replication())?.lagSeconds ?? Number.NaN;

  it("begins with a dump that is made while the primary is written to, and loses nothing between", async () => {
    const writing = await writers();
    await sites.dump();
    await follow();
    const done = await sites.settle();
    await writing.stop();
    expect(
      done.map((each) => /(?:asked Azure to )?(.*?)(?:, which|$)/.exec(each)?.[1]?.replace(/\d{8}T\d{6}Z/, "…")),
    ).to.deep.equal([
      "loaded the dump …",
      "set enforce_gtid_consistency to ON",
      ...["OFF_PERMISSIVE", "ON_PERMISSIVE", "ON"].map((mode) => `set gtid_mode to ${mode}`),
      ...SEEDED,
    ]);
    await caughtUp();
    expect(await orders(standby)).to.deep.equal(await orders(primary));
    expect(writing.total).to.be.above(0);
  });

  it("is known to be seconds behind, by the primary's heartbeat", async () => {
    await until(async () => (await lag()) < BEAT_SECONDS + 5, "a beat came", 30_000);
    expect(await replication()).to.include({ state: "following" });
  });

  it("has the first alarm ring when nothing was applied for a minute, and no more when all is", async () => {
    const [alarm] = databaseAlarmRules({ state: "running" }).filter(({ name }) => name === "lag-60");
    expect(alarm?.query).to.contain("report.follows == 'primary' and todouble(report.lagSeconds) > 60");
    await standby.query("FLUSH TABLES WITH READ LOCK");
    await order(1, primary);
    try {
      mock.timers.enable({ apis: ["Date"], now: Date.now() + 61_000 });
      const report = JSON.parse(reportOf(await sites.look(), new Date()));
      expect(report).to.include({ report: "standby", follows: "primary" });
      expect(report.lagSeconds).to.be.within(60, 90);
    } finally {
      mock.timers.reset();
      await standby.query("UNLOCK TABLES");
    }
    await until(async () => (await lag()) < BEAT_SECONDS + 5, "it caught up", 30_000);
  });

  it("stands alone in a drill, which leaves the primary to itself", async () => {
    await sites.plan("promoted", { follows: "nobody", own: false });
    await sites.settle();
    expect((await sites.look()).data)
      .to.include({ tenure: "lent" })
      .and.not.to.have.property("replication");
    await order(100, standby);
    await order(200, primary);
    (await connect(sites.replicator)).destroy();
  });

  it("is seeded anew after that, without what the drill wrote, and follows again", async () => {
    await follow();
    const done = await sites.settle();
    expect(done[0]).to.match(/^loaded the dump /);
    expect(done.slice(1).map((each, index) => each.includes(String(SEEDED[index])))).to.deep.equal([true, true]);
    await order(300, primary);
    await caughtUp();
    expect(await orders(standby)).to.deep.equal(await orders(primary));
    await until(async () => (await lag()) < BEAT_SECONDS + 5, "a beat came", 30_000);
    const [beats] = await standby.query("SELECT DISTINCT server = @@server_uuid AS own FROM multicloud_dr.heartbeat");
    expect(beats, "only the primary beats").to.deep.equal([{ own: 0 }]);
  });

  it("keeps all that it received when a disaster is declared, takes writes, and lets the primary in no more", async () => {
    // Writers begin at 1.
    await primary.query("DELETE FROM shop.orders WHERE writer > 0");
    const writing = await writers();
    await until(() => writing.total > 500, "orders are written");
    const received = (await readStatus(standby))?.received ?? "";
    await sites.plan("promoted", { follows: "nobody", own: true });
    await sites.settle();
    await writing.stop();
    expect((await sites.look()).data)
      .to.include({ tenure: "own" })
      .and.not.to.have.property("replication");
    expect(received).not.to.equal("");
    expect(await subtract(standby, received, await executedOf(standby))).to.equal("");
    for (const { count, highest } of await ordersOf(standby))
      expect(count, "no order is missing between").to.equal(highest);
    const kept = await orders(standby);
    await order(1000, standby);
    await order(2000, primary);
    expect((await rejection(connect(sites.replicator))).message).to.match(/does not let dr_replicator in/);
    expect(await orders(standby)).to.have.length((kept as unknown[]).length + 1);
  });
});
