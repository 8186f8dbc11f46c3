import { expect } from "chai";
import { LIMITS } from "../../../lambdas/standby/controller.ts";
import { STATE_BLOB } from "../../../lambdas/standby/state-document.ts";
import { useControllerStage } from "../../support/controller-stage.ts";
import { rejection } from "../../support/rejection.ts";
import { until } from "../../support/until.ts";

const DUMP = "20261121T021500Z";
const OLDER = "20261120T021500Z";

/** As many steps as it takes. */
const WHOLE = { chain: LIMITS.chain };

describe("a run of the standby controller", () => {
  const stage = useControllerStage();
  const seen = async () => (await stage.state().catch(() => undefined))?.status;

  it("goes the whole way in a disaster: starts the server, waits until it is ready, and promotes it", async () => {
    stage.power.slowness = 300;
    await stage.plan("promoted", { own: true });
    const run = stage.run(WHOLE);
    await until(async () => (await seen()) === "waiting", "the wait is told while it goes on");
    expect(await run).to.include({ status: "settled" });
    expect(stage.power.orders).to.deep.equal(["start shop"]);
    expect(stage.database.done).to.deep.equal(["promote own"]);
    expect(await stage.state()).to.deep.nested.include({ status: "settled", "done.action": "promote", attempt: 1 });
  });

  it("loads a night's dump from the start of the server to its stop", async () => {
    stage.dumps.add(DUMP);
    await stage.plan("stopped", { follows: "dumps" });
    expect(await stage.run(WHOLE)).to.include({ status: "settled" });
    expect(stage.power.orders).to.deep.equal(["start shop", "stop shop"]);
    expect(stage.database.done).to.deep.equal([`load ${DUMP}`]);
  });

  it("tells once how it ended", async () => {
    const told: string[] = [];
    stage.standby.tell = ({ status }) => told.push(status);
    await stage.plan("promoted", { own: true });
    await stage.run(WHOLE);
    stage.database.failure = new Error("the connection was cut");
    stage.dumps.add(DUMP);
    await stage.plan("promoted", { own: true, restore: true });
    stage.database.data = {};
    await rejection(stage.run(WHOLE));
    expect(told).to.deep.equal(["settled", "failed"]);
  });

  it("keeps others away for as long as it waits, and takes no step but by its time", async () => {
    stage.power.slowness = 1000;
    await stage.plan("running");
    const run = stage.run({ chain: 200 });
    await until(async () => (await seen()) === "acting", "the first step");
    expect(await stage.run()).to.equal(undefined);
    expect(await run).to.include({ status: "waiting" });
    expect(await stage.run(WHOLE)).to.include({ status: "settled" });
    expect(stage.power.orders).to.deep.equal(["start shop"]);
  });

  it("looks at the plan before each step, and while it waits", async () => {
    stage.power.slowness = 300;
    await stage.plan("running");
    const run = stage.run(WHOLE);
    await until(async () => (await seen()) === "waiting", "the wait");
    await stage.plan("stopped");
    expect(await run).to.deep.nested.include({ status: "settled", "planned.database.target": "stopped" });
    expect(stage.power.orders).to.deep.equal(["start shop", "stop shop"]);
  });

  it("gives a load up for a disaster, and promotes at once", async () => {
    stage.serve("Ready");
    stage.dumps.add(DUMP, { chunks: 100 });
    stage.database.data = { loaded: OLDER };
    stage.database.slowness = 50;
    await stage.plan("stopped", { follows: "dumps" });
    const run = stage.run({ ...WHOLE, pause: 40 });
    await until(async () => stage.database.done.length > 0, "the load");
    await stage.plan("promoted", { own: true });
    expect(await run).to.include({ status: "settled" });
    expect(stage.database.done).to.deep.equal([`load ${DUMP}`, "promote own"]);
    expect(await stage.state()).not.to.have.property("loading");
  });

  it("takes no step twice: what did not come up is started again by the next one", async () => {
    stage.power.failure = new Error("no host has room");
    await stage.plan("running");
    expect(await stage.run(WHOLE)).to.include({ status: "acting" });
    expect(stage.power.orders).to.deep.equal(["start shop"]);
    stage.power.failure = undefined;
    expect(await stage.run(WHOLE)).to.include({ status: "settled" });
    expect(stage.power.orders).to.deep.equal(["start shop", "start shop"]);
  });

  it("ends at a failure, with what was done before it", async () => {
    stage.database.failure = new Error("the connection was cut");
    stage.dumps.add(DUMP);
    await stage.plan("promoted", { own: true, restore: true });
    expect((await rejection(stage.run(WHOLE))).message).to.equal("the connection was cut");
    expect(await stage.state()).to.deep.nested.include({ status: "failed", "done.action": "start" });
  });

  it("does not wait for what people have to do", async () => {
    stage.serve("Ready");
    stage.dumps.add(DUMP);
    await stage.plan("running", { follows: "primary" });
    const { status, detail } = (await stage.run(WHOLE)) ?? {};
    expect(status).to.equal("waiting");
    expect(detail).to.match(/`pulumi up --stack link` has to say/);
  });

  it("does not wait for a dump either", async () => {
    await stage.plan("promoted", { own: true, restore: true });
    expect(await stage.run(WHOLE)).to.include({ status: "waiting-for-dump" });
  });

  describe("that finds the lease of one that was killed", () => {
    const left = async () => {
      await stage.container.getBlockBlobClient(STATE_BLOB).upload("", 0);
      const lease = stage.container.getBlobClient(STATE_BLOB).getBlobLeaseClient();
      await lease.acquireLease(15);
      return lease;
    };

    it("waits for its end where the app was just started, and goes on", async () => {
      await stage.plan("running");
      const lease = await left();
      const run = stage.run({ ...WHOLE, patience: 10_000 });
      setTimeout(() => void lease.breakLease(0), 500);
      expect(await run).to.include({ status: "settled" });
    });

    it("gives up where that run turns out to be alive", async () => {
      await stage.plan("running");
      await left();
      expect(await stage.run({ ...WHOLE, patience: 500 })).to.equal(undefined);
      expect(stage.power.orders).to.be.empty;
    });
  });
});
