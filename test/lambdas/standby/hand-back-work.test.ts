import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { Connection, RowDataPacket } from "mysql2/promise";
import type { Login } from "../../../lambdas/database/connection.ts";
import { copyStandby, WrittenError } from "../../../lambdas/database/copy-standby.ts";
import { dumpNames, STANDBY_COPIES, STANDBY_COPY } from "../../../lambdas/database/layout.ts";
import type { Manifest } from "../../../lambdas/database/manifest.ts";
import type { DumpStore } from "../../../lambdas/database/store.ts";
import { listDumps } from "../../../lambdas/database/stored-dumps.ts";
import { databaseWork } from "../../../lambdas/standby/database-work.ts";
import { loadIntoPrimary, readCopy } from "../../../operations/failback/load.ts";
import { missingAtStandby, renderMissing } from "../../../operations/failback/primary.ts";
import { rightsAt } from "../../../operations/failback/rights.ts";
import { contentOf, unlike } from "../../support/database-pair.ts";
import { OrderWriters, ordersOf } from "../../support/order-writers.ts";
import { rejection } from "../../support/rejection.ts";
import { WayBack } from "../../support/way-back.ts";

const UNENDED = new AbortController().signal;
const FIRST = "20261122T100000Z";

/** A standby's content as it was before its schemas were paused: the primary is to take writes. */
function withWrites(content: Record<string, unknown>): Record<string, unknown> {
  const paused = " /* read only = 1 */";
  return Object.fromEntries(
    Object.entries(content).map(([name, shown]) => {
      if (!name.startsWith("schema ")) return [name, shown];
      expect(shown, name).to.contain(paused);
      return [name, String(shown).replace(paused, "")];
    }),
  );
}

