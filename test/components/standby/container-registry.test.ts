import { expect } from "chai";
import { ContainerRegistry, type ContainerRegistryArgs } from "../../../components/standby/container-registry.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const GROUP_ID = `${SUBSCRIPTION}/resourceGroups/shop-standby`;
const REGISTRIES = "Microsoft.ContainerRegistry/registries";

function deployRegistry(changes: Partial<ContainerRegistryArgs> = {}) {
  return deploy(
    () =>
      new ContainerRegistry("shop-containers", {
        resourceGroupName: "shop-standby",
        resourceGroupId: GROUP_ID,
        workload: "web-shop",
        retentionDays: 30,
        fenced: false,
        workspaceId: `${GROUP_ID}/providers/Microsoft.OperationalInsights/workspaces/shop-logs`,
        tags: TAGS,
        ...changes,
      }),
  );
}

describe("ContainerRegistry", () => {
  let resources: Registrations;
  let registry: ContainerRegistry;
  const inputsOf = (name: string) => resources.named(name).inputs;

  before(async () => {
    ({ resources, result: registry } = await deployRegistry());
  });

  it("keeps the rules of the house, and protects what the standby boots from", () => {
    expectHouseRules(resources, "shop-containers", "multicloud-dr:standby:ContainerRegistry");
    expectProtected(resources, ["shop-containers-registry", "shop-containers-suffix"]);
  });

  it("lets in nobody without a name, and has no user of its own", () => {
    expect(inputsOf("shop-containers-registry")).to.include({ adminUserEnabled: false, anonymousPullEnabled: false });
  });

  it("keeps what is deleted, as long as Azure does at most, and what has no tag any more for ever", async () => {
    const policiesOf = async (retentionDays: number) =>
      (await deployRegistry({ retentionDays })).resources.named("shop-containers-registry").inputs.policies;
    const usual = await policiesOf(30);
    expect(usual).to.have.property("softDeletePolicy").that.deep.equals({ status: "enabled", retentionDays: 30 });
    expect(usual).to.have.nested.property("retentionPolicy.status", "disabled");
    expect(await policiesOf(365)).to.have.nested.property("softDeletePolicy.retentionDays", 90);
  });

  it("can't be deleted as long as its lock is there, which goes when it shall no longer be protected", async () => {
    const id = await settled(registry.registryId);
    expect(inputsOf("shop-containers-lock")).to.include({ scope: id, level: "CanNotDelete" });
    const { resources: free } = await deployRegistry({ protectData: false });
    expect(free.names).to.not.include("shop-containers-lock");
    expectProtected(free, []);
  });

  it("keeps a log of what happens to its images", () => {
    expect(inputsOf("shop-containers-logs").logs).to.deep.equal([
      { category: "ContainerRegistryRepositoryEvents", enabled: true },
    ]);
  });

  it("has a writer that pulls and pushes, in its group alone, and deletes nothing", () => {
    expect(inputsOf("shop-containers-writer-role").permissions).to.deep.equal([
      { actions: [`${REGISTRIES}/pull/read`, `${REGISTRIES}/push/write`], dataActions: [] },
    ]);
    const { scope } = inputsOf("shop-containers-writer-assignment");
    expect(scope, "not below the registry, whose lock would keep it").to.match(/\/resourceGroups\/[^/]+$/);
  });

  it("takes the right to write away while it is fenced, by the role too, and leaves the writer", async () => {
    const { resources: fenced } = await deployRegistry({ fenced: true });
    expect(fenced.named("shop-containers-writer-role").inputs.permissions).to.deep.equal([
      { actions: [`${REGISTRIES}/pull/read`], dataActions: [] },
    ]);
    const gone = resources.names.filter((name) => !fenced.names.includes(name));
    expect(gone).to.deep.equal(["shop-containers-writer-assignment", "shop-containers-writer-assignment-id"]);
  });

  it("tells where it is and who writes", async () => {
    expect(await settled(registry.loginServer)).to.match(/^webshop[a-z0-9]{8}\.azurecr\.io$/);
    expect(await settled(registry.writerIdentityName)).to.equal("shop-containers-writer");
  });
});
