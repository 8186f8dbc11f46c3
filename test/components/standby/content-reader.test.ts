import { expect } from "chai";
import { ContentReader } from "../../../components/standby/content-reader.ts";
import { expectHouseRules, expectProtected } from "../../support/house-rules.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy, type Registrations } from "../../support/mocks.ts";

const GROUP_ID = `${SUBSCRIPTION}/resourceGroups/shop-standby`;
const CONTAINER_ID = `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/shopcopies/blobServices/default/containers/content`;
const PRINCIPAL_ID = "12345678-1234-4234-8234-123456789abc";
const READ = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function deployReader(forEverybody?: boolean) {
  const args = { resourceGroupId: GROUP_ID, containerId: CONTAINER_ID, principalId: PRINCIPAL_ID, forEverybody };
  return (await deploy(() => new ContentReader("shop-reader", args))).resources;
}

describe("ContentReader", () => {
  let resources: Registrations;

  before(async () => {
    resources = await deployReader();
  });

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-reader", "multicloud-dr:standby:ContentReader");
    expectProtected(resources, []);
  });

  it("may read blobs, and do nothing else", () => {
    expect(resources.named("shop-reader-role").inputs.permissions).to.deep.equal([
      { actions: [], dataActions: [READ] },
    ]);
  });

  it("has a role that can be assigned in its group only, under a name that is unique in the directory", () => {
    const { inputs } = resources.named("shop-reader-role");
    expect(inputs).to.deep.include({ scope: GROUP_ID, assignableScopes: [GROUP_ID], roleType: "CustomRole" });
    expect(inputs.roleDefinitionId).to.match(GUID);
    expect(inputs.roleName).to.equal(`shop-reader ${inputs.roleDefinitionId}`);
  });

  it("gives its role to the one identity, in the one container, without a condition", () => {
    const { inputs } = resources.named("shop-reader-assignment");
    expect(inputs.roleAssignmentName).to.match(GUID);
    expect(inputs).to.include({ principalId: PRINCIPAL_ID, principalType: "ServicePrincipal", scope: CONTAINER_ID });
    expect(inputs).to.not.have.any.keys("condition", "conditionVersion");
    expect(inputs.roleDefinitionId).to.match(
      new RegExp(`/roleDefinitions/${resources.named("shop-reader-role").inputs.roleDefinitionId}$`),
    );
  });

  it("sees neither lists nor former versions nor what is gone when it reads for everybody", async () => {
    const { inputs } = (await deployReader(true)).named("shop-reader-assignment");
    expect(inputs.conditionVersion).to.equal("2.0");
    expect(inputs.condition).to.equal(
      `(!(ActionMatches{'${READ}'} AND NOT SubOperationMatches{'Blob.List'}) OR ` +
        "(@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:isCurrentVersion] BoolEquals true AND " +
        "(NOT Exists @Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags:dr_gone<$key_case_sensitive$>] OR " +
        "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags:dr_gone<$key_case_sensitive$>] StringNotEquals 'yes'))) AND " +
        `(!(ActionMatches{'${READ}'} AND SubOperationMatches{'Blob.List'}) OR ` +
        "@Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringEquals 'nobody may list')",
    );
  });
});
