import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { buildSync } from "esbuild";
import { zipSync } from "fflate";
import { bundleFile } from "../../../../components/function-bundle.ts";
import { APP_FILES } from "../../../../lambdas/standby/app-files.ts";
import { readState, type StateDocument } from "../../../../lambdas/standby/state-document.ts";
import type { FunctionApp } from "../../../../rehearsal/azure/functions/function-app.ts";
import { ROOT } from "../../../../rehearsal/project.ts";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import { Flaky } from "../../../support/flaky.ts";
import { CONTAINER, type Deployed, hostStorage, IDENTITY, ROLE, useLocalAzure } from "../../../support/local-azure.ts";
import { rejection } from "../../../support/rejection.ts";
import { planned } from "../../../support/standby-plans.ts";
import { SteeredServers } from "../../../support/steered-servers.ts";

const PLAN = "azure-native:web:AppServicePlan";
const APP = "azure-native:web:WebApp";
const SETTINGS = "azure-native:web:WebAppApplicationSettings";
const SERVERS = "Microsoft.DBforMySQL/flexibleServers";
const BLOB_DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";

/** A package of a few lines that have `app` of the library. */
function packageOf(lines: string, files = APP_FILES): Uint8Array {
  const { outputFiles } = buildSync({
    stdin: { contents: `import { app } from "@azure/functions";\n${lines}`, resolveDir: ROOT },
    bundle: true,
    platform: "node",
    external: ["@azure/functions-core"],
    format: "cjs",
    write: false,
  });
  return zipped({ ...files, "index.js": outputFiles[0]?.text ?? "" });
}

function zipped(files: Record<string, string>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])));
}

