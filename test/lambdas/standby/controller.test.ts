import { expect } from "chai";
import { control } from "../../../lambdas/standby/controller.ts";
import { DatabaseServers } from "../../../lambdas/standby/database-servers.ts";
import { STATE_BLOB } from "../../../lambdas/standby/state-document.ts";
import { MANAGEMENT_AUDIENCE } from "../../../rehearsal/azure/resource-manager-endpoint.ts";
import { useControllerStage } from "../../support/controller-stage.ts";
import { rejection } from "../../support/rejection.ts";

const DUMP = "20261121T021500Z";

// The whole way: the local Resource Manager over HTTPS, with tokens and rights, and a real blob store.
describe("the standby controller", () => {
  const stage = useControllerStage();

  it("starts a stopped server, waits for it, and is content", async () => {
    stage.power.slowness = 300;
    await stage.plan("running");
    const found = await stage.statuses(100);
    expect([...new Set(found)]).to.deep.equal(["acting", "waiting", "settled"]);
    expect(stage.power.orders).to.deep.equal(["start shop"]);
    const end = await stage.state();
    expect(end.seen).to.deep.equal({ state: "Ready", replicationRole: "None" });
    expect(end.planned?.database?.target).to.equal("running");
    expect(end.done?.action).to.equal("start");
  });

  it("stops a server that is to be stopped, also one that came back by itself", async () => {
    stage.serve("Ready");
    await stage.plan("stopped");
    expect(await stage.statuses()).to.deep.equal(["acting", "settled"]);
    stage.power.set(stage.serverId, "Ready");
    expect(await stage.statuses()).to.deep.equal(["acting", "settled"]);
    expect(stage.power.orders).to.deep.equal(["stop shop", "stop shop"]);
  });

  it("does nothing where nothing is to be done, however often it runs", async () => {
    stage.serve("Ready");
    await stage.plan("running");
    for (let run = 1; run <= 3; run++) {
      expect(await stage.run()).to.include({ status: "settled", attempt: run });
    }
    expect(stage.flaky.requests)
      .to.have.lengthOf(3)
      .and.to.satisfy((all: string[]) => all.every((one) => /^GET /.test(one)));
  });

  it("starts a server that is to be promoted, has it take writes, and does no more to it", async () => {
    await stage.plan("promoted", { own: true });
    expect(await stage.statuses()).to.deep.equal(["acting", "acting", "settled"]);
    expect(stage.power.orders).to.deep.equal(["start shop"]);
    expect(stage.database.done).to.deep.equal(["promote own"]);
    expect(stage.flaky.requests.filter((one) => !one.startsWith("GET "))).to.have.lengthOf(1);
    expect(stage.database.login).to.include({ host: "shop.mysql.database.azure.com", port: 3306, username: "dbadmin" });
  });

  it("says that it waits for a dump where the data has to be loaded first", async () => {
    await stage.plan("promoted", { own: true, restore: true });
    expect((await stage.statuses()).at(-1)).to.equal("waiting-for-dump");
    expect(stage.power.orders).to.deep.equal(["start shop"]);
    stage.dumps.add(DUMP);
    expect((await stage.statuses()).at(-1)).to.equal("settled");
    expect(stage.database.done).to.deep.equal([`load ${DUMP}`, "promote own"]);
  });

  it("leaves the servers alone when the plan has none", async () => {
    await stage.write('{"version":2}');
    expect(await stage.statuses()).to.deep.equal(["settled"]);
    expect(stage.flaky.requests).to.be.empty;
  });

  it("follows the newest plan, in the middle of an older one too", async () => {
    stage.power.slowness = 200;
    stage.serve("Ready");
    await stage.plan("stopped");
    await stage.run();
    await stage.plan("running");
    expect((await stage.statuses(100)).at(-1)).to.equal("settled");
    expect(stage.power.orders).to.deep.equal(["stop shop", "start shop"]);
    expect(stage.power.state(stage.serverId)).to.equal("Ready");
  });

  describe("with a plan that it cannot read", () => {
    it("fails, says so in the state and does nothing; a mended plan is followed", async () => {
      await stage.write('{"version": 2, "database": {"target": "off"}}');
      const { message } = await rejection(stage.run());
      expect(message)
        .to.match(/serverId/)
        .and.to.match(/target/)
        .and.to.match(/restore/);
      await rejection(stage.run());
      expect(await stage.state()).to.include({ status: "failed", detail: message, attempt: 2 });
      expect(await stage.state()).not.to.have.property("planned");
      expect(stage.flaky.requests).to.be.empty;
      await stage.plan("running");
      expect((await stage.statuses()).at(-1)).to.equal("settled");
      expect((await stage.state()).lastError?.message).to.equal(message);
    });

    it("fails the same way when there is none yet", async () => {
      const { message } = await rejection(stage.run());
      expect(message).to.match(
        /expected the plan plan\.json in https:.*, found none; `pulumi up --stack dr` writes it/,
      );
      expect(await stage.state()).to.include({ status: "failed" });
    });
  });

  it("tells of a server that is not there", async () => {
    stage.azure.local.resources.delete(stage.serverId);
    await stage.plan("running");
    expect((await rejection(stage.run())).message).to.equal(`expected the server ${stage.serverId}, found none`);
  });

  it("tells of a server that Azure will not stop", async () => {
    stage.serve("Ready", "Replica");
    await stage.plan("stopped");
    expect((await rejection(stage.run())).message).to.match(/a Replica, and Azure stops none/);
    expect(stage.power.orders).to.be.empty;
  });

  it("tells of rights that it lacks", async () => {
    const stranger = new DatabaseServers(
      stage.azure.credential(crypto.randomUUID(), MANAGEMENT_AUDIENCE),
      stage.flaky.url,
    );
    await stage.plan("running");
    const { message } = await rejection(control({ ...stage.standby, servers: stranger }));
    expect(message).to.match(/403.*AuthorizationFailed.*flexibleservers\/read/);
    expect(await stage.state()).to.include({ status: "failed", detail: message });
  });

  it("starts again what did not come up", async () => {
    stage.power.failure = new Error("no host has room");
    await stage.plan("running");
    await stage.run();
    stage.power.failure = undefined;
    expect((await stage.statuses()).at(-1)).to.equal("settled");
    expect(stage.power.orders).to.deep.equal(["start shop", "start shop"]);
  });

  describe("when Azure's API is in trouble", () => {
    it("gets over being throttled once, and an error or two", async () => {
      await stage.plan("running");
      stage.flaky.faults.push({ status: 429, headers: { "retry-after": "1" } }, { status: 500 }, { status: 503 });
      expect(await stage.run()).to.include({ status: "acting" });
      expect(stage.power.orders).to.deep.equal(["start shop"]);
    });

    it("fails and says so when it goes on, and comes back when it is over", async () => {
      await stage.plan("running");
      stage.flaky.always = { status: 500, body: "the backend is away" };
      const { message } = await rejection(stage.run());
      expect(message).to.match(/^GET .* was answered with 500: the backend is away$/);
      expect(await stage.state()).to.include({ status: "failed", detail: message });
      stage.flaky.always = undefined;
      expect((await stage.statuses()).at(-1)).to.equal("settled");
    });

    it("takes no answer that it does not understand for a server", async () => {
      await stage.plan("stopped");
      stage.flaky.faults.push({ status: 200, body: '{"properties":{}}' });
      expect((await rejection(stage.run())).message).to.match(/expected a server, found \{.*state/s);
      stage.flaky.faults.push({ status: 200, body: "<html>" });
      expect((await rejection(stage.run())).message).to.match(/expected JSON, found <html>/);
      expect(stage.power.orders).to.be.empty;
    });

    it("ends in time when it is told to wait for long", async () => {
      await stage.plan("running");
      stage.flaky.always = { status: 429, headers: { "retry-after": "300" } };
      const { message } = await rejection(stage.run({ step: 700 }));
      expect(message).to.match(/no good answer in time; Azure throttles/);
      expect(await stage.state()).to.include({ status: "failed", detail: message });
    });
  });

  describe("beside others of its kind", () => {
    it("acts once, however many run at once", async () => {
      stage.power.slowness = 2000;
      await stage.plan("running");
      const runs = await Promise.all(Array.from({ length: 8 }, () => stage.run()));
      expect(runs.filter((run) => run?.status === "acting")).to.have.lengthOf(1);
      expect(stage.power.orders).to.deep.equal(["start shop"]);
      // Each run left the state whole.
      expect((await stage.state()).planned?.database?.target).to.equal("running");
    });

    it("keeps away while another run holds the state, and goes on when that one is dead", async () => {
      await stage.plan("running");
      await stage.container.getBlockBlobClient(STATE_BLOB).upload("", 0);
      // What a run leaves behind that was killed: a lease that nobody gives back.
      const lease = stage.container.getBlobClient(STATE_BLOB).getBlobLeaseClient();
      await lease.acquireLease(15);
      expect(await stage.run()).to.equal(undefined);
      expect(stage.power.orders).to.be.empty;
      // Ends at once, as it would by itself in a while.
      await lease.breakLease(0);
      expect(await stage.run()).to.include({ status: "acting" });
    });
  });

  it("minds no spoilt state: it is a report, and written anew", async () => {
    await stage.plan("running");
    await stage.container.getBlockBlobClient(STATE_BLOB).upload("{spoilt", 7);
    expect(await stage.run()).to.include({ status: "acting", attempt: 1 });
    expect(await stage.state()).to.include({ status: "acting" });
  });
});