// On real servers, as their administrators.
describe("the way back of a database", () => {
  const work = databaseWork(30_000);
  let back: WayBack;
  let standby: Connection;
  let primary: Connection;
  let manifest: Manifest;

  before(async () => {
    back = await WayBack.create();
    standby = await back.connect(back.login("standby"));
    primary = await back.connect(back.login("primary"));
  });
  after(() => back[Symbol.asyncDispose]());

  const login = () => back.login("standby");
  const look = async () => (await work.look(login(), false)).data;
  const copy = (dump: string, store: DumpStore = back.store, signal = UNENDED) =>
    work.copy(login(), { dump, store, signal, progress: () => {} });
  const insert = (number: number) => standby.query("INSERT INTO shop.orders VALUES (90, ?, 'one more')", [number]);

  it("ends all writes, however fast they come, and no write that was confirmed is missing from the copy", async () => {
    const app = () => back.connect(back.login("standby", "app"));
    const writers = new OrderWriters(await Promise.all([app(), app(), app(), app()]));
    await delay(500);
    await work.pause(login(), FIRST);
    const atThePause = [...writers.kept];
    manifest = await copy(FIRST);
    await writers.stop();
    expect(writers.kept, "nothing was confirmed later").to.deep.equal(atThePause);
    expect(writers.total).to.be.greaterThan(50);
    const found = await ordersOf(standby);
    for (const [index, kept] of writers.kept.entries()) {
      expect(found[index]).to.include({ writer: index + 1, count: found[index]?.highest });
      // One more may have been kept without anybody having been told.
      expect(found[index]?.count).to.be.within(kept, kept + 1);
    }
    const [[row]] = await standby.query<RowDataPacket[]>("SELECT COUNT(*) AS count FROM shop.orders");
    expect(manifest.chunks.find(({ table }) => table === "orders")?.rows).to.equal(Number(row?.count));
    expect(await look())
      .to.include({ tenure: "own", paused: FIRST })
      .and.not.have.property("open");
  });

  it("copies in a place of its own, where nobody takes it for one of the primary's dumps", async () => {
    const files = await back.store.list("", UNENDED);
    expect(files.filter(({ name }) => !name.startsWith(STANDBY_COPIES))).to.deep.equal([]);
    expect(await listDumps(back.store, UNENDED)).to.deep.equal([]);
    expect(await readCopy(back.store, FIRST, UNENDED)).to.deep.equal(manifest);
    expect((await rejection(readCopy(back.store, "20270101T000000Z", UNENDED))).message).to.match(
      /is not whole: there is no/,
    );
  });

  it("takes no writes of anybody then, by whatever statement, also after a restart", async () => {
    await back.server("standby").stop();
    await back.server("standby").start();
    standby = await back.connect(login());
    for (const statement of [
      "INSERT INTO shop.orders VALUES (90, 1, 'too late')",
      "CALL shop.add_order(90, 1)",
      "CREATE TABLE crm.more (id INT)",
      "DROP VIEW crm.all_notes",
      "DROP SCHEMA crm",
      "ALTER EVENT shop.nightly DISABLE",
    ]) {
      expect((await rejection(standby.query(statement))).message, statement).to.match(/read.only mode/i);
    }
    expect(await work.written(login(), manifest)).to.deep.equal([]);
    expect(await look()).to.not.have.property("open");
  });

  it("writes nothing itself meanwhile: its heart does not beat", async () => {
    const executed = async () =>
      (await standby.query<RowDataPacket[]>("SELECT @@GLOBAL.gtid_executed AS gtid"))[0][0]?.gtid;
    expect(String(await executed()).replaceAll(/\s/g, "")).to.equal(manifest.frozen.gtid);
  });

  it("tells what only the primary has", async () => {
    await primary.query("INSERT INTO shop.orders VALUES (0, 7, 'confirmed before AWS died, and never copied')");
    await primary.query("DELETE FROM shop.orders WHERE number = 0");
    const missing = await missingAtStandby(back.login("primary"), manifest);
    expect(missing.subjects).to.include("shop.orders");
    expect(missing.writes).to.be.greaterThan(1);
    expect(renderMissing(missing)).to.match(
      /of which the standby knows nothing \(.*shop\.orders.*\); only the snapshot/,
    );
    const known = { ...manifest, own: { ...manifest.own, ofPrimary: missing.gtid ?? "" } } as Manifest;
    const none = await missingAtStandby(back.login("primary"), known);
    expect(none).to.include({ gtid: "", transactions: 0, writes: 0 });
    expect(renderMissing(none)).to.equal("the primary has nothing of the workload's that the standby never had");
  });

  it("brings a primary that has gone its own way to what the standby was, and leaves its keepers' users alone", async () => {
    await primary.query("CREATE USER rdsadmin IDENTIFIED BY 'its keeper''s'");
    await primary.query("CREATE USER dr_replicator IDENTIFIED BY 'the replicator''s'");
    await primary.query("CREATE USER only_here IDENTIFIED BY 'the standby never had it'");
    await primary.query("GRANT CREATE ON crm.* TO app");
    const keepers = async () => {
      const [rows] = await primary.query(
        `SELECT user, host, authentication_string, account_locked FROM mysql.user
         WHERE user IN ('rdsadmin', 'dr_replicator', 'only_here', 'dbadmin', 'mysql.sys') ORDER BY 1`,
      );
      return JSON.stringify(rows);
    };
    const former = await keepers();
    const told: string[] = [];
    const report = (line: string) => told.push(line);
    const before = await rightsAt(back.login("primary"));
    const given = { login: back.login("primary"), before, store: back.store, manifest, report, signal: UNENDED };
    const { proof, events, lost } = await loadIntoPrimary(given);
    expect(unlike(await contentOf(primary), withWrites(await contentOf(standby)))).to.deep.equal([]);
    expect(proof).to.deep.include({ dump: FIRST, kind: STANDBY_COPY, rows: manifest.rows, differences: [] });
    expect(await keepers()).to.equal(former);
    expect(events, "one of two: what slept at the standby sleeps on").to.deep.equal(["shop.nightly"]);
    expect(lost).to.deep.equal(["account `app`@`%` lost: GRANT CREATE ON `crm`.* TO `app`@`%`"]);
    expect(told).to.include(`rows: ${manifest.chunks.length} of ${manifest.chunks.length}`);
    const again = await loadIntoPrimary(given);
    expect(again.proof, "again, it loads nothing").to.deep.equal(proof);
    expect(again.lost, "and knows still what was lost").to.deep.equal(lost);
    const app = await back.connect(back.login("primary", "app"));
    await app.query("CALL shop.add_order(91, 1)");
  });

  it("sees a schema that somebody opened, and what is written there", async () => {
    await standby.query("ALTER SCHEMA shop READ ONLY = 0");
    expect(await look()).to.include({ open: true });
    await insert(2);
    await work.pause(login(), FIRST);
    expect(await look()).to.not.have.property("open");
    expect(await work.written(login(), manifest)).to.deep.equal(["shop.orders"]);
  });

  it("never makes a copy whole of what was written while it was made", async () => {
    const dump = "20261122T110000Z";
    await work.pause(login(), dump);
    const store = {
      ...spied(back.store),
      write: async (name: string, body: AsyncIterable<Buffer>, signal: AbortSignal) => {
        if (name.endsWith("chunks/000001.zst")) await standby.query("CREATE DATABASE IF NOT EXISTS made_meanwhile");
        return back.store.write(name, body, signal);
      },
    };
    const error = await rejection(copy(dump, store));
    expect(error).to.be.instanceOf(WrittenError);
    expect(error.message).to.match(/found writes: CREATE DATABASE.*made_meanwhile/);
    expect(await back.store.list(dumpNames(STANDBY_COPY, dump).manifest, UNENDED)).to.deep.equal([]);
    await work.forgetCopy(login());
    expect(await look()).to.deep.equal({ tenure: "own" });
    expect((await rejection(insert(3))).message, "still no writes").to.match(/read only mode/);
    await work.pause(login(), "20261122T113000Z");
    expect((await rejection(standby.query("CREATE TABLE made_meanwhile.t (id INT)"))).message).to.match(
      /read only mode/,
    );
    await standby.query("ALTER SCHEMA made_meanwhile READ ONLY = 0");
    await standby.query("DROP DATABASE made_meanwhile");
  });

  it("goes on with a copy that was killed, and is the same as one that was not", async () => {
    const dump = "20261122T120000Z";
    await work.pause(login(), dump);
    const end = new AbortController();
    const written: string[] = [];
    const store = (after: number) => ({
      ...spied(back.store),
      write: async (name: string, body: AsyncIterable<Buffer>, signal: AbortSignal) => {
        const bytes = await back.store.write(name, body, signal);
        written.push(name);
        if (written.filter((each) => each.includes("/records/")).length === after) end.abort(new Error("killed"));
        return bytes;
      },
    });
    const small = (given: DumpStore, signal: AbortSignal) => copyIn(login(), given, dump, signal);
    expect((await rejection(small(store(2), end.signal))).message).to.equal("killed");
    expect(await back.store.list(dumpNames(STANDBY_COPY, dump).manifest, UNENDED)).to.deep.equal([]);
    const firstRun = new Set(written.splice(0));
    const whole = await small(store(-1), UNENDED);
    const again = written.filter((name) => name.includes("/records/") && firstRun.has(name));
    expect(again, "what was done is not done again").to.deep.equal([]);
    expect(whole.rows).to.equal(await countAll(standby));
    expect(await readCopy(back.store, dump, UNENDED)).to.deep.equal(whole);
  });

  it("waits for a transaction that is at work, and says whose it is when that takes too long", async () => {
    await work.resume(login());
    const app = await back.connect(back.login("standby", "app"));
    await app.query("BEGIN");
    await app.query("INSERT INTO shop.orders VALUES (92, 1, 'unconfirmed')");
    const error = await rejection(work.pause(login(), "20261122T130000Z"));
    expect(error.message).to.match(
      /expected the transactions in shop to end within 20 s, found .*: \d+ of app; end them/,
    );
    expect(await look(), "the next run goes on").to.include({ paused: "20261122T130000Z", open: true });
    await app.query("COMMIT");
    await work.pause(login(), "20261122T130000Z");
    expect(await look()).to.not.have.property("open");
  }).timeout(60_000);

  it("has users write again, and its heart beat", async () => {
    await work.resume(login());
    expect(await look()).to.deep.equal({ tenure: "own" });
    await insert(4);
    const [beats] = await standby.query<RowDataPacket[]>(
      "SELECT status FROM information_schema.events WHERE event_name = 'beat'",
    );
    expect(beats).to.have.lengthOf(1);
  });

  it("is released: it takes writes, nothing is its own, and only newer dumps count", async () => {
    await work.pause(login(), "20261122T140000Z");
    await work.release(login(), "20261122T150000Z");
    expect(await look()).to.deep.equal({ released: "20261122T150000Z" });
    await insert(5);
  });
});