describe("the local Functions host", () => {
  const power = new SteeredServers();
  const azure = useLocalAzure({ power });
  const flaky = new Flaky();
  let resourceGroupName: string;
  let accountName: string;
  let identity: Deployed;
  let app: Deployed | undefined;
  let settings: Deployed | undefined;

  before(() => flaky.start(azure.local.management.url, azure.certificate));
  after(() => flaky.close());

  beforeEach(async () => {
    app = undefined;
    const made = await azure.container();
    resourceGroupName = made.group;
    accountName = String(made.account.properties.accountName);
    for (const containerName of ["control", "packages", "website"]) {
      await azure.deploy(CONTAINER, { resourceGroupName, accountName, containerName });
    }
    identity = await azure.deploy(IDENTITY, { resourceGroupName, resourceName: "controller" });
    await azure.assign(
      String(identity.properties.principalId),
      azure.builtInRole(BLOB_DATA_CONTRIBUTOR),
      made.account.id,
    );
  });

  afterEach(() => app?.delete());

  /** The inputs of an app. */
  async function inputs(): Promise<Properties> {
    const plan = await azure.deploy(PLAN, { resourceGroupName, sku: { name: "FC1" }, reserved: true });
    return {
      resourceGroupName,
      kind: "functionapp,linux",
      serverFarmId: plan.id,
      identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
      functionAppConfig: {
        deployment: {
          storage: {
            type: "blobContainer",
            value: `${azure.local.blobs.endpointOf(accountName)}packages`,
            authentication: { type: "UserAssignedIdentity", userAssignedIdentityResourceId: identity.id },
          },
        },
        runtime: { name: "node", version: "24" },
        scaleAndConcurrency: { instanceMemoryMB: 512, maximumInstanceCount: 40 },
      },
    };
  }

  async function put(container: string, name: string, body: Uint8Array | string): Promise<void> {
    const headers = { "x-ms-blob-type": "BlockBlob" };
    (await azure.local.blobs.blob("PUT", accountName, container, name, { headers, body: Buffer.from(body) })).resume();
  }

  const upload = (zip: Uint8Array) => put("packages", "released-package.zip", zip);

  /** The inputs of the app's settings: those that are given besides its host's. */
  function settingsOf(more: Record<string, string>): Properties {
    const properties = { ...hostStorage(accountName, identity), ...more };
    return { resourceGroupName, name: app?.properties.name, properties };
  }

  const current = () => azure.local.functions.app(app?.id ?? "");

  async function deploy(more: Record<string, string> = {}): Promise<FunctionApp> {
    app = await azure.deploy(APP, await inputs());
    settings = await azure.deploy(SETTINGS, settingsOf(more));
    return current();
  }

  async function until<T>(what: string, look: () => Promise<T | undefined>, seconds = 20): Promise<T> {
    for (const end = performance.now() + seconds * 1000; performance.now() < end; await delay(100)) {
      const found = await look();
      if (found !== undefined) return found;
    }
    throw new Error(`${what}: not within ${seconds} s`);
  }

  async function logged(running: FunctionApp, pattern: RegExp, seconds?: number): Promise<string> {
    let log = "";
    const look = async () => {
      log = await readFile(running.logFile, "utf8").catch(() => "");
      return pattern.exec(log)?.[0];
    };
    return until(String(pattern), look, seconds).catch((error) => {
      throw new Error(`${error.message}; the log:\n${log}`);
    });
  }

  it("runs a timer by its schedule, with what the library makes of it", async () => {
    await upload(
      packageOf(`app.timer("tick", { schedule: "* * * * * *", handler: (timer, context) => {
        context.log(\`\${context.functionName} is due \${timer.scheduleStatus.next}, past due \${timer.isPastDue}\`);
      }})`),
    );
    const running = await deploy();
    await logged(running, /tick is due \d{4}-.*Z, past due false/);
    await logged(running, /(Executed 'Functions\.tick' \(Succeeded[\s\S]*){3}/);
    const log = await readFile(running.logFile, "utf8");
    const starts = [...log.matchAll(/^(\S+) information: Executing/gm)].map(([, at = ""]) => Date.parse(at));
    expect((starts[2] ?? 0) - (starts[0] ?? 0), "every second").to.be.within(1500, 2900);
  });

  it("runs nothing before it is due, unless it is to run at the start", async () => {
    const never = 'schedule: "0 0 0 1 1 *"';
    await upload(
      packageOf(`app.timer("later", { ${never}, handler: (_, context) => context.log("later ran") });
        app.timer("eager", { ${never}, runOnStartup: true, handler: (_, context) => context.log("eager ran") })`),
    );
    const running = await deploy();
    await logged(running, /eager ran/);
    expect(await readFile(running.logFile, "utf8")).not.to.include("later ran");
    // What runs at the start may be done before the host has seen that the app runs.
    await until("it takes a call", () =>
      running.wake("later").then(
        () => true,
        () => undefined,
      ),
    );
    await logged(running, /programmatically called[\s\S]*later ran/);
    expect((await rejection(running.wake("nobody"))).message).to.match(/404/);
  });

  it("waits for the package, and says so", async () => {
    const running = await deploy();
    await logged(running, /there is no released-package\.zip yet/);
    expect((await rejection(running.wake("tick"))).message).to.match(/does not run/);
    await upload(packageOf(`console.log("here at last")`));
    await logged(running, /here at last[\s\S]*No job functions found/);
  });

  it("gives the app its settings and its identity, and what the platform adds", async () => {
    await upload(packageOf("console.log(Object.keys(process.env).sort().join())"));
    const running = await deploy({ GREETING: "hello" });
    const names = (await logged(running, /^.*GREETING.*$/m)).split(",");
    expect(names).to.include.members(["GREETING", "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "RESOURCE_MANAGER_ENDPOINT"]);
    expect(names, "nothing of this process").not.to.include.members(["npm_lifecycle_event"]);
  });

  it("tells of a function that fails, and runs it again", async () => {
    await upload(
      packageOf(`app.timer("tick", { schedule: "* * * * * *", handler: () => { throw new Error("no luck") } })`),
    );
    await logged(await deploy(), /(\(Failed[^\n]*no luck[\s\S]*){2}/);
  });

  const unfit: [what: string, zip: () => Uint8Array, reason: RegExp][] = [
    ["fails as it loads", () => packageOf(`throw new Error("spoilt")`), /Error: spoilt/],
    ["names no entry", () => packageOf("", { "package.json": "{}" }), /expected `main`/],
    ["names an entry that is not there", () => zipped(APP_FILES), /Cannot find module/],
    ["is no package at all", () => Buffer.from("no zip"), /invalid zip/],
    ["has a trigger that is not there", () => packageOf(`app.http("x", { handler: () => ({}) })`), /timers only; x/],
    ["has a schedule that is none", () => packageOf(`app.timer("x", { schedule: "soon", handler() {} })`), /soon|Cron/],
  ];
  for (const [what, zip, reason] of unfit) {
    it(`says why it does not run when the app ${what}, and runs what comes after`, async () => {
      await upload(zip());
      const running = await deploy();
      await logged(running, reason);
      await upload(packageOf(`console.log("mended")`));
      await logged(running, /mended/);
    });
  }

  it("starts an app again that has died, and ends it for good when it is removed", async () => {
    await upload(packageOf(`console.log("process " + process.pid)`));
    const running = await deploy();
    const first = await until("a process", async () => running.pid);
    process.kill(first, "SIGKILL");
    const second = await until("another process", async () => (running.pid === first ? undefined : running.pid));
    await app?.delete();
    expect(() => process.kill(second, 0)).to.throw(/ESRCH/);
  });

  it("restarts an app when a setting changes, and for nothing else", async () => {
    await upload(packageOf(`console.log("color " + process.env.COLOR)`));
    const running = await deploy({ COLOR: "red" });
    await logged(running, /color red/);
    const pid = await until("a process", async () => running.pid);
    const { name, serverFarmId } = app?.properties ?? {};
    await app?.update({ ...(await inputs()), name, serverFarmId, tags: { Purpose: "standby" } });
    await settings?.update(settingsOf({ COLOR: "red" }));
    expect(current().pid).to.equal(pid);
    await settings?.update(settingsOf({ COLOR: "blue" }));
    await logged(current(), /color blue/);
  });

  describe("keeps an app from starting, and says so", () => {
    const obstacles: [what: string, more: () => Record<string, string>, reason: RegExp][] = [
      [
        "that has no storage for its host",
        () => ({ AzureWebJobsStorage__accountName: "" }),
        /expected the app setting AzureWebJobsStorage__accountName, found none/,
      ],
      [
        "whose host's storage is not there",
        () => ({ AzureWebJobsStorage__accountName: "nowhere" }),
        /__accountName is "nowhere", and there is no such storage account/,
      ],
      [
        "whose host is to sign in with a secret",
        () => ({ AzureWebJobsStorage__credential: "secret" }),
        /expected "managedidentity" as the app setting AzureWebJobsStorage__credential, found secret/,
      ],
      [
        "whose host is to be somebody else",
        () => ({ AzureWebJobsStorage__clientId: "stranger" }),
        /__clientId is "stranger", which is none of the app's identities/,
      ],
    ];
    for (const [what, more, reason] of obstacles) {
      it(`${what}; it starts when that is mended`, async () => {
        await upload(packageOf(`console.log("started at last")`));
        await logged(await deploy(more()), reason);
        expect(await readFile(current().logFile, "utf8")).not.to.include("started at last");
        await settings?.update(settingsOf({}));
        await logged(current(), /started at last/);
      });
    }

    it("whose host may not write into its storage; it starts by itself when it may", async () => {
      const { account } = await azure.container();
      const { accountName: other } = account.properties;
      await upload(packageOf(`console.log("started at last")`));
      const running = await deploy({ AzureWebJobsStorage__accountName: String(other) });
      await logged(running, /controller may not write blobs in a/);
      const role = azure.builtInRole(BLOB_DATA_CONTRIBUTOR);
      await azure.assign(String(identity.properties.principalId), role, account.id);
      await logged(running, /started at last/);
    });

    it("that has lost its settings", async () => {
      await upload(packageOf(`console.log("process " + process.pid)`));
      const running = await deploy();
      const pid = await until("a process", async () => running.pid);
      await settings?.delete();
      expect(() => process.kill(pid, 0)).to.throw(/ESRCH/);
      await logged(current(), /expected the app setting AzureWebJobsStorage__accountName/);
    });
  });

  it("goes with its resource group", async () => {
    await upload(packageOf(""));
    const running = await deploy();
    const pid = await until("a process", async () => running.pid);
    await azure.provider.delete("azure-native:resources:ResourceGroup", {
      id: azure.local.resources.id(`resourceGroups/${resourceGroupName}`),
      properties: {},
    });
    expect(() => process.kill(pid, 0)).to.throw(/ESRCH/);
  });

  describe("running the standby controller, as it is deployed", () => {
    let serverId: string;

    beforeEach(async () => {
      Object.assign(power, { slowness: 0 });
      power.orders.length = 0;
      flaky.hold = undefined;
      flaky.requests.length = 0;
      const scope = azure.local.resources.id(`resourceGroups/${resourceGroupName}`);
      serverId = `${scope}/providers/${SERVERS}/shop`;
      azure.local.resources.put(serverId, { location: "westeurope", replicationRole: "None" });
      power.set(serverId, "Stopped");
      const role = await azure.deploy(ROLE, {
        scope,
        roleName: `controller of ${resourceGroupName}`,
        assignableScopes: [scope],
        permissions: [{ actions: ["read", "start/action", "stop/action"].map((one) => `${SERVERS}/${one}`) }],
      });
      await azure.assign(String(identity.properties.principalId), role.id, scope);
      const index = await readFile(bundleFile("standby/handler.ts", { provided: ["@azure/functions-core"] }), "utf8");
      await upload(zipped({ ...APP_FILES, "index.js": index }));
    });

    async function plan(target: "stopped" | "running"): Promise<void> {
      // Follows nobody: there is no MySQL behind the server of these tests.
      await put("control", "plan.json", JSON.stringify(planned({ serverId, target })));
    }

    const environment = () => ({
      AZURE_CLIENT_ID: String(identity.properties.clientId),
      CONTROL_BLOB_ENDPOINT: azure.local.blobs.endpointOf(accountName),
      CONTROL_CONTAINER: "control",
      DUMPS_CONTAINER: `${azure.local.blobs.endpointOf(accountName)}dumps`,
      READY_CONTAINER: `${azure.local.blobs.endpointOf(accountName)}website`,
    });

    async function state(): Promise<StateDocument | undefined> {
      const reply = await azure.local.blobs.blob("GET", accountName, "control", "state.json");
      return readState(await new Response(reply as never).text());
    }

    async function settles(running: FunctionApp, target: string, seconds?: number): Promise<StateDocument> {
      const look = async () => {
        const found = await state();
        if (found?.status === "settled" && found.planned?.database?.target === target) return found;
        // Instead of the minute that passes between two runs in Azure.
        await running.wake("standby-controller").catch(() => {});
        await delay(400);
        return undefined;
      };
      return until(`the state to settle as ${target}`, look, seconds);
    }

    it("brings about the plan, with a token of its own identity and no secret", async () => {
      await plan("running");
      const running = await deploy(environment());
      const found = await settles(running, "running");
      expect(found.done?.action).to.equal("start");
      expect(power.orders).to.deep.equal(["start shop"]);
    });

    it("is awake at once when a changed setting announces a new plan", async () => {
      await plan("running");
      await settles(await deploy({ ...environment(), PLAN_DIGEST: "1" }), "running");
      await plan("stopped");
      await settings?.update(settingsOf({ ...environment(), PLAN_DIGEST: "2" }));
      await until("the order to stop", async () => power.orders.find((order) => order === "stop shop"), 10);
    });

    it("says what is missing when it is deployed without settings of its own", async () => {
      const running = await deploy();
      await logged(
        running,
        /expected the environment variables CONTROL_BLOB_ENDPOINT, CONTROL_CONTAINER, DUMPS_CONTAINER, READY_CONTAINER, AZURE_CLIENT_ID/,
      );
    });

    it("loses nothing and does nothing twice when it is killed between acting and writing that down", async () => {
      await plan("running");
      const acted = Promise.withResolvers<void>();
      flaky.hold = async (request) => {
        if (!request.startsWith("POST")) return;
        acted.resolve();
        await new Promise(() => {});
      };
      const running = await deploy({ ...environment(), RESOURCE_MANAGER_ENDPOINT: flaky.url });
      await acted.promise;
      process.kill(running.pid ?? 0, "SIGKILL");
      flaky.hold = undefined;
      expect(await state(), "nothing was written").to.equal(undefined);
      // The lease of the dead run has to end first.
      const found = await settles(running, "running", 50);
      expect(power.orders).to.deep.equal(["start shop"]);
      expect(found.seen?.state).to.equal("Ready");
      await logged(running, /another run acts/);
    });
  });
});
