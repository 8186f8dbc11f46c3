import { expect } from "chai";
import { SecretReader } from "../../../components/standby/secret-reader.ts";
import { expectHouseRules, expectProtected } from "../../support/house-rules.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy, type Registrations } from "../../support/mocks.ts";

const GROUP_ID = `${SUBSCRIPTION}/resourceGroups/shop-standby`;
const SECRET_ID = `${GROUP_ID}/providers/Microsoft.KeyVault/vaults/shop-a1b2c3d4/secrets/shop-standby-a1b2c3d4`;
const PRINCIPAL_ID = "12345678-1234-4234-8234-123456789abc";
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe("SecretReader", () => {
  let resources: Registrations;

  before(async () => {
    ({ resources } = await deploy(
      () =>
        new SecretReader("shop-servers-secret", {
          resourceGroupId: GROUP_ID,
          scope: SECRET_ID,
          principalId: PRINCIPAL_ID,
        }),
    ));
  });

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-servers-secret", "multicloud-dr:standby:SecretReader");
    expectProtected(resources, []);
  });

  it("is a role and its assignment, and the ids of both", () => {
    expect(resources.names).to.deep.equal([
      "shop-servers-secret-assignment",
      "shop-servers-secret-assignment-id",
      "shop-servers-secret-role",
      "shop-servers-secret-role-id",
    ]);
  });

  it("may read a secret's value, and neither list, write nor delete one", () => {
    expect(resources.named("shop-servers-secret-role").inputs.permissions).to.deep.equal([
      { actions: [], dataActions: ["Microsoft.KeyVault/vaults/secrets/getSecret/action"] },
    ]);
  });

  it("has a role that can be assigned in its group only, under a name that is unique in the directory", () => {
    const { inputs } = resources.named("shop-servers-secret-role");
    expect(inputs).to.deep.include({ scope: GROUP_ID, assignableScopes: [GROUP_ID], roleType: "CustomRole" });
    expect(inputs.roleDefinitionId).to.match(GUID);
    expect(inputs.roleName).to.equal(`shop-servers-secret ${inputs.roleDefinitionId}`);
  });

  it("gives its role to the one identity, in the one secret", () => {
    const { inputs } = resources.named("shop-servers-secret-assignment");
    expect(inputs.roleAssignmentName).to.match(GUID);
    expect(inputs).to.include({
      principalId: PRINCIPAL_ID,
      principalType: "ServicePrincipal",
      scope: SECRET_ID,
      roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${resources.named("shop-servers-secret-role").inputs.roleDefinitionId}`,
    });
  });
});
