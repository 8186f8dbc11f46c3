import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { STORAGE_AUDIENCE } from "../../../rehearsal/azure/blob-service.ts";
import { MANAGEMENT_AUDIENCE } from "../../../rehearsal/azure/resource-manager-endpoint.ts";
import { ACCOUNT, ORDINARY_ACCOUNT, ROLE, useLocalAzure } from "../../support/local-azure.ts";
import { SteeredServers } from "../../support/steered-servers.ts";
import { until } from "../../support/until.ts";

const SERVERS = "Microsoft.DBforMySQL/flexibleServers";
const OPERATIONS = "Microsoft.DBforMySQL/locations";

describe("the local Resource Manager's API", () => {
  const power = new SteeredServers();
  const azure = useLocalAzure({ power });
  let scope: string;
  let serverId: string;
  let principal: string;

  beforeEach(async () => {
    Object.assign(power, { slowness: 0, failure: undefined });
    const group = await azure.group();
    scope = azure.local.resources.id(`resourceGroups/${group}`);
    serverId = `${scope}/providers/${SERVERS}/shop`;
    principal = crypto.randomUUID();
    azure.local.resources.put(serverId, {
      resourceGroupName: group,
      azureApiVersion: "",
      location: "westeurope",
      tags: { Purpose: "standby" },
      replicationRole: "None",
    });
    power.set(serverId, "Stopped");
  });

  /** Gives the caller rights; without any they may do nothing. */
  async function allow(...actions: string[]): Promise<void> {
    const roleName = `role of ${crypto.randomUUID()}`;
    const subscription = azure.local.resources.id("").slice(0, -1);
    const permissions = [{ actions }];
    const role = await azure.deploy(ROLE, { scope, roleName, assignableScopes: [subscription], permissions });
    await azure.assign(principal, role.id, subscription);
  }

  interface Asked {
    method?: string;
    version?: string;
    audience?: string;
    body?: string;
    token?: string;
  }

  async function ask(path: string, { method = "GET", version = "2023-12-30", body, ...asked }: Asked = {}) {
    const token = asked.token ?? (await azure.local.authority.issue(principal, asked.audience ?? MANAGEMENT_AUDIENCE));
    const url = new URL(path, azure.local.management.url);
    if (version) url.searchParams.set("api-version", version);
    const response = await fetch(url, { method, body, headers: { authorization: `Bearer ${token}` } });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  }

  it("shows a resource as Azure does: what is its own in `properties`, what all have beside it", async () => {
    await allow(`${SERVERS}/read`);
    const { status, body } = await ask(serverId);
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      id: serverId,
      location: "westeurope",
      tags: { Purpose: "standby" },
      properties: { replicationRole: "None", state: "Stopped" },
    });
  });

  it("shows every type, with the rights of that type", async () => {
    const [, resourceGroupName = ""] = /resourceGroups\/(.+)$/.exec(scope) ?? [];
    const account = await azure.deploy(ACCOUNT, { resourceGroupName, accountName: "shown", ...ORDINARY_ACCOUNT });
    await allow(`${SERVERS}/read`);
    expect((await ask(account.id)).body.error.code).to.equal("AuthorizationFailed");
    await allow("Microsoft.Storage/storageAccounts/read", "Microsoft.Resources/subscriptions/resourceGroups/read");
    expect((await ask(account.id)).body).to.deep.include({ kind: "StorageV2", sku: { name: "Standard_ZRS" } });
    expect((await ask(scope)).status).to.equal(200);
  });

  const refused: [what: string, status: number, code: string, asked: Asked][] = [
    ["no token", 401, "AuthenticationFailed", { token: "" }],
    ["a token for something else", 401, "AuthenticationFailed", { audience: STORAGE_AUDIENCE }],
    ["no version of the API", 400, "MissingApiVersionParameter", { version: "" }],
    ["an order without the right to it", 403, "AuthorizationFailed", { method: "DELETE" }],
  ];
  for (const [what, status, code, asked] of refused) {
    it(`refuses ${what}: ${code}`, async () => {
      await allow(`${SERVERS}/read`);
      const answer = await ask(serverId, asked);
      expect({ status: answer.status, code: answer.body.error.code }).to.deep.equal({ status, code });
    });
  }

  it("finds nothing where nothing is, and tells nobody without rights", async () => {
    expect((await ask(`${serverId}-2`)).status).to.equal(403);
    await allow(`${SERVERS}/read`);
    expect((await ask(`${serverId}-2`)).body.error.code).to.equal("ResourceNotFound");
  });

  it("says what it does not do", async () => {
    await allow("*");
    expect((await ask(serverId, { method: "DELETE" })).status).to.equal(501);
    expect((await ask(`${serverId}/restart`, { method: "POST" })).status).to.equal(501);
    const body = '{"properties":{"replicationRole":"None"}}';
    expect((await ask(serverId, { method: "PATCH", body })).status).to.equal(501);
  });

  describe("an operation on a database server", () => {
    const LOOK = [`${SERVERS}/read`, `${OPERATIONS}/azureAsyncOperation/read`, `${OPERATIONS}/operationResults/read`];

    async function stateOf(): Promise<string> {
      return (await ask(serverId)).body.properties.state;
    }

    it("is accepted at once and goes on by itself, for all to follow", async () => {
      power.slowness = 2000;
      await allow(`${SERVERS}/start/action`, ...LOOK);
      const { status, headers } = await ask(`${serverId}/start`, { method: "POST" });
      expect(status).to.equal(202);
      expect(Number(headers.get("retry-after"))).to.be.above(0);
      const progress = headers.get("azure-asyncoperation") ?? "";
      const result = headers.get("location") ?? "";
      expect(progress).to.match(
        /\/providers\/Microsoft\.DBforMySQL\/locations\/westeurope\/azureAsyncOperation\/.+api-version=/,
      );
      expect((await ask(progress)).body).to.deep.include({ status: "InProgress" });
      expect((await ask(result)).status).to.equal(202);
      expect(await stateOf()).to.equal("Starting");
      await until(async () => (await ask(progress)).body.status === "Succeeded", "the operation has succeeded");
      expect((await ask(result)).status).to.equal(204);
      expect(await stateOf()).to.equal("Ready");
    });

    it("needs the right to exactly that", async () => {
      await allow(`${SERVERS}/start/action`, `${SERVERS}/read`);
      expect((await ask(`${serverId}/stop`, { method: "POST" })).body.error.code).to.equal("AuthorizationFailed");
      expect((await ask(serverId, { method: "PATCH", body: "{}" })).body.error.code).to.equal("AuthorizationFailed");
    });

    it("says why it failed, and leaves the server as it is", async () => {
      power.failure = new Error("no room");
      await allow(`${SERVERS}/start/action`, ...LOOK);
      const { headers } = await ask(`${serverId}/start`, { method: "POST" });
      await delay(50);
      const { status, error } = (await ask(headers.get("azure-asyncoperation") ?? "")).body;
      expect({ status, message: error.message }).to.deep.equal({ status: "Failed", message: "no room" });
      expect(await stateOf()).to.equal("Stopped");
    });

    it("is refused where the state is not the one for it, or another is under way", async () => {
      power.slowness = 2000;
      await allow(`${SERVERS}/start/action`, `${SERVERS}/stop/action`);
      const codeOf = async (action: string) =>
        (await ask(`${serverId}/${action}`, { method: "POST" })).body?.error.code;
      expect(await codeOf("stop")).to.equal("InvalidServerState");
      expect(await codeOf("start")).to.equal(undefined);
      expect(await codeOf("start")).to.equal("ServerIsBusy");
      expect(await codeOf("stop")).to.equal("ServerIsBusy");
    });

    it("stops no server of a replica configuration", async () => {
      power.set(serverId, "Ready");
      azure.local.resources.put(serverId, { replicationRole: "Replica" });
      await allow(`${SERVERS}/stop/action`);
      const { status, body } = await ask(`${serverId}/stop`, { method: "POST" });
      expect({ status, code: body.error.code }).to.deep.equal({ status: 409, code: "OperationNotAllowed" });
    });

    describe("sets a parameter", () => {
      const place = () => `${serverId}/configurations/gtid_mode`;
      const put = (value: unknown, more: Asked = {}) =>
        ask(more.method ? serverId : place(), {
          method: "PUT",
          body: JSON.stringify({ properties: { value } }),
          ...more,
        });
      beforeEach(() => {
        power.set(serverId, "Ready");
        power.parameters.set("gtid_mode", "OFF");
      });

      it("while the server is updated, and tells it as the server's own from then on", async () => {
        power.slowness = 200;
        await allow(`${SERVERS}/configurations/write`, `${SERVERS}/configurations/read`, ...LOOK);
        const shown = async () => (await ask(place())).body.properties;
        expect(await shown()).to.deep.equal({ value: "OFF", currentValue: "OFF", source: "system-default" });
        const { status, headers } = await put("OFF_PERMISSIVE");
        expect(status).to.equal(202);
        expect(await stateOf()).to.equal("Updating");
        expect((await put("OFF_PERMISSIVE")).body.error.code).to.equal("ServerIsBusy");
        await delay(300);
        expect((await ask(headers.get("azure-asyncoperation") ?? "")).body).to.include({ status: "Succeeded" });
        expect(await shown()).to.include({ value: "OFF_PERMISSIVE", source: "user-override" });
        const { properties = {} } = azure.local.resources.get(place()) ?? {};
        expect(properties).to.include({ configurationName: "gtid_mode", value: "OFF_PERMISSIVE" });
      });

      it("only for whom may do exactly that, to what there is, with a value", async () => {
        expect((await put("OFF")).body.error.code).to.equal("AuthorizationFailed");
        await allow(`${SERVERS}/configurations/write`, `${SERVERS}/configurations/read`);
        expect((await ask(serverId)).body.error.code, "the server itself is another thing").to.equal(
          "AuthorizationFailed",
        );
        const codeOf = async (path: string, asked: Asked = {}) => (await ask(path, asked)).body.error.code;
        expect(await codeOf(`${serverId}/configurations/none`)).to.equal("ServerParameterNotFound");
        expect(await codeOf(`${serverId}-2/configurations/gtid_mode`)).to.equal("ResourceNotFound");
        const body = JSON.stringify({ properties: { value: "ON" } });
        const none = await ask(`${serverId}/configurations/none`, { method: "PUT", body });
        expect({ status: none.status, code: none.body.error.code }).to.deep.equal({
          ...{ status: 400, code: "InvalidParameterValue" },
        });
        expect((await put(7)).body.error.message).to.equal("Expected a text as value, found 7.");
        expect(await codeOf(place(), { method: "PUT", body: "{" })).to.equal("InvalidRequestContent");
        power.set(serverId, "Stopped");
        expect((await put("ON")).body.error.code).to.equal("InvalidServerState");
      });
    });

    describe("resets the GTIDs", () => {
      const reset = () => ask(`${serverId}/resetGtid`, { method: "POST", body: '{"gtidSet":"u:1-5"}' });

      it("of a server that is ready, for whom may do that", async () => {
        power.set(serverId, "Ready");
        expect((await reset()).body.error.code).to.equal("AuthorizationFailed");
        await allow(`${SERVERS}/resetGtid/action`);
        expect((await reset()).status).to.equal(202);
        expect(power.orders.at(-1)).to.equal("reset to u:1-5 shop");
        await delay(20);
        power.set(serverId, "Stopped");
        expect((await reset()).body.error.code).to.equal("InvalidServerState");
      });

      it("of none with geo-redundant backup or replicas", async () => {
        power.set(serverId, "Ready");
        await allow(`${SERVERS}/resetGtid/action`);
        for (const hindrance of [{ backup: { geoRedundantBackup: "Enabled" } }, { replicationRole: "Source" }]) {
          azure.local.resources.put(serverId, hindrance);
          expect((await reset()).body.error.code).to.equal("OperationNotAllowed");
        }
      });
    });

    it("is known by its name only", async () => {
      await allow(...LOOK);
      const path = azure.local.resources.id(`providers/${OPERATIONS}/westeurope/azureAsyncOperation/none`);
      expect((await ask(path)).body.error.code).to.equal("ResourceNotFound");
    });
  });
});
