import { ContainerClient } from "@azure/storage-blob";
import { READY_FOLDER } from "../../components/standby/own-folder.ts";
import { CompleteDumps } from "../../lambdas/standby/complete-dumps.ts";
import { control, type Limits } from "../../lambdas/standby/controller.ts";
import { DatabaseServers } from "../../lambdas/standby/database-servers.ts";
import { PLAN_BLOB, type PlanDocument } from "../../lambdas/standby/plan-document.ts";
import { readyPath, SWITCHED, type Switched } from "../../lambdas/standby/ready-file.ts";
import type { Standby } from "../../lambdas/standby/reality.ts";
import { readState, STATE_BLOB, type StateDocument } from "../../lambdas/standby/state-document.ts";
import { MANAGEMENT_AUDIENCE } from "../../rehearsal/azure/resource-manager-endpoint.ts";
import { FakeDatabase } from "./fake-database.ts";
import { Flaky } from "./flaky.ts";
import { ASSIGNMENT, ROLE, type TestAzure, useLocalAzure, WEBSITE } from "./local-azure.ts";
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
  website!: ContainerClient;
  /** Where the website answers, with a slash at the end. */
  webEndpoint = "";
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
    const made = await azure.container({ allowSharedKeyAccess: true });
    const principal = crypto.randomUUID();
    const accountName = String(made.account.properties.accountName);
    this.container = azure.containerAs(principal, accountName);
    await azure.assign(principal, azure.builtInRole(CONTRIBUTOR), made.container.id);
    const scope = azure.local.resources.id(`resourceGroups/${made.group}`);
    const actions = ["read", "start/action", "stop/action"].map((one) => `${SERVERS}/${one}`);
    await this.#allow(principal, scope, { actions }, { scope });
    await azure.deploy(WEBSITE, { resourceGroupName: made.group, accountName });
    await this.#allow(
      principal,
      scope,
      { dataActions: READY_FOLDER.dataActions },
      {
        ...{
          scope: made.container.id.replace(/[^/]+$/, "$$web"),
          condition: READY_FOLDER.condition,
          conditionVersion: "2.0",
        },
      },
    );
    const website = `${azure.local.blobs.endpointOf(accountName)}$web`;
    this.website = new ContainerClient(website, azure.credential(principal), { retryOptions: { maxTries: 1 } });
    this.webEndpoint = (made.account.properties.primaryEndpoints as { web: string }).web;
    this.servers = new DatabaseServers(azure.credential(principal, MANAGEMENT_AUDIENCE), flaky.url);
    this.serverId = `${scope}/providers/${SERVERS}/shop`;
    this.serve("Stopped");
    this.database = new FakeDatabase();
    this.dumps = new MemoryDumps();
    this.secrets = new Map([[String(planned().database?.secretId), '{"username":"dbadmin","password":"p"}']]);
    this.standby = {
      ...{ container: this.container, website: this.website, servers: this.servers, database: this.database },
      dumps: new CompleteDumps(this.dumps, () => new Date("2026-11-22T12:00:00Z")),
      secrets: { read: async (id) => this.secrets.get(id) },
      tell: () => {},
    };
  }

  /** Gives a principal a role of its own. */
  async #allow(principalId: string, group: string, permission: object, assignment: object): Promise<void> {
    const role = { scope: group, roleName: crypto.randomUUID(), assignableScopes: [group], permissions: [permission] };
    const { id: roleDefinitionId } = await this.azure.deploy(ROLE, role);
    const principalType = "ServicePrincipal";
    await this.azure.deploy(ASSIGNMENT, { principalId, principalType, roleDefinitionId, ...assignment });
  }

  /** Has the server stand as it is told. */
  serve(state: "Ready" | "Stopped", replicationRole = "None"): void {
    this.power.set(this.serverId, state);
    this.azure.local.resources.put(this.serverId, { location: "westeurope", replicationRole });
  }

  /** @param ready names that are declared switched */
  async plan(target: Planned["target"], changes: Partial<Planned> = {}, ready?: PlanDocument["ready"]): Promise<void> {
    const plan = planned({ serverId: this.serverId, target, ...changes });
    await this.write(JSON.stringify({ ...plan, ...(ready && { ready }) }));
  }

  async write(text: string, name = PLAN_BLOB): Promise<void> {
    await this.container.getBlockBlobClient(name).upload(text, Buffer.byteLength(text));
  }

  /** What anybody gets who asks whether a name is ready; undefined while nothing is said. */
  async ready(name: Switched): Promise<Response | undefined> {
    const response = await fetch(`${this.webEndpoint}${readyPath(name)}`);
    return response.ok ? response : undefined;
  }

  /** Of which names it is said. */
  async readyNames(): Promise<Switched[]> {
    const said = await Promise.all(SWITCHED.map((name) => this.ready(name)));
    return SWITCHED.filter((_, index) => said[index]);
  }

  async state(): Promise<StateDocument> {
    const found = readState(String(await this.container.getBlobClient(STATE_BLOB).downloadToBuffer()));
    if (!found) throw new Error("the state document is none");
    return found;
  }

  /** One run of the controller, that takes one step, unless the test says otherwise. */
  run(limits: Partial<Limits> = {}): Promise<StateDocument | undefined> {
    return control(this.standby, { chain: 0, look: 20, ...limits });
  }

  /** Runs the controller, a step each time, until it has settled, and returns how each run ended. */
  async statuses(most = 10, limits: Partial<Limits> = {}): Promise<string[]> {
    const found: string[] = [];
    while (found.length < most) {
      const { status } = (await this.run(limits)) ?? { status: "busy" };
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
