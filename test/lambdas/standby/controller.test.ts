import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import { control } from "../../../lambdas/standby/controller.ts";
import { DatabaseServers } from "../../../lambdas/standby/database-servers.ts";
import { PLAN_BLOB, type PlanDocument } from "../../../lambdas/standby/plan-document.ts";
import { readState, STATE_BLOB, type StateDocument } from "../../../lambdas/standby/state-document.ts";
import { MANAGEMENT_AUDIENCE } from "../../../rehearsal/azure/resource-manager-endpoint.ts";
import { Flaky } from "../../support/flaky.ts";
import { ROLE, useLocalAzure } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";
import { SteeredServers } from "../../support/steered-servers.ts";

/** Storage Blob Data Contributor. */
const CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const SERVERS = "Microsoft.DBforMySQL/flexibleServers";

type Target = NonNullable<PlanDocument["database"]>["target"];

// The whole way: the local Resource Manager over HTTPS, with tokens and rights, and a real blob store.
describe("the standby controller", () => {
  const power = new SteeredServers();
  const azure = useLocalAzure({ power });
  const flaky = new Flaky();
  let servers: DatabaseServers;
  let container: ContainerClient;
  let serverId: string;

  before(() => flaky.start(azure.local.management.url, azure.certificate));
  after(() => flaky.close());

  beforeEach(async () => {
    Object.assign(power, { slowness: 0, failure: undefined });
    power.orders.length = 0;
    Object.assign(flaky, { always: undefined });
    flaky.requests.length = 0;
    const made = await azure.container();
    const principal = crypto.randomUUID();
    container = azure.containerAs(principal, String(made.account.properties.accountName));
    await azure.assign(principal, azure.builtInRole(CONTRIBUTOR), made.container.id);
    const scope = azure.local.resources.id(`resourceGroups/${made.group}`);
    const role = await azure.deploy(ROLE, {
      scope,
      roleName: `controller of ${made.group}`,
      assignableScopes: [scope],
      permissions: [{ actions: ["read", "start/action", "stop/action"].map((one) => `${SERVERS}/${one}`) }],
    });
    await azure.assign(principal, role.id, scope);
    servers = new DatabaseServers(azure.credential(principal, MANAGEMENT_AUDIENCE), flaky.url);
    serverId = `${scope}/providers/${SERVERS}/shop`;
    serve("Stopped");
  });

  /** Has the server stand as it is told. */
  function serve(state: "Ready" | "Stopped", replicationRole = "None"): void {
    power.set(serverId, state);
    azure.local.resources.put(serverId, { location: "westeurope", replicationRole });
  }

  async function plan(target: Target, restore = false): Promise<void> {
    await write(JSON.stringify({ version: 1, database: { serverId, target, restore } } satisfies PlanDocument));
  }

  async function write(text: string): Promise<void> {
    await container.getBlockBlobClient(PLAN_BLOB).upload(text, Buffer.byteLength(text));
  }

  async function state(): Promise<StateDocument> {
    const found = readState(String(await container.getBlobClient(STATE_BLOB).downloadToBuffer()));
    if (!found) throw new Error("the state document is none");
    return found;
  }

  /** Runs the controller until it has settled, and returns how each run ended. */
  async function statuses(most = 10): Promise<string[]> {
    const found: string[] = [];
    while (found.length < most) {
      const { status } = (await control(container, servers)) ?? { status: "busy" };
      found.push(status);
      if (status === "settled" || status === "waiting-for-dump") break;
    }
    return found;
  }

  it("starts a stopped server, waits for it, and is content", async () => {
    power.slowness = 300;
    await plan("running");
    const found = await statuses(100);
    expect([...new Set(found)]).to.deep.equal(["acting", "waiting", "settled"]);
    expect(power.orders).to.deep.equal(["start shop"]);
    const end = await state();
    expect(end.seen).to.deep.equal({ state: "Ready", replicationRole: "None" });
    expect(end.planned?.database?.target).to.equal("running");
    expect(end.done?.action).to.equal("start");
  });

  it("stops a server that is to be stopped, also one that came back by itself", async () => {
    serve("Ready");
    await plan("stopped");
    expect(await statuses()).to.deep.equal(["acting", "settled"]);
    power.set(serverId, "Ready");
    expect(await statuses()).to.deep.equal(["acting", "settled"]);
    expect(power.orders).to.deep.equal(["stop shop", "stop shop"]);
  });

  it("does nothing where nothing is to be done, however often it runs", async () => {
    serve("Ready");
    await plan("promoted");
    for (let run = 1; run <= 3; run++) {
      expect(await control(container, servers)).to.include({ status: "settled", attempt: run });
    }
    expect(flaky.requests)
      .to.have.lengthOf(3)
      .and.to.satisfy((all: string[]) => all.every((one) => /^GET /.test(one)));
  });

  it("starts a server that is to be promoted, and does no more to it", async () => {
    await plan("promoted");
    expect(await statuses()).to.deep.equal(["acting", "settled"]);
    expect(power.orders).to.deep.equal(["start shop"]);
    expect(flaky.requests.filter((one) => !one.startsWith("GET "))).to.have.lengthOf(1);
  });

  it("says that it waits for a dump where the data has to be loaded first", async () => {
    await plan("promoted", true);
    expect((await statuses()).at(-1)).to.equal("waiting-for-dump");
    expect(power.orders).to.deep.equal(["start shop"]);
  });

  it("leaves the servers alone when the plan has none", async () => {
    await write('{"version":1}');
    expect(await statuses()).to.deep.equal(["settled"]);
    expect(flaky.requests).to.be.empty;
  });

  it("follows the newest plan, in the middle of an older one too", async () => {
    power.slowness = 200;
    serve("Ready");
    await plan("stopped");
    await control(container, servers);
    await plan("promoted");
    expect((await statuses(100)).at(-1)).to.equal("settled");
    expect(power.orders).to.deep.equal(["stop shop", "start shop"]);
    expect(power.state(serverId)).to.equal("Ready");
  });

  describe("with a plan that it cannot read", () => {
    it("fails, says so in the state and does nothing; a mended plan is followed", async () => {
      await write('{"version": 1, "database": {"target": "off"}}');
      const { message } = await rejection(control(container, servers));
      expect(message)
        .to.match(/serverId/)
        .and.to.match(/target/)
        .and.to.match(/restore/);
      await rejection(control(container, servers));
      expect(await state()).to.include({ status: "failed", detail: message, attempt: 2 });
      expect(await state()).not.to.have.property("planned");
      expect(flaky.requests).to.be.empty;
      await plan("running");
      expect((await statuses()).at(-1)).to.equal("settled");
      expect((await state()).lastError?.message).to.equal(message);
    });

    it("fails the same way when there is none yet", async () => {
      const { message } = await rejection(control(container, servers));
      expect(message).to.match(
        /expected the plan plan\.json in https:.*, found none; `pulumi up --stack dr` writes it/,
      );
      expect(await state()).to.include({ status: "failed" });
    });
  });

  it("tells of a server that is not there", async () => {
    azure.local.resources.delete(serverId);
    await plan("running");
    expect((await rejection(control(container, servers))).message).to.equal(
      `expected the server ${serverId}, found none`,
    );
  });

  it("tells of a server that Azure will not stop", async () => {
    serve("Ready", "Replica");
    await plan("stopped");
    expect((await rejection(control(container, servers))).message).to.match(/a Replica, and Azure stops none/);
    expect(power.orders).to.be.empty;
  });

  it("tells of rights that it lacks", async () => {
    const stranger = new DatabaseServers(azure.credential(crypto.randomUUID(), MANAGEMENT_AUDIENCE), flaky.url);
    await plan("running");
    const { message } = await rejection(control(container, stranger));
    expect(message).to.match(/403.*AuthorizationFailed.*flexibleservers\/read/);
    expect(await state()).to.include({ status: "failed", detail: message });
  });

  it("starts again what did not come up", async () => {
    power.failure = new Error("no host has room");
    await plan("running");
    await control(container, servers);
    power.failure = undefined;
    expect((await statuses()).at(-1)).to.equal("settled");
    expect(power.orders).to.deep.equal(["start shop", "start shop"]);
  });

  describe("when Azure's API is in trouble", () => {
    it("gets over being throttled once, and an error or two", async () => {
      await plan("running");
      flaky.faults.push({ status: 429, headers: { "retry-after": "1" } }, { status: 500 }, { status: 503 });
      expect(await control(container, servers)).to.include({ status: "acting" });
      expect(power.orders).to.deep.equal(["start shop"]);
    });

    it("fails and says so when it goes on, and comes back when it is over", async () => {
      await plan("running");
      flaky.always = { status: 500, body: "the backend is away" };
      const { message } = await rejection(control(container, servers));
      expect(message).to.match(/^GET .* was answered with 500: the backend is away$/);
      expect(await state()).to.include({ status: "failed", detail: message });
      flaky.always = undefined;
      expect((await statuses()).at(-1)).to.equal("settled");
    });

    it("takes no answer that it does not understand for a server", async () => {
      await plan("stopped");
      flaky.faults.push({ status: 200, body: '{"properties":{}}' });
      expect((await rejection(control(container, servers))).message).to.match(/expected a server, found \{.*state/s);
      flaky.faults.push({ status: 200, body: "<html>" });
      expect((await rejection(control(container, servers))).message).to.match(/expected a server, found <html>/);
      expect(power.orders).to.be.empty;
    });

    it("ends in time when it is told to wait for long", async () => {
      await plan("running");
      flaky.always = { status: 429, headers: { "retry-after": "300" } };
      const { message } = await rejection(control(container, servers, AbortSignal.timeout(700)));
      expect(message).to.match(/no good answer in time; Azure throttles/);
      expect(await state()).to.include({ status: "failed", detail: message });
    });
  });

  describe("beside others of its kind", () => {
    it("acts once, however many run at once", async () => {
      power.slowness = 2000;
      await plan("running");
      const runs = await Promise.all(Array.from({ length: 8 }, () => control(container, servers)));
      expect(runs.filter((run) => run?.status === "acting")).to.have.lengthOf(1);
      expect(power.orders).to.deep.equal(["start shop"]);
      // Each run left the state whole.
      expect((await state()).planned?.database?.target).to.equal("running");
    });

    it("keeps away while another run holds the state, and goes on when that one is dead", async () => {
      await plan("running");
      await container.getBlockBlobClient(STATE_BLOB).upload("", 0);
      // What a run leaves behind that was killed: a lease that nobody gives back.
      const lease = container.getBlobClient(STATE_BLOB).getBlobLeaseClient();
      await lease.acquireLease(15);
      expect(await control(container, servers)).to.equal(undefined);
      expect(power.orders).to.be.empty;
      // Ends at once, as it would by itself in a while.
      await lease.breakLease(0);
      expect(await control(container, servers)).to.include({ status: "acting" });
    });
  });

  it("minds no spoilt state: it is a report, and written anew", async () => {
    await plan("running");
    await container.getBlockBlobClient(STATE_BLOB).upload("{spoilt", 7);
    expect(await control(container, servers)).to.include({ status: "acting", attempt: 1 });
    expect(await state()).to.include({ status: "acting" });
  });
});
