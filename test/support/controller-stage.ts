import type { ContainerClient } from "@azure/storage-blob";
import { CompleteDumps } from "../../lambdas/standby/complete-dumps.ts";
import { control, type Limits } from "../../lambdas/standby/controller.ts";
import { DatabaseServers } from "../../lambdas/standby/database-servers.ts";
import { PLAN_BLOB } from "../../lambdas/standby/plan-document.ts";
import type { Standby } from "../../lambdas/standby/reality.ts";
import { readState, STATE_BLOB, type StateDocument } from "../../lambdas/standby/state-document.ts";
import { MANAGEMENT_AUDIENCE } from "../../rehearsal/azure/resource-manager-endpoint.ts";
import { FakeDatabase } from "./fake-database.ts";
import { Flaky } from "./flaky.ts";
import { ROLE, type TestAzure, useLocalAzure } from "./local-azure.ts";
import { MemoryDumps } from "./memory-dumps.ts";
import { type Planned, planned } from "./standby-plans.ts";
import { SteeredServers } from "./steered-servers.ts";

/** Storage Blob Data Contributor. */
const CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const SERVERS = "Microsoft.DBforMySQL/flexibleServers";

/**
 * The standby of one test, for the controller to work on: the local Resource Manager over HTTPS, with tokens and rights,
 * and a real blob store; the inside of MySQL, the dumps and the secrets are as the test says.
 */
export class ControllerStage {
  readonly power = new SteeredServers();
  readonly flaky = new Flaky();
  readonly azure: TestAzure;
  servers!: DatabaseServers;
  container!: ContainerClient;
  serverId = "";
  standby!: Standby;
  database!: FakeDatabase;
  dumps!: MemoryDumps;
  secrets!: Map<string, string>;

  constructor() {
    this.azure = useLocalAzure({ power: this.power });
  }

  async start(): Promise<void> {
    await this.flaky.start(this.azure.local.management.url, this.azure.certificate);
  }

  /** Makes a server that is stopped, and all around it. */
  async prepare(): Promise<void> {
    const { azure, flaky, power } = this;
    Object.assign(power, { slowness: 0, failure: undefined });
    power.orders.length = 0;
    Object.assign(flaky, { always: undefined });
    flaky.requests.length = 0;
    const made = await azure.container();
    const principal = crypto.randomUUID();
    this.container = azure.containerAs(principal, String(made.account.properties.accountName));
    await azure.assign(principal, azure.builtInRole(CONTRIBUTOR), made.container.id);
    const scope = azure.local.resources.id(`resourceGroups/${made.group}`);
    const role = await azure.deploy(ROLE, {
      scope,
      roleName: `controller of ${made.group}`,
      assignableScopes: [scope],
      permissions: [{ actions: ["read", "start/action", "stop/action"].map((one) => `${SERVERS}/${one}`) }],
    });
    await azure.assign(principal, role.id, scope);
    this.servers = new DatabaseServers(azure.credential(principal, MANAGEMENT_AUDIENCE), flaky.url);
    this.serverId = `${scope}/providers/${SERVERS}/shop`;
    this.serve("Stopped");
    this.database = new FakeDatabase();
    this.dumps = new MemoryDumps();
    this.secrets = new Map([[String(planned().database?.secretId), '{"username":"dbadmin","password":"p"}']]);
    this.standby = {
      ...{ container: this.container, servers: this.servers, database: this.database },
      dumps: new CompleteDumps(this.dumps, () => new Date("2026-11-22T12:00:00Z")),
      secrets: { read: async (id) => this.secrets.get(id) },
      tell: () => {},
    };
  }

  /** Has the server stand as it is told. */
  serve(state: "Ready" | "Stopped", replicationRole = "None"): void {
    this.power.set(this.serverId, state);
    this.azure.local.resources.put(this.serverId, { location: "westeurope", replicationRole });
  }

  async plan(target: Planned["target"], changes: Partial<Planned> = {}): Promise<void> {
    await this.write(JSON.stringify(planned({ serverId: this.serverId, target, ...changes })));
  }

  async write(text: string, name = PLAN_BLOB): Promise<void> {
    await this.container.getBlockBlobClient(name).upload(text, Buffer.byteLength(text));
  }

  async state(): Promise<StateDocument> {
    const found = readState(String(await this.container.getBlobClient(STATE_BLOB).downloadToBuffer()));
    if (!found) throw new Error("the state document is none");
    return found;
  }

  /** Runs the controller until it has settled, and returns how each run ended. */
  async statuses(most = 10, limits: Partial<Limits> = {}): Promise<string[]> {
    const found: string[] = [];
    while (found.length < most) {
      const { status } = (await control(this.standby, limits)) ?? { status: "busy" };
      found.push(status);
      if (status === "settled" || status === "waiting-for-dump") break;
    }
    return found;
  }
}

/** A stage for each test of a suite. */
export function useControllerStage(): ControllerStage {
  const stage = new ControllerStage();
  before(() => stage.start());
  beforeEach(() => stage.prepare());
  after(() => stage.flaky.close());
  return stage;
}
