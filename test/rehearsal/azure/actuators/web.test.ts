import { expect } from "chai";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import { CONTAINER, type Deployed, IDENTITY, NETWORK, useLocalAzure } from "../../../support/local-azure.ts";

const PLAN = "azure-native:web:AppServicePlan";
const APP = "azure-native:web:WebApp";
const SETTINGS = "azure-native:web:WebAppApplicationSettings";
const PUBLISHING = "azure-native:web:WebAppScmAllowed";

const FLEX_PLAN = { sku: { name: "FC1", tier: "FlexConsumption" }, reserved: true };

describe("the local Azure's function apps", () => {
  const azure = useLocalAzure();
  let resourceGroupName: string;
  let accountName: string;
  let plan: Deployed;
  let identity: Deployed;
  let subnet: (name: string) => string;

  before(async () => {
    const made = await azure.container();
    resourceGroupName = made.group;
    accountName = String(made.account.properties.accountName);
    await azure.deploy(CONTAINER, { resourceGroupName, accountName, containerName: "packages" });
    plan = await azure.deploy(PLAN, { resourceGroupName, name: "plan", ...FLEX_PLAN });
    identity = await azure.deploy(IDENTITY, { resourceGroupName, resourceName: "controller" });
    const network = await azure.deploy(NETWORK, {
      resourceGroupName,
      virtualNetworkName: "standby",
      addressSpace: { addressPrefixes: ["10.2.0.0/16"] },
      subnets: [
        {
          name: "functions",
          addressPrefix: "10.2.0.0/24",
          delegations: [{ name: "functions", serviceName: "Microsoft.App/environments" }],
        },
        { name: "app", addressPrefix: "10.2.1.0/24" },
      ],
    });
    subnet = (name) => `${network.id}/subnets/${name}`;
  });

  const storage = (more: Properties = {}) => ({
    type: "blobContainer",
    value: `${azure.local.blobs.endpointOf(accountName)}packages`,
    authentication: { type: "UserAssignedIdentity", userAssignedIdentityResourceId: identity.id },
    ...more,
  });

  const config = (more: Properties = {}) => ({
    functionAppConfig: {
      deployment: { storage: storage() },
      runtime: { name: "node", version: "22" },
      scaleAndConcurrency: { instanceMemoryMB: 512, maximumInstanceCount: 1 },
      ...more,
    },
  });

  const app = (more: Properties = {}): Properties => ({
    resourceGroupName,
    name: "shop-standby",
    kind: "functionapp,linux",
    serverFarmId: plan.id,
    identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
    ...config(),
    ...more,
  });

  it("are made with their host name, changed and removed", async () => {
    const made = await azure.deploy(APP, app({ virtualNetworkSubnetId: subnet("functions") }));
    expect(made.id).to.match(/\/providers\/Microsoft\.Web\/sites\/shop-standby$/);
    expect(made.properties).to.include({ defaultHostName: "shop-standby.azurewebsites.net", state: "Running" });
    const next = app({ tags: { Purpose: "standby" } });
    await made.update(next);
    expect(await made.refresh()).to.deep.equal(next);
    expect(made.replacedBy(app({ name: "other" }))).to.deep.equal(["name"]);
    await made.delete();
    await made.delete();
    expect(await made.refresh()).to.equal(undefined);
  });

  it("have names that nobody else in the world has", async () => {
    const made = await azure.deploy(APP, app({ name: "only-one" }));
    const elsewhere = await azure.group();
    expect(await azure.refusals(APP, app({ name: "Only-One", resourceGroupName: elsewhere }))).to.match(
      /^name: .*the world's/,
    );
    expect(await azure.refusals(APP, app({ name: "only-one" }), app({ name: "only-one" }))).to.equal("");
    await made.delete();
  });

  it("have plans of Flex Consumption on Linux", async () => {
    const refused = (more: Properties) => azure.refusals(PLAN, { resourceGroupName, name: "p", ...FLEX_PLAN, ...more });
    expect(await refused({})).to.equal("");
    expect(await refused({ sku: { name: "Y1", tier: "Dynamic" } })).to.match(/^sku: "Y1" of "Dynamic"/);
    expect(await refused({ reserved: false })).to.match(/^reserved: .*Linux only/);
    expect(await refused({ name: "a plan" })).to.match(/^name: /);
  });

  const refusals: [what: string, more: () => Properties, reason: RegExp][] = [
    ["a name with a dot", () => ({ name: "shop.standby" }), /^name: .*2 to 60/],
    ["another kind", () => ({ kind: "app" }), /^kind: "app"/],
    ["plain HTTP", () => ({ httpsOnly: false }), /^httpsOnly: /],
    ["a plan that is not there", () => ({ serverFarmId: `${plan.id}-2` }), /^serverFarmId: .*not found/],
    ["another region than the plan's", () => ({ location: "northeurope" }), /^serverFarmId: the plan is in westeurope/],
    [
      "an identity that is not there",
      () => ({ identity: { userAssignedIdentities: [identity.id, `${identity.id}-2`] } }),
      /^identity\.userAssignedIdentities: .*-2 was not found/,
    ],
    [
      "a package reader that the app does not have",
      () => ({ identity: { userAssignedIdentities: [] } }),
      /userAssignedIdentityResourceId: .*none of the app's identities/,
    ],
    [
      "a container that is not there",
      () => config({ deployment: { storage: storage({ value: "https://elsewhere.example/packages" }) } }),
      /storage\.value: .*no container/,
    ],
    ["no container", () => config({ deployment: {} }), /storage\.type: "undefined"/],
    [
      "a secret to read the package with",
      () =>
        config({ deployment: { storage: storage({ authentication: { type: "StorageAccountConnectionString" } }) } }),
      /authentication\.type: "StorageAccountConnectionString"/,
    ],
    ["another language", () => config({ runtime: { name: "python", version: "3.13" } }), /runtime: python 3\.13/],
    ["a Node that is not there", () => config({ runtime: { name: "node", version: "18" } }), /runtime: node 18/],
    [
      "a size that instances don't have",
      () => config({ scaleAndConcurrency: { instanceMemoryMB: 1024 } }),
      /instanceMemoryMB: 1024 MB; an instance has 512, 2048, 4096/,
    ],
    [
      "more instances than there may be",
      () => config({ scaleAndConcurrency: { maximumInstanceCount: 1001 } }),
      /maximumInstanceCount: 1001/,
    ],
    [
      "what Pulumi puts a .NET version into",
      () => ({ siteConfig: { appSettings: [], netFrameworkVersion: "v4.6" } }),
      /^siteConfig: .*NetFrameworkVersion.*WebAppApplicationSettings/,
    ],
    [
      "a subnet that is not there",
      () => ({ virtualNetworkSubnetId: subnet("none") }),
      /^virtualNetworkSubnetId: .*not found/,
    ],
    [
      "a subnet of others",
      () => ({ virtualNetworkSubnetId: subnet("app") }),
      /^virtualNetworkSubnetId: .*not delegated/,
    ],
  ];
  for (const [what, more, reason] of refusals) {
    it(`refuse ${what}`, async () => {
      expect(await azure.refusals(APP, app(more()))).to.match(reason);
    });
  }

  describe("have settings beside them, which", () => {
    const settings = (properties: Record<string, string>, name = "set-up") => ({ resourceGroupName, name, properties });

    it("are made, changed and emptied, and go with their app", async () => {
      const made = await azure.deploy(APP, app({ name: "set-up" }));
      const set = await azure.deploy(SETTINGS, settings({ GREETING: "hello" }));
      expect(set.id).to.equal(`${made.id}/config/appsettings`);
      const next = settings({ GREETING: "good evening" });
      await set.update(next);
      expect(await set.refresh()).to.deep.equal(next);
      expect(set.replacedBy(settings({}, "another"))).to.deep.equal(["name"]);
      await set.delete();
      expect(await set.refresh()).to.equal(undefined);
      expect(await made.refresh(), "the app stays").to.deep.include({ name: "set-up" });
      const again = await azure.deploy(SETTINGS, settings({}));
      await made.delete();
      expect(await again.refresh()).to.equal(undefined);
    });

    it("may lack the host's storage, at which Azure stops the host and not the deployment", async () => {
      const made = await azure.deploy(APP, app({ name: "set-up" }));
      expect(await azure.refusals(SETTINGS, settings({}))).to.equal("");
      await made.delete();
    });

    it("are refused when they are of other plans, or of no app", async () => {
      const made = await azure.deploy(APP, app({ name: "set-up" }));
      const refused = (...names: string[]) =>
        azure.refusals(SETTINGS, settings(Object.fromEntries(names.map((name) => [name, "1"]))));
      expect(await refused("GREETING", "WEBSITE_RUN_FROM_PACKAGE")).to.match(
        /^properties\.WEBSITE_RUN_FROM_PACKAGE: it has no place on Flex Consumption/,
      );
      await made.delete();
      expect(await refused("GREETING")).to.match(/^name: .*sites\/set-up was not found/);
    });
  });

  it("say whether passwords may publish to them", async () => {
    const made = await azure.deploy(APP, app({ name: "published" }));
    const policy = (allow: boolean) => ({ resourceGroupName, name: "published", allow });
    const publishing = await azure.deploy(PUBLISHING, policy(false));
    expect(publishing.id).to.equal(`${made.id}/basicPublishingCredentialsPolicies/scm`);
    await publishing.update(policy(true));
    expect(await publishing.refresh()).to.deep.equal(policy(true));
    await publishing.delete();
    await made.delete();
    expect(await azure.refusals(PUBLISHING, policy(false))).to.match(/^name: .*sites\/published was not found/);
  });
});
