import { expect } from "chai";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import { ASSIGNMENT, type Deployed, IDENTITY, ROLE, useLocalAzure } from "../../../support/local-azure.ts";
import { rejection } from "../../../support/rejection.ts";

const READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
const NEW_GUID = "0d3cd7a7-6f0f-4b8e-8f0e-1b2f3c4d5e6f";
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe("the local Azure's rights", () => {
  const azure = useLocalAzure();
  let group: string;
  let scope: string;
  let container: Deployed;

  before(async () => {
    const made = await azure.container();
    group = made.group;
    container = made.container;
    scope = azure.local.resources.id(`resourceGroups/${group}`);
  });

  const role = (more: Properties = {}): Properties => ({
    roleName: `role ${crypto.randomUUID()}`,
    scope,
    assignableScopes: [scope],
    permissions: [{ actions: [], dataActions: [`${BLOBS}/read`] }],
    ...more,
  });

  describe("a role", () => {
    it("is made, changed and removed", async () => {
      const inputs = role({ roleDefinitionId: NEW_GUID });
      const made = await azure.deploy(ROLE, inputs);
      expect(made.id).to.equal(`${scope}/providers/Microsoft.Authorization/roleDefinitions/${NEW_GUID}`);
      expect(made.properties).to.include({ name: NEW_GUID, type: "Microsoft.Authorization/roleDefinitions" });
      expect(await made.refresh()).to.deep.equal(inputs);
      const next = { ...inputs, description: "reads" };
      await made.update(next);
      expect(await made.refresh()).to.deep.equal(next);
      await made.delete();
      expect(await made.refresh()).to.equal(undefined);
    });

    it("has a GUID made up for it where none is given", async () => {
      expect((await azure.deploy(ROLE, role())).properties.roleDefinitionId).to.match(GUID);
    });

    it("is not removed while anybody has it", async () => {
      const made = await azure.deploy(ROLE, role());
      const assignment = await azure.assign(crypto.randomUUID(), made.id, container.id);
      expect((await rejection(made.delete())).message).to.include("RoleDefinitionHasAssignments");
      expect(await made.refresh(), "it is still there").to.not.equal(undefined);
      await assignment.delete();
      await made.delete();
    });

    it("may keep its name, and have wildcards in its actions", async () => {
      const inputs = role({ roleDefinitionId: crypto.randomUUID() });
      await azure.deploy(ROLE, inputs);
      expect(await azure.refusals(ROLE, { ...inputs, description: "x" }, inputs)).to.equal("");
      const actions = ["*", "*/read", "Microsoft.Storage/*", "Microsoft.Storage/storageAccounts/*/read"];
      expect(await azure.refusals(ROLE, role({ permissions: [{ actions }] }))).to.equal("");
    });

    const refused: [what: string, more: () => Properties, reason: RegExp][] = [
      [
        "a name that is no GUID",
        () => ({ roleDefinitionId: "writer" }),
        /^roleDefinitionId: "writer" is no valid name: a GUID/,
      ],
      ["a scope that is not there", () => ({ scope: `${scope}-2` }), /^scope: .*was not found/],
      ["a role name of more than 512 characters", () => ({ roleName: "r".repeat(513) }), /^roleName: 513 characters/],
      ["no scope to be assigned at", () => ({ assignableScopes: [] }), /^assignableScopes: no scope is given/],
      [
        "a scope to be assigned at that is not there",
        () => ({ assignableScopes: [`${scope}-2`] }),
        /^assignableScopes: .*not found/,
      ],
      [
        "a resource as a scope to be assigned at",
        () => ({ assignableScopes: [container.id] }),
        /^assignableScopes: .*is a resource/,
      ],
      ["a built-in role", () => ({ roleType: "BuiltInRole" }), /^roleType: "BuiltInRole" roles are Azure's own/],
      ...["Microsoft.Storage", "Microsoft.Storage/storage accounts/read", "read blobs"].map(
        (action): [string, () => Properties, RegExp] => [
          `the action "${action}"`,
          () => ({ permissions: [{ actions: [action] }] }),
          /^permissions: ".*" is no action: .*InvalidActionOrNotAction/,
        ],
      ),
      [
        "an action on blobs among those on resources",
        () => ({ permissions: [{ actions: [`${BLOBS}/read`] }] }),
        /^permissions: ".*blobs\/read" belongs into dataActions/,
      ],
      [
        "an action on containers among those on data",
        () => ({ permissions: [{ dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/write"] }] }),
        /^permissions: ".*containers\/write" belongs into actions/,
      ],
      [
        "an exception that excepts nothing where it stands",
        () => ({ permissions: [{ actions: ["*"], notActions: [`${BLOBS}/delete`] }] }),
        /^permissions: ".*blobs\/delete" belongs into dataActions/,
      ],
    ];
    for (const [what, more, reason] of refused) {
      it(`is refused with ${what}`, async () => {
        expect(await azure.refusals(ROLE, role(more()))).to.match(reason);
      });
    }

    it("is refused with the name of another one", async () => {
      await azure.deploy(ROLE, role({ roleName: "the one writer" }));
      expect(await azure.refusals(ROLE, role({ roleName: "the one writer" }))).to.match(/^roleName: .*SameNameExists/);
    });
  });

  describe("an assignment", () => {
    const assignment = (more: Properties = {}): Properties => ({
      principalId: crypto.randomUUID(),
      principalType: "ServicePrincipal",
      roleDefinitionId: azure.builtInRole(READER),
      scope: container.id,
      ...more,
    });

    it("is made and removed, and never changed in place", async () => {
      const inputs = assignment({ roleAssignmentName: NEW_GUID });
      const made = await azure.deploy(ASSIGNMENT, inputs);
      expect(made.id).to.equal(`${container.id}/providers/Microsoft.Authorization/roleAssignments/${NEW_GUID}`);
      expect(made.properties.type).to.equal("Microsoft.Authorization/roleAssignments");
      expect(await made.refresh()).to.deep.equal(inputs);
      expect(made.replacedBy({ ...inputs, description: "x" })).to.deep.equal(["description"]);
      await made.delete();
      expect(await made.refresh()).to.equal(undefined);
    });

    it("has a GUID made up for it where none is given", async () => {
      expect((await azure.deploy(ASSIGNMENT, assignment())).properties.roleAssignmentName).to.match(GUID);
    });

    it("goes with the scope at which it was made", async () => {
      const { container: short } = await azure.container();
      const made = await azure.deploy(ASSIGNMENT, assignment({ scope: short.id }));
      await short.delete();
      expect(await made.refresh()).to.equal(undefined);
    });

    it("is refused when there is one of the same principal, role and scope, but not as its successor", async () => {
      const inputs = assignment({ roleAssignmentName: crypto.randomUUID() });
      await azure.deploy(ASSIGNMENT, inputs);
      const twin = { ...inputs, roleAssignmentName: crypto.randomUUID() };
      expect(await azure.refusals(ASSIGNMENT, twin)).to.match(/^principalId: .*RoleAssignmentExists/);
      expect(await azure.refusals(ASSIGNMENT, { ...inputs, description: "x" }, inputs)).to.equal("");
      expect(await azure.refusals(ASSIGNMENT, { ...twin, scope })).to.equal("");
    });

    const refused: [what: string, more: () => Properties, reason: RegExp][] = [
      ["a name that is no GUID", () => ({ roleAssignmentName: "writer" }), /^roleAssignmentName: /],
      [
        "a principal that is no object id",
        () => ({ principalId: "shop-writer" }),
        /^principalId: "shop-writer" is no object id/,
      ],
      [
        "a role that is not there",
        () => ({ roleDefinitionId: azure.builtInRole(NEW_GUID) }),
        /^roleDefinitionId: .*RoleDefinitionDoesNotExist/,
      ],
      ["a scope that is not there", () => ({ scope: `${container.id}-2` }), /^scope: .*was not found/],
      [
        "a principal that nobody knows, without its type",
        () => ({ principalType: undefined }),
        /^principalId: .*PrincipalNotFound/,
      ],
      ["a condition without its version", () => ({ condition: "true" }), /^conditionVersion: found undefined.*"2\.0"/],
      [
        "a condition of another version",
        () => ({ condition: "true", conditionVersion: "1.0" }),
        /^conditionVersion: found "1\.0"/,
      ],
    ];
    for (const [what, more, reason] of refused) {
      it(`is refused with ${what}`, async () => {
        expect(await azure.refusals(ASSIGNMENT, assignment(more()))).to.match(reason);
      });
    }

    it("is refused outside the role's assignable scopes", async () => {
      const made = await azure.deploy(ROLE, role());
      const { container: elsewhere } = await azure.container();
      const there = assignment({ roleDefinitionId: made.id, scope: elsewhere.id });
      expect(await azure.refusals(ASSIGNMENT, there)).to.match(/^scope: .*InvalidRoleDefinitionScope/);
      expect(await azure.refusals(ASSIGNMENT, assignment({ roleDefinitionId: made.id }))).to.equal("");
    });

    it("knows the identities and the people of the directory, and of which kind they are", async () => {
      const identity = await azure.deploy(IDENTITY, { resourceGroupName: group });
      const { principalId } = identity.properties;
      const { objectId } = await azure.provider.invoke("azure-native:authorization:getClientConfig", {});
      const refusals = (more: Properties) => azure.refusals(ASSIGNMENT, assignment(more));
      expect(await refusals({ principalId, principalType: undefined })).to.equal("");
      expect(await refusals({ principalId: objectId, principalType: undefined })).to.equal("");
      expect(await refusals({ principalId: objectId, principalType: "User" })).to.equal("");
      expect(await refusals({ principalId, principalType: "User" })).to.match(
        /^principalType: .*UnmatchedPrincipalType/,
      );
    });
  });
});
