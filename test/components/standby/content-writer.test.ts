import { expect } from "chai";
import { ContentWriter } from "../../../components/standby/content-writer.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { SUBSCRIPTION, TENANT_ID } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const GROUP_ID = `${SUBSCRIPTION}/resourceGroups/shop-standby`;
const CONTAINER_ID = `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/shopcopies/blobServices/default/containers/content`;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function deployWriter(fenced: boolean) {
  return deploy(
    () =>
      new ContentWriter("shop-writer", {
        resourceGroupName: "shop-standby",
        resourceGroupId: GROUP_ID,
        containerId: CONTAINER_ID,
        fenced,
        tags: TAGS,
      }),
  );
}

describe("ContentWriter", () => {
  let resources: Registrations;
  let writer: ContentWriter;

  before(async () => {
    ({ resources, result: writer } = await deployWriter(false));
  });

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-writer", "multicloud-dr:standby:ContentWriter");
    expectProtected(resources, []);
  });

  it("is an identity, a role, and the assignment of the one to the other", () => {
    expect(resources.names).to.deep.equal([
      "shop-writer-assignment",
      "shop-writer-assignment-id",
      "shop-writer-identity",
      "shop-writer-role",
      "shop-writer-role-id",
    ]);
  });

  it("may create, overwrite and tag blobs, and neither delete one nor touch anything else", () => {
    const { permissions } = resources.named("shop-writer-role").inputs;
    const blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
    expect(permissions).to.deep.equal([
      { actions: [], dataActions: ["read", "write", "add/action", "tags/write"].map((action) => `${blobs}/${action}`) },
    ]);
  });

  it("has a role that can be assigned in the standby's resource group only", () => {
    expect(resources.named("shop-writer-role").inputs).to.deep.include({
      scope: GROUP_ID,
      assignableScopes: [GROUP_ID],
      roleType: "CustomRole",
    });
  });

  it("gives its role a name that is unique in the directory", () => {
    const { roleName, roleDefinitionId } = resources.named("shop-writer-role").inputs;
    expect(roleDefinitionId).to.match(GUID);
    expect(roleName).to.equal(`shop-writer ${roleDefinitionId}`);
  });

  it("has its role in the one container, and nowhere else", () => {
    const [assignment, ...others] = resources.ofType("azure-native:authorization:RoleAssignment");
    expect(others).to.be.empty;
    expect(assignment?.inputs.roleAssignmentName).to.match(GUID);
    expect(assignment?.inputs).to.include({ scope: CONTAINER_ID, principalType: "ServicePrincipal" });
    expect(assignment?.dependencies).to.have.members([
      "shop-writer-assignment-id",
      "shop-writer-identity",
      "shop-writer-role",
    ]);
  });

  it("assigns its own role to its own identity", () => {
    const { principalId, roleDefinitionId } = resources.named("shop-writer-assignment").inputs;
    expect(principalId).to.match(GUID);
    expect(roleDefinitionId).to.equal(
      `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${resources.named("shop-writer-role").inputs.roleDefinitionId}`,
    );
  });

  it("loses exactly its assignment, and that one's id, while it is fenced", async () => {
    const { resources: fenced } = await deployWriter(true);
    const lost = resources.names.filter((name) => !fenced.names.includes(name));
    expect(lost).to.deep.equal(["shop-writer-assignment", "shop-writer-assignment-id"]);
    const { permissions, ...role } = fenced.named("shop-writer-role").inputs;
    expect(resources.named("shop-writer-role").inputs).to.deep.include(role);
    for (const { name, inputs } of fenced.customs.filter(({ name }) => name !== "shop-writer-role")) {
      expect(inputs).to.deep.equal(resources.named(name).inputs);
    }
  });

  it("may only read while it is fenced, also before its assignment is gone: deletions come last", async () => {
    const { resources: fenced } = await deployWriter(true);
    const read = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
    expect(fenced.named("shop-writer-role").inputs.permissions).to.deep.equal([{ actions: [], dataActions: [read] }]);
  });

  it("tells by what the replicator names itself, fenced or not", async () => {
    const { result: fenced } = await deployWriter(true);
    expect(await settled(writer.identityName)).to.equal("shop-writer");
    expect(await settled(writer.tenantId)).to.equal(TENANT_ID);
    expect(await settled(writer.clientId)).to.match(GUID);
    expect(await settled(fenced.clientId)).to.equal(await settled(writer.clientId));
  });
});
