import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { zstdCompressSync } from "node:zlib";
import { expect } from "chai";
import type { Connection } from "mysql2/promise";
import { readDefinitions } from "../../../lambdas/database/definitions.ts";
import { forgetHeartbeat } from "../../../lambdas/database/heartbeat.ts";
import { end, openLedger } from "../../../lambdas/database/ledger.ts";
import type { Manifest } from "../../../lambdas/database/manifest.ts";
import type { DumpStore } from "../../../lambdas/database/store.ts";
import { databaseWork } from "../../../lambdas/standby/database-work.ts";
import { notePromoted, noteServing, noteTakingPlace, readNotes, release } from "../../../lambdas/standby/notes.ts";
import { requireRoom } from "../../../lambdas/standby/room.ts";
import { resetGtid } from "../../../rehearsal/azure/actuators/mysql-procedures.ts";
import { rejection } from "../../support/rejection.ts";
import { executedOf, ReplicatedSites, type Site } from "../../support/replicated-sites.ts";
import { until } from "../../support/until.ts";

const DUMP = "20261121T021500Z";
const { signal } = new AbortController();

// On real servers, with the procedures that Azure has for its administrator.
describe("the inside of the standby's server", () => {
  const work = databaseWork(30_000);
  let sites: ReplicatedSites;
  let primary: Site;
  let standby: Site;
  let gtid: string;
  let connection: Connection;
  let onPrimary: Connection;

  before(async () => {
    sites = await ReplicatedSites.create();
    ({ primary, standby, gtid } = await sites.pair());
    connection = await sites.connect(standby.administrator);
    onPrimary = await sites.connect(primary.administrator);
  });
  after(() => sites[Symbol.asyncDispose]());

  const look = async (follows = false) => (await work.look(standby.administrator, follows)).data;

  /** Notes what a load notes. */
  const loaded = async (of: string, loadedAt: string) => {
    await openLedger(connection);
    await forgetHeartbeat(connection);
    await end(connection, {
      ...{ dump: DUMP, kind: "daily", gtid: of, schemas: ["shop"], accounts: [], rows: 1, bytes: 1, chunks: 1 },
      ...{ differences: [], beganAt: "then", loadedAt },
    });
  };
  const follows = async () => {
    await work.follow(standby.administrator, primary.replicator);
    await until(async () => (await look()).replication?.state === "following", "it follows", 60_000);
  };
  const hasOrder = async (number: number) =>
    (await standby.server.query("SELECT 1 FROM shop.orders WHERE writer = 0 AND number = ?", [number])).length > 0;

  it("is empty at first", async () => {
    expect(await work.look(standby.administrator, true)).to.deep.equal({ data: {} });
  });

  it("keeps whose its data are, until they are released or loaded over", async () => {
    await notePromoted(connection, "lent");
    expect(await readNotes(connection)).to.deep.equal({ tenure: "lent" });
    await notePromoted(connection, "own");
    expect(await look(), "a drill's writes among its own").to.deep.equal({ tenure: "own", drilled: true });
    await release(connection);
    expect(await look()).to.deep.equal({});
    await notePromoted(connection, "own");
    await notePromoted(connection, "lent");
    expect(await look()).to.deep.equal({ tenure: "own" });
    await noteTakingPlace(connection, undefined, "2026-11-21T10:00:00Z");
    expect(await look()).to.deep.equal({ restored: "2026-11-21T10:00:00Z" });
  });

  it("knows whose a copy is from the moment that it serves, and that it is still to be promoted", async () => {
    await noteTakingPlace(connection, "lent", undefined);
    expect(await look()).to.include({ tenure: "lent", unpromoted: true });
    await noteServing(connection, "own");
    await noteServing(connection, "lent");
    expect(await look(), "its own they stay").to.include({ tenure: "own", unpromoted: true });
    await notePromoted(connection, "own");
    expect(await look()).not.to.have.any.keys("unpromoted", "drilled");
    await release(connection);
  });

  it("tells what was loaded, and follows the primary from there", async () => {
    await loaded(gtid, "now");
    expect((await look(true)).preparation, "the history of what was there before").to.deep.equal({
      kind: "gtids",
      gtid,
    });
    await resetGtid(standby.server, gtid);
    const { data, proof } = await work.look(standby.administrator, true);
    expect(data).to.deep.include({ loaded: DUMP, loadedAt: "now" });
    expect(data, "nothing is left to prepare").not.to.have.property("preparation");
    expect(proof).to.include({ dump: DUMP, gtid });
    await follows();
  });

  it("refuses a dump that does not fit beside what stands, before anything is begun", async () => {
    const manifest = { dump: "20261122T021500Z", bytes: 2 ** 30 } as Manifest;
    const small = { store: undefined as never, manifest, storageGib: 0.001, signal, progress: () => {} };
    const error = await rejection(work.load(standby.administrator, small));
    expect(error).to.include({ permanent: true });
    expect(error.message).to.match(/20261122T021500Z is not loaded: expected room.*raise databaseStorageGib/);
    expect(await look()).not.to.have.property("begun");
    await requireRoom(connection, manifest, 20);
  });

  it("goes on from where it stood when it was left and nothing was loaded", async () => {
    await onPrimary.query("INSERT INTO shop.orders VALUES (0, 1, 'after the dump')");
    await until(() => hasOrder(1), "it came", 30_000);
    await work.leave(standby.administrator);
    expect(await look(true)).to.not.have.any.keys("replication", "preparation");
    await onPrimary.query("INSERT INTO shop.orders VALUES (0, 2, 'meanwhile')");
    await follows();
    await until(() => hasOrder(2), "it came", 30_000);
  });

  it("misses nothing when it is begun anew from a dump that is older than what it had", async () => {
    await work.leave(standby.administrator);
    await standby.server.query("DELETE FROM shop.orders WHERE number > 0");
    await loaded(gtid, "once more");
    expect((await look(true)).preparation).to.deep.equal({ kind: "gtids", gtid });
    await resetGtid(standby.server, gtid);
    expect(await look(true)).to.not.have.property("preparation");
    await follows();
    await until(async () => (await hasOrder(1)) && (await hasOrder(2)), "all of it came again", 30_000);
  });

  it("has the dump's history set also where its own count tells nothing", async () => {
    await work.leave(standby.administrator);
    await loaded(gtid, "and again");
    await connection.query("UPDATE multicloud_dr.loaded SET proof = JSON_REMOVE(proof, '$.own')");
    expect((await look(true)).preparation).to.deep.equal({ kind: "gtids", gtid });
    await loaded(await executedOf(onPrimary), "now");
    await follows();
  });

  it("takes over accounts from a newer dump while it follows, and nothing else", async () => {
    const passwordOf = async () =>
      (await standby.server.query("SELECT authentication_string AS hash FROM mysql.user WHERE user = 'app'"))[0]?.hash;
    const take = async (dump: string) => {
      const file = zstdCompressSync(JSON.stringify(await readDefinitions(onPrimary, ["shop"], "dbadmin")));
      const sha256 = createHash("sha256").update(file).digest("hex");
      const manifest = { dump, kind: "daily", definitions: { size: file.length, sha256 } } as Manifest;
      const store = { place: "here", read: async () => Readable.from([file]) } as unknown as DumpStore;
      await work.accounts(standby.administrator, { store, manifest, signal });
    };
    await onPrimary.query("CREATE USER app IDENTIFIED BY 'first'");
    await onPrimary.query("GRANT SELECT ON shop.* TO app");
    await take("20261122T021500Z");
    const first = await passwordOf();
    expect(await look()).to.include({ loaded: DUMP, accounts: "20261122T021500Z" });
    expect(await standby.server.query("SELECT db FROM mysql.db WHERE user = 'app'")).to.deep.equal([{ db: "shop" }]);
    await onPrimary.query("ALTER USER app IDENTIFIED BY 'second'");
    await take("20261123T021500Z");
    expect(await passwordOf())
      .to.be.a("string")
      .and.not.equal(first);
    await onPrimary.query("DROP USER app");
    await take("20261124T021500Z");
    expect(await passwordOf()).to.equal(undefined);
    expect((await look()).replication?.state).to.equal("following");
    expect(await look(true), "what it holds is the same load's").to.not.have.property("preparation");
  });

  it("stands alone when it is promoted, and tells what of the primary's it has", async () => {
    await until(async () => (await look()).replication?.lagSeconds !== undefined, "a beat came", 30_000);
    const promoted = await work.promote(standby.administrator, { source: primary.replicator, tenure: "own", signal });
    expect(promoted).to.include({ unapplied: "" });
    expect(Date.now() - Date.parse(String(promoted.lastHeartbeat))).to.be.below(30_000);
    expect(await look())
      .to.include({ loaded: DUMP, tenure: "own" })
      .and.not.to.have.property("replication");
    // Again, as after a run that was killed before it could write that down.
    await work.promote(standby.administrator, { source: primary.replicator, tenure: "own", signal });
    await connection.query("INSERT INTO shop.orders VALUES (9, 9, 'written at the standby')");
  });
});