/** A store of which a test changes something. */
function spied(store: DumpStore): DumpStore {
  return {
    place: store.place,
    list: (prefix, signal) => store.list(prefix, signal),
    read: (name, signal) => store.read(name, signal),
    write: (name, body, signal) => store.write(name, body, signal),
  };
}

/** A copy in many small portions. */
function copyIn(login: Login, store: DumpStore, dump: string, signal: AbortSignal): Promise<Manifest> {
  return copyStandby({ login, store, dump, signal, followed: false, parallel: 1, bytes: 4096, progress: () => {} });
}

async function countAll(connection: Connection): Promise<number> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    "SELECT (SELECT COUNT(*) FROM shop.orders) + (SELECT COUNT(*) FROM crm.notes) AS count",
  );
  return Number(row?.count);
}

describe("the way back of a database that counts no transactions", () => {
  it("tells by its binary log what was written since", async () => {
    await using back = await WayBack.create({ gtid_mode: "OFF", enforce_gtid_consistency: "OFF" });
    const work = databaseWork(30_000);
    const login = back.login("standby");
    const connection = await back.connect(login);
    await work.pause(login, FIRST);
    const manifest = await work.copy(login, { dump: FIRST, store: back.store, signal: UNENDED, progress: () => {} });
    expect(manifest.frozen.gtid).to.equal("");
    await back.server("standby").stop();
    await back.server("standby").start();
    expect(await work.written(login, manifest), "another log, with nothing in it").to.deep.equal([]);
    const again = await back.connect(login);
    await again.query("CREATE USER someone");
    expect(await work.written(login, manifest)).to.deep.equal([]);
    await work.resume(login);
    await again.query("INSERT INTO shop.orders VALUES (90, 1, 'later')");
    expect(await work.written(login, manifest)).to.deep.equal(["shop.orders"]);
    await back.server("standby").query("RESET BINARY LOGS AND GTIDS");
    expect(await work.written(login, manifest)).to.deep.equal(["what no binary log tells of any more"]);
    connection.destroy();
  });
});
