import { expect } from "chai";
import { LoadError } from "../../../lambdas/database/load-error.ts";
import { RESTORE_BLOB } from "../../../lambdas/standby/restore-document.ts";
import { STATE_BLOB } from "../../../lambdas/standby/state-document.ts";
import { ForbiddenError } from "../../../lambdas/standby/vault-secrets.ts";
import { useControllerStage } from "../../support/controller-stage.ts";
import { rejection } from "../../support/rejection.ts";
import { until } from "../../support/until.ts";

const DUMP = "20261121T021500Z";
const OLDER = "20261120T021500Z";

describe("the standby controller", () => {
  const stage = useControllerStage();

  describe("that keeps the server loaded", () => {
    const nightly = () => stage.plan("stopped", { follows: "dumps" });

    it("starts it for a newer dump, loads that, keeps the proof, and stops it", async () => {
      stage.dumps.add(DUMP);
      await nightly();
      expect(await stage.statuses()).to.deep.equal(["acting", "acting", "acting", "settled"]);
      expect(stage.power.orders).to.deep.equal(["start shop", "stop shop"]);
      expect(stage.database.done).to.deep.equal([`load ${DUMP}`]);
      expect((await stage.state()).loaded).to.include({ dump: DUMP });
      const proof = JSON.parse(String(await stage.container.getBlobClient("proof.json").downloadToBuffer()));
      expect(proof).to.deep.include({ dump: DUMP, rows: 3, differences: [] });
      expect(await stage.statuses()).to.deep.equal(["settled"]);
    });

    it("leaves it off while nothing newer is complete", async () => {
      stage.dumps.add(OLDER);
      await nightly();
      await stage.statuses();
      stage.dumps.add(DUMP, { without: [`daily/${DUMP}/chunks/000002.zst`] });
      expect(await stage.statuses()).to.deep.equal(["settled"]);
      expect(stage.database.done).to.deep.equal([`load ${OLDER}`]);
    });

    it("works for longer than the lease of the state would last, and tells how far it is", async () => {
      stage.serve("Ready");
      stage.dumps.add(DUMP, { chunks: 50 });
      stage.database.slowness = 200;
      await nightly();
      const run = stage.run({ pause: 60 });
      await until(async () => ((await stage.state().catch(() => undefined))?.loading?.done ?? 0) > 1, "progress");
      expect(await stage.state()).to.deep.nested.include({
        status: "loading",
        "loading.of": 50,
        "loading.phase": "rows",
      });
      expect(await stage.run(), "nobody else works meanwhile").to.equal(undefined);
      stage.database.slowness = 0;
      expect(await run).to.include({ status: "acting", detail: `loaded the dump ${DUMP}` });
    });

    it("ends before the function's time does, and goes on in the next run", async () => {
      stage.serve("Ready");
      stage.dumps.add(DUMP, { chunks: 4 });
      stage.database.slowness = 100;
      await nightly();
      const found = await stage.statuses(20, { work: 250, pause: 50 });
      expect([...new Set(found)]).to.deep.equal(["loading", "acting", "settled"]);
      expect(stage.database.data.loaded).to.equal(DUMP);
    });

    it("sets a dump aside of which a whole run brings in nothing more, and says what is too large", async () => {
      stage.serve("Ready");
      stage.dumps.add(DUMP, { chunks: 3 });
      stage.database.data = { loaded: OLDER };
      stage.database.slowness = 5000;
      await nightly();
      const limits = { work: 150, pause: 50 };
      for (let run = 1; run <= 3; run++) {
        const { message } = await rejection(stage.run(limits));
        expect(message).to.match(/no more than before: rows, 0 of 3; see shop\.orders, .* in one piece.*primary key/);
      }
      expect((await stage.state()).setAside).to.have.lengthOf(1);
      expect(await stage.statuses()).to.deep.equal(["acting", "settled"]);
      expect(stage.power.orders).to.deep.equal(["stop shop"]);
    });

    it("gives a load up when the server is promoted, and serves from the former copy", async () => {
      stage.serve("Ready");
      stage.dumps.add(DUMP, { chunks: 100 });
      stage.database.data = { loaded: OLDER };
      stage.database.slowness = 50;
      await nightly();
      const run = stage.run({ pause: 40 });
      await until(async () => stage.database.done.length > 0, "the load");
      await stage.plan("promoted", { own: true });
      expect(await run).to.include({ status: "loading" });
      expect((await stage.statuses()).at(-1)).to.equal("settled");
      expect(stage.database.done).to.deep.equal([`load ${DUMP}`, "promote own"]);
      expect(stage.database.data.loaded).to.equal(OLDER);
    });

    it("finishes a copy that is taking its place before the server is promoted", async () => {
      stage.serve("Ready");
      stage.dumps.add(DUMP, { chunks: 6 });
      Object.assign(stage.database, { phase: "swap", slowness: 40 });
      await nightly();
      const run = stage.run({ pause: 30 });
      await until(async () => stage.database.done.length > 0, "the load");
      await stage.plan("promoted", { own: true });
      expect(await run).to.include({ status: "acting" });
      stage.database.data = { loaded: OLDER, begun: { dump: DUMP, swapping: true } };
      await stage.statuses();
      expect(stage.database.done).to.deep.equal([`load ${DUMP}`, `load ${DUMP}`, "promote own"]);
    });

    it("ends at once when it has lost the lease of the state", async () => {
      stage.serve("Ready");
      stage.dumps.add(DUMP, { chunks: 100 });
      stage.database.slowness = 50;
      await nightly();
      const run = rejection(stage.run({ pause: 30 }));
      await until(async () => stage.database.done.length > 0, "the load");
      await stage.container.getBlobClient(STATE_BLOB).getBlobLeaseClient().breakLease(0);
      await stage.container.getBlobClient(STATE_BLOB).getBlobLeaseClient().acquireLease(15);
      expect((await run).message).to.match(/lease/i);
      expect(stage.database.data.loaded).to.equal(undefined);
    });

    it("sets a dump aside that can't be loaded, keeps the former copy, and loads the next one", async () => {
      stage.serve("Ready");
      stage.dumps.add(DUMP);
      stage.database.data = { loaded: OLDER };
      stage.database.failure = new LoadError("chunk 1 is corrupt", { permanent: true });
      await nightly();
      for (let run = 1; run <= 3; run++) await rejection(stage.run());
      expect(await stage.statuses()).to.deep.equal(["acting", "settled"]);
      expect(stage.power.orders).to.deep.equal(["stop shop"]);
      expect((await stage.state()).setAside).to.have.lengthOf(1);
      expect((await stage.state()).detail).to.match(/is set aside.*chunk 1 is corrupt/);
      stage.database.failure = undefined;
      stage.dumps.add("20261122T021500Z");
      await stage.statuses();
      expect((await stage.state()).loaded).to.include({ dump: "20261122T021500Z" });
    });

    it("tries again and again where it is not the dump's fault", async () => {
      stage.serve("Ready");
      stage.dumps.add(DUMP);
      stage.database.failure = new Error("the connection was cut");
      await nightly();
      for (let run = 1; run <= 5; run++) await rejection(stage.run());
      stage.database.failure = undefined;
      expect((await stage.statuses()).at(-1)).to.equal("settled");
      expect(stage.database.data.loaded).to.equal(DUMP);
    });

    it("never loads over what was written in a disaster, and says so", async () => {
      stage.serve("Ready");
      stage.dumps.add(DUMP);
      stage.database.data = { loaded: OLDER, tenure: "own" };
      await nightly();
      expect(await stage.run()).to.include({ status: "acting" });
      expect((await rejection(stage.run())).message).to.match(/writes that nobody else has.*--discard-standby/);
      expect(await stage.state()).to.include({ status: "failed" });
      expect(stage.database.done).to.be.empty;
    });

    it("looks again when the state is lost", async () => {
      stage.dumps.add(DUMP);
      stage.database.data = { loaded: DUMP };
      await nightly();
      expect(await stage.statuses()).to.deep.equal(["acting", "acting", "settled"]);
      expect(stage.database.done).to.be.empty;
    });

    it("loads what an operator wants, and tells what came of it", async () => {
      stage.dumps.add(OLDER);
      stage.dumps.add(DUMP);
      stage.database.data = { loaded: DUMP };
      await nightly();
      await stage.statuses();
      const request = { version: 1, dump: OLDER, kind: "daily", discard: false, by: "kim" };
      await stage.write(JSON.stringify({ ...request, requestedAt: "2026-11-21T10:00:00.000Z" }), RESTORE_BLOB);
      expect((await stage.statuses()).at(-1)).to.equal("settled");
      expect(await stage.state()).to.deep.nested.include({ "loaded.dump": OLDER, "restore.status": "loaded" });
      // Not so a misdated one, which was there already.
      stage.dumps.add("20261121T120000Z", { arrivedAt: new Date("2026-11-21T09:00:00Z") });
      await stage.statuses();
      expect((await stage.state()).loaded).to.include({ dump: OLDER });
      // What was begun after the request undoes it.
      stage.dumps.add("20261122T021500Z");
      await stage.statuses();
      expect((await stage.state()).loaded).to.include({ dump: "20261122T021500Z" });
    });

    it("passes over what is dated ahead, and says so", async () => {
      stage.dumps.add(DUMP);
      stage.dumps.add("29991121T021500Z");
      await nightly();
      expect((await stage.statuses()).at(-1)).to.equal("settled");
      expect(stage.database.done).to.deep.equal([`load ${DUMP}`]);
      expect((await stage.state()).detail).to.match(/the daily dump 29991121T021500Z is passed over/);
    });

    it("goes on without a request that it can't read, and says so", async () => {
      stage.dumps.add(DUMP);
      await nightly();
      await stage.write("{", RESTORE_BLOB);
      expect((await stage.statuses()).at(-1)).to.equal("settled");
      expect((await stage.state()).detail).to.match(/expected JSON in restore\.json/);
    });
  });

  describe("that restores the database in a disaster", () => {
    const restored = () => stage.plan("promoted", { own: true, restore: true });
    beforeEach(() => stage.serve("Ready"));

    it("serves from what was the newest dump then, however new a one comes before it is promoted", async () => {
      stage.dumps.add(OLDER);
      await restored();
      expect(await stage.run()).to.include({ detail: `loaded the dump ${OLDER}` });
      expect((await stage.state()).data, "users may come from now on").to.include({ tenure: "own", unpromoted: true });
      stage.dumps.add(DUMP);
      expect((await stage.statuses()).at(-1)).to.equal("settled");
      expect(stage.database.done).to.deep.equal([`load ${OLDER}`, "promote own"]);
      expect((await stage.state()).data)
        .to.include({ loaded: OLDER, tenure: "own" })
        .and.not.have.property("unpromoted");
    });

    it("brings the dump that it has begun to its end, whatever comes meanwhile", async () => {
      stage.dumps.add(OLDER, { chunks: 4 });
      stage.database.slowness = 100;
      await restored();
      expect(await stage.run({ work: 250, pause: 50 })).to.include({ status: "loading" });
      stage.dumps.add(DUMP);
      stage.database.slowness = 0;
      expect((await stage.statuses()).at(-1)).to.equal("settled");
      expect(stage.database.done).to.deep.equal([`load ${OLDER}`, `load ${OLDER}`, "promote own"]);
    });

    it("keeps what was written before it was promoted when the disaster is over", async () => {
      stage.dumps.add(OLDER);
      await restored();
      await stage.run();
      stage.dumps.add(DUMP);
      await stage.plan("stopped", { follows: "dumps" });
      await stage.run();
      expect((await rejection(stage.run())).message).to.match(/writes that nobody else has/);
      expect(stage.database.done).to.deep.equal([`load ${OLDER}`]);
    });
  });

  describe("that has the server follow the primary", () => {
    const primary = "https://shop.vault.azure.net/secrets/primary-replicator";
    const live = () => stage.plan("running", { follows: "primary", primarySecretId: primary });
    const link = () =>
      stage.secrets.set(primary, '{"host":"db.example.com","port":3306,"username":"dr_replicator","password":"p"}');

    beforeEach(() => stage.serve("Ready"));

    it("loads a dump to begin with, waits to be told where the primary is, and follows it", async () => {
      stage.dumps.add(DUMP);
      await live();
      await stage.run();
      expect(await stage.run()).to.include({ status: "waiting" });
      link();
      expect(await stage.statuses()).to.deep.equal(["acting", "settled"]);
      expect(stage.database.done).to.deep.equal([`load ${DUMP}`, "follow db.example.com"]);
      expect((await stage.state()).data?.replication).to.deep.equal({ state: "following", lagSeconds: 1 });
    });

    it("has Azure do what following takes", async () => {
      const { flaky, servers, serverId } = stage;
      const { signal } = new AbortController();
      flaky.always = { status: 202 };
      await servers.prepare({ kind: "parameter", name: "gtid_mode", value: "ON" }, serverId, signal);
      await servers.prepare({ kind: "gtids", gtid: "u:1-5" }, serverId, signal);
      expect(flaky.requests).to.deep.equal([`PUT ${serverId}/configurations/gtid_mode`, `POST ${serverId}/resetGtid`]);
    });

    it("fails for as long as it is broken off, however often it is told to go on", async () => {
      link();
      stage.database.data = { loaded: DUMP, replication: { state: "broken", lastError: "error 1062" } };
      await live();
      for (let run = 1; run <= 2; run++) {
        expect((await rejection(stage.run())).message).to.match(/no longer follows the primary.*error 1062/);
      }
      expect(stage.database.done).to.have.lengthOf(2);
    });

    it("waits as well where the primary's secret is not for it yet, and is promoted all the same", async () => {
      const { read } = stage.standby.secrets;
      stage.standby.secrets.read = async (id, signal) => {
        if (id === primary) throw new ForbiddenError("403");
        return read(id, signal);
      };
      stage.database.data = { loaded: DUMP };
      await live();
      expect(await stage.run()).to.include({ status: "waiting" });
      stage.database.data = { loaded: DUMP, replication: { state: "following" } };
      await stage.plan("promoted", { own: true, primarySecretId: primary });
      expect((await stage.statuses()).at(-1)).to.equal("settled");
      expect(stage.database.done).to.deep.equal(["promote own"]);
    });

    it("brings the accounts of each newer dump, which following does not, and sets aside one that is damaged", async () => {
      link();
      stage.database.data = { loaded: OLDER, replication: { state: "following" } };
      stage.dumps.add(DUMP);
      await live();
      stage.database.failure = new LoadError("definitions are damaged", { permanent: true });
      for (let run = 1; run <= 3; run++) {
        expect((await rejection(stage.run())).message).to.equal("definitions are damaged");
      }
      expect((await stage.run())?.status).to.equal("settled");
      expect((await stage.state()).setAside).to.have.lengthOf(1);
      stage.database.failure = undefined;
      stage.dumps.add("20261122T021500Z");
      expect(await stage.statuses()).to.deep.equal(["acting", "settled"]);
      expect((await stage.state()).data).to.include({ loaded: OLDER, accounts: "20261122T021500Z" });
    });

    it("gives up by name only, and keeps what a promotion came to for as long as there is no other", async () => {
      stage.database.data = { loaded: DUMP, replication: { state: "broken" } };
      stage.database.promoted = {
        ...{ gtid: "u:1-5", lastHeartbeat: "2026-11-21T10:00:00.000Z", unapplied: "u:6-8", events: ["shop.nightly"] },
      };
      await stage.plan("promoted", { own: true, givenUp: "u:6" });
      expect((await stage.run())?.detail).to.equal(
        "promoted the server: what is written to it counts; the primary's last sign of life in it is of " +
          "2026-11-21T10:00:00.000Z; 3 received transactions are not in it (u:6-8); events that run here from now on: " +
          "shop.nightly",
      );
      await stage.run();
      expect(stage.database.done).to.deep.equal(["promote own, u:6 given up"]);
      const { promoted, status } = await stage.state();
      expect(status).to.equal("settled");
      expect(promoted).to.deep.include({
        ...{ lastHeartbeat: "2026-11-21T10:00:00.000Z", unapplied: "u:6-8", events: ["shop.nightly"] },
      });
    });

    it("locks the primary out when it is promoted for good, and not in a drill", async () => {
      link();
      const follows = { loaded: DUMP, replication: { state: "following" as const } };
      stage.database.data = follows;
      await stage.plan("promoted", { own: false, primarySecretId: primary });
      await stage.run();
      stage.database.data = follows;
      await stage.plan("promoted", { own: true, primarySecretId: primary });
      await stage.run();
      expect(stage.database.done).to.deep.equal(["promote lent", "promote own, db.example.com locked out"]);
    });
  });
});
