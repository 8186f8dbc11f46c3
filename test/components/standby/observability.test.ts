import { expect } from "chai";
import { Observability } from "../../../components/standby/observability.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

function deployObservability(retentionDays = 90) {
  return deploy(() => new Observability("shop-logs", { resourceGroupName: "shop-group", retentionDays, tags: TAGS }));
}

describe("Observability", () => {
  let resources: Registrations;
  let observability: Observability;

  before(async () => {
    ({ resources, result: observability } = await deployObservability());
  });

  const workspace = (of: Registrations = resources) => of.named("shop-logs-workspace").inputs;

  it("keeps the rules of the house, and protects nothing", () => {
    expectHouseRules(resources, "shop-logs", "multicloud-dr:standby:Observability");
    expectProtected(resources, []);
  });

  it("is one workspace, paid by what comes in", () => {
    expect(resources.names).to.deep.equal(["shop-logs-workspace"]);
    expect(workspace()).to.deep.include({
      resourceGroupName: "shop-group",
      workspaceName: "shop-logs",
      sku: { name: "PerGB2018" },
    });
  });

  it("keeps logs as many days as it is told", async () => {
    expect(workspace().retentionInDays).to.equal(90);
    expect(workspace((await deployObservability(365)).resources).retentionInDays).to.equal(365);
  });

  it("has no keys, and shows a resource's logs to whoever may see the resource", () => {
    expect(workspace().features).to.deep.equal({
      disableLocalAuth: true,
      enableLogAccessUsingOnlyResourcePermissions: true,
    });
  });

  it("tells its id", async () => {
    expect(await settled(observability.workspaceId)).to.match(
      /\/resourceGroups\/shop-group\/.*\/workspaces\/shop-logs$/,
    );
  });
});
