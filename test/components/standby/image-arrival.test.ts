import { expect } from "chai";
import { ImageArrival } from "../../../components/standby/image-arrival.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const GROUP_ID = `${SUBSCRIPTION}/resourceGroups/shop-standby`;
const ACCOUNT_ID = `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/shopimages`;
const CONTAINER_ID = `${ACCOUNT_ID}/blobServices/default/containers/images`;
const DEFINITION_ID = `${GROUP_ID}/providers/Microsoft.Compute/galleries/shop/images/shop-server`;

describe("ImageArrival", () => {
  let resources: Registrations;
  let arrival: ImageArrival;
  before(async () => {
    ({ resources, result: arrival } = await deploy(
      () =>
        new ImageArrival("shop-arrival", {
          workload: "shop",
          resourceGroupName: "shop-standby",
          resourceGroupId: GROUP_ID,
          disks: { accountId: ACCOUNT_ID, containerId: CONTAINER_ID },
          imageDefinitionId: DEFINITION_ID,
          tags: TAGS,
        }),
    ));
  });
  const permissionsOf = (part: string) => {
    const [permission] = resources.named(`shop-arrival-writer-${part}-role`).inputs.permissions as {
      actions: string[];
      dataActions: string[];
    }[];
    return permission;
  };

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-arrival", "multicloud-dr:standby:ImageArrival");
    expectProtected(resources, []);
  });

  it("lets disks be written, and none be deleted", () => {
    const blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
    expect(permissionsOf("disks")).to.deep.equal({
      actions: [],
      dataActions: ["read", "write", "add/action"].map((action) => `${blobs}/${action}`),
    });
  });

  it("gives each right at the one place that it is for", () => {
    const scopes = resources
      .ofType("azure-native:authorization:RoleAssignment")
      .map(({ name, inputs }) => [name.replace(/^shop-arrival-writer-|-assignment$/g, ""), inputs.scope]);
    expect(Object.fromEntries(scopes)).to.deep.include({
      disks: CONTAINER_ID,
      account: ACCOUNT_ID,
      versions: DEFINITION_ID,
    });
    expect(String(Object.fromEntries(scopes).boot)).to.match(/\/resourceGroups\/shop-boot-checks$/);
  });

  it("lets servers be started in the room for it alone, whose role can be assigned nowhere else", () => {
    expect(permissionsOf("boot")?.actions).to.include.members([
      "Microsoft.Compute/virtualMachines/write",
      "Microsoft.Compute/virtualMachines/delete",
    ]);
    const [scope] = resources.named("shop-arrival-writer-boot-role").inputs.assignableScopes as string[];
    expect(scope).to.match(/shop-boot-checks$/);
    const others = ["disks", "account", "versions"].flatMap((part) => permissionsOf(part)?.actions ?? []);
    expect(others.filter((action) => action.includes("virtualMachines"))).to.deep.equal([]);
  });

  it("has room for a server with no way in or out, in a network that nobody is joined to", async () => {
    const rules = resources.named("shop-arrival-boot-room-rules").inputs.securityRules as Record<string, unknown>[];
    expect(rules.map(({ direction, access, protocol }) => [direction, access, protocol])).to.deep.equal([
      ["Inbound", "Deny", "*"],
      ["Outbound", "Deny", "*"],
    ]);
    const { subnets } = resources.named("shop-arrival-boot-room-vnet").inputs as {
      subnets: Record<string, unknown>[];
    };
    expect(subnets).to.have.length(1);
    expect(subnets[0]).to.include({ defaultOutboundAccess: false });
    expect(subnets[0]).to.have.nested.property("networkSecurityGroup.id");
    expect(await settled(arrival.bootRoom.subnetId)).to.match(/\/virtualNetworks\/shop-boot-checks\/subnets\/checks$/);
  });
});
