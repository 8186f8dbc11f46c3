import { expect } from "chai";
import { DISASTERS, type Disaster } from "../../components/standby/disaster.ts";
import { dr } from "../../stacks/dr.ts";
import type { Settings } from "../../stacks/settings.ts";
import { expectProtected, expectTags } from "../support/house-rules.ts";
import { TENANT_ID } from "../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../support/mocks.ts";

const SETTINGS: Settings<"dr"> = {
  role: "dr",
  workload: "shop",
  environment: "staging",
  owner: "platform-team",
  protectData: true,
  primaryCidr: "10.16.0.0/16",
  standbyCidr: "10.40.0.0/16",
  declareDisaster: "none",
  copyRetentionDays: 14,
  "azure-native:location": "germanywestcentral",
};

function deployDr(changes: Partial<Settings<"dr">> = {}) {
  return deploy(() => dr({ ...SETTINGS, ...changes }));
}

describe("the dr stack", () => {
  let resources: Registrations;
  let outputs: ReturnType<typeof dr>;

  before(async () => {
    ({ resources, result: outputs } = await deployDr());
  });

  it("registers nothing of AWS, and reads no other stack: it must come up with all of AWS dead", () => {
    const clouds = new Set(resources.customs.map(({ type }) => type.split(":")[0]));
    expect([...clouds]).to.have.members(["azure-native", "random"]);
    expect(resources.stacksRead).to.be.empty;
  });

  it("begins every name with the workload", () => {
    for (const { name } of resources.all) expect(name).to.match(/^shop-/);
  });

  it("tags everything as the standby site's", () => {
    expectTags(resources, { Purpose: "standby", Environment: "staging", Workload: "shop", Owner: "platform-team" });
  });

  it("puts everything into its own resource group", () => {
    expect(resources.named("shop-standby").inputs.resourceGroupName).to.equal("shop-standby");
    for (const { name, inputs } of resources.customs.filter(({ inputs }) => "resourceGroupName" in inputs)) {
      expect(inputs.resourceGroupName, name).to.equal("shop-standby");
    }
  });

  it("has the network and the retention that the settings say", () => {
    expect(resources.named("shop-standby-vnet").inputs.addressSpace).to.deep.equal({
      addressPrefixes: ["10.40.0.0/16"],
    });
    expect(resources.named("shop-copies-service").inputs.deleteRetentionPolicy).to.deep.equal({
      enabled: true,
      days: 14,
    });
  });

  it("protects the copies, and the group that they would go with, while the settings say so", async () => {
    const data = ["shop-copies-account", "shop-copies-container", "shop-copies-service", "shop-copies-suffix"];
    expectProtected(resources, [...data, "shop-standby"]);
    expectProtected((await deployDr({ protectData: false })).resources, []);
  });

  it("lets the writer write its container, and nothing outside of it", async () => {
    const { copiesBlobEndpoint } = await settled(outputs);
    const { scope } = resources.named("shop-content-writer-assignment").inputs;
    const account = new URL(copiesBlobEndpoint).hostname.split(".")[0];
    expect(scope).to.match(new RegExp(`/storageAccounts/${account}/blobServices/default/containers/content$`));
  });

  describe("when a disaster is declared", () => {
    /** Names that go, and all that is different in what stays. */
    async function effectOf(declareDisaster: Disaster) {
      const { resources: declared } = await deployDr({ declareDisaster });
      return {
        gone: resources.names.filter((name) => !declared.names.includes(name)),
        stays: declared.customs,
      };
    }

    for (const disaster of ["content", "site"] as const) {
      it(`of ${disaster}, takes from the writer exactly its right to write, and changes nothing else`, async () => {
        const { gone, stays } = await effectOf(disaster);
        expect(gone).to.deep.equal(["shop-content-writer-assignment", "shop-content-writer-assignment-id"]);
        for (const resource of stays) expect(resource).to.deep.equal(resources.named(resource.name));
      });
    }

    for (const disaster of ["none", "database"] as const) {
      it(`of ${disaster}, leaves the content and its writer alone`, async () => {
        const { gone, stays } = await effectOf(disaster);
        expect(gone).to.be.empty;
        for (const resource of stays) expect(resource).to.deep.equal(resources.named(resource.name));
      });
    }

    it("is told to other stacks", async () => {
      for (const declareDisaster of DISASTERS) {
        const { result } = await deployDr({ declareDisaster });
        expect(result.declaredDisaster).to.equal(declareDisaster);
      }
    });

    it("changes nothing else that other stacks read", async () => {
      const { result } = await deployDr({ declareDisaster: "site" });
      expect({ ...(await settled(result)), declaredDisaster: "none" }).to.deep.equal(await settled(outputs));
    });
  });

  it("tells other stacks what they need", async () => {
    const told = await settled(outputs);
    expect(told.resourceGroupName).to.equal("shop-standby");
    expect(told.virtualNetworkId).to.match(/\/virtualNetworks\//);
    expect(told.copiesBlobEndpoint).to.match(/^https:\/\/shopcopies[a-z0-9]{8}\.blob\.core\.windows\.net\/$/);
    expect(told.copiesContainerName).to.equal("content");
    expect(told.writerIdentityName).to.equal("shop-content-writer");
    expect(told.writerClientId).to.match(/^[0-9a-f-]{36}$/);
    expect(told.writerTenantId).to.equal(TENANT_ID);
  });
});
