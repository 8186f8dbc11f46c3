import { expect } from "chai";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import { type Deployed, GROUP, IDENTITY, NETWORK, useLocalAzure } from "../../../support/local-azure.ts";

const ENVIRONMENT = "azure-native:app:ManagedEnvironment";
const APP = "azure-native:app:ContainerApp";

describe("container apps of the local Azure", () => {
  const azure = useLocalAzure();
  const placed = { resourceGroupName: "apps" };
  let network: Deployed;
  let identity: Deployed;
  let standing: Deployed;

  before(async () => {
    await azure.deploy(GROUP, placed);
    const delegations = [{ name: "delegation", serviceName: "Microsoft.App/environments" }];
    network = await azure.deploy(NETWORK, {
      ...{ ...placed, virtualNetworkName: "apps", addressSpace: { addressPrefixes: ["10.0.0.0/16"] } },
      subnets: [
        { name: "app", addressPrefix: "10.0.0.0/24", delegations },
        { name: "small", addressPrefix: "10.0.1.0/28", delegations },
        { name: "other", addressPrefix: "10.0.2.0/24" },
      ],
    });
    identity = await azure.deploy(IDENTITY, { ...placed, resourceName: "web" });
    standing = await azure.deploy(ENVIRONMENT, environment());
  });

  const environment = (subnet = "app"): Properties => ({
    ...placed,
    environmentName: "shop-web",
    vnetConfiguration: { infrastructureSubnetId: `${network.id}/subnets/${subnet}`, internal: false },
    zoneRedundant: true,
  });
  const app = (more: Properties = {}): Properties => ({
    ...{ ...placed, containerAppName: "shop-web", environmentId: standing.id },
    identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
    configuration: { registries: [{ server: "shop.azurecr.io", identity: identity.id }], secrets: [{ name: "site" }] },
    template: { scale: { minReplicas: 0, maxReplicas: 1 }, volumes: [{ secrets: [{ secretRef: "site" }] }] },
    ...more,
  });

  it("are made, changed and removed", async () => {
    const made = await azure.deploy(APP, app());
    expect(made.id).to.match(/\/Microsoft\.App\/containerApps\/shop-web$/);
    const next = app({ tags: { Owner: "b" } });
    await made.update(next);
    expect(await made.refresh()).to.deep.equal(next);
    await made.delete();
    expect(await made.refresh()).to.equal(undefined);
    expect(String(standing.properties.defaultDomain)).to.match(/azurecontainerapps\.io$/);
  });

  const scale = (minReplicas: number, maxReplicas: number) => ({ template: { scale: { minReplicas, maxReplicas } } });
  const refused: [what: string, token: string, inputs: () => Properties, reason: RegExp][] = [
    ["a subnet that is not delegated", ENVIRONMENT, () => environment("other"), /is not delegated to Microsoft\.App/],
    ["a subnet of 16 addresses", ENVIRONMENT, () => environment("small"), /\/28 is too small/],
    ["a subnet that is not there", ENVIRONMENT, () => environment("none"), /there is no subnet/],
    ["an environment that is not there", APP, () => app({ environmentId: `${standing.id}2` }), /^environmentId: /],
    ["a most of none", APP, () => app(scale(0, 0)), /0 to 0; a most of 1 to 1000/],
    ["a least above the most", APP, () => app(scale(4, 3)), /4 to 3/],
    [
      "an identity that pulls and is not the app's",
      APP,
      () => app({ configuration: { registries: [{ identity: "/other" }], secrets: [{ name: "site" }] } }),
      /\/other is no identity of the app/,
    ],
    ["a file of a secret that is not there", APP, () => app({ configuration: {} }), /there is no secret site/],
  ];
  for (const [what, token, inputs, reason] of refused) {
    it(`refuse ${what}`, async () => {
      expect(await azure.refusals(token, inputs(), token === ENVIRONMENT ? environment() : undefined)).to.match(reason);
    });
  }
});
