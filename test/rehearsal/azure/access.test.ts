import { expect } from "chai";
import fc from "fast-check";
import {
  actionsFor,
  BUILT_IN_ROLES,
  covers,
  isAllowed,
  neededFor,
  type Permission,
  SECRET_ACTIONS,
} from "../../../rehearsal/azure/access.ts";
import { ResourceManager } from "../../../rehearsal/azure/resource-manager.ts";

const SERVICES = "Microsoft.Storage/storageAccounts/blobServices";
const BLOBS = `${SERVICES}/containers/blobs`;

/** Actions of the tests below are short: what stands before them is always the same. */
const ofContainers = (action: string) => `${SERVICES}/containers/${action}`;

const request = (method: string, url: string, onlyIfNew = false) => {
  const [path = "", query] = url.split("?");
  const [, container = "", ...blob] = path.split("/");
  return { method, container, blob: blob.join("/"), query: new URLSearchParams(query), onlyIfNew };
};

describe("the rights that a request needs (Permissions for calling data operations)", () => {
  const table: [operation: string, method: string, url: string, actions: string[]][] = [
    ["List Containers", "GET", "/?comp=list", ["read"]],
    ["Create Container", "PUT", "/c?restype=container", ["write"]],
    ["Get Container Properties", "HEAD", "/c?restype=container", ["read"]],
    ["Set Container Metadata", "PUT", "/c?restype=container&comp=metadata", ["write"]],
    ["Get Container ACL", "GET", "/c?restype=container&comp=acl", ["getAcl/action"]],
    ["Set Container ACL", "PUT", "/c?restype=container&comp=acl", ["setAcl/action"]],
    ["Lease Container", "PUT", "/c?restype=container&comp=lease", ["write"]],
    ["Delete Container", "DELETE", "/c?restype=container", ["delete"]],
    ["List Blobs", "GET", "/c?restype=container&comp=list", ["blobs/read"]],
    ["Find Blobs by Tags", "GET", "/?comp=blobs&where=x", ["blobs/filter/action"]],
    ["Find Blobs by Tags in Container", "GET", "/c?restype=container&comp=blobs", ["blobs/filter/action"]],
    ["Get Blob", "GET", "/c/b", ["blobs/read"]],
    ["Get Blob Properties", "HEAD", "/c/b", ["blobs/read"]],
    ["Get Block List", "GET", "/c/b?comp=blocklist", ["blobs/read"]],
    ["Query Blob Contents", "POST", "/c/b?comp=query", ["blobs/read"]],
    ["Put Blob", "PUT", "/c/b", ["blobs/write"]],
    ["Put Block", "PUT", "/c/b?comp=block&blockid=1", ["blobs/write"]],
    ["Put Block List", "PUT", "/c/b?comp=blocklist", ["blobs/write"]],
    ["Append Block", "PUT", "/c/b?comp=appendblock", ["blobs/add/action", "blobs/write"]],
    ["Snapshot Blob", "PUT", "/c/b?comp=snapshot", ["blobs/add/action", "blobs/write"]],
    ["Set Blob Metadata", "PUT", "/c/b?comp=metadata", ["blobs/write"]],
    ["Set Blob Tier", "PUT", "/c/b?comp=tier", ["blobs/write"]],
    ["Undelete Blob", "PUT", "/c/b?comp=undelete", ["blobs/write"]],
    ["Get Blob Tags", "GET", "/c/b?comp=tags", ["blobs/tags/read"]],
    ["Set Blob Tags", "PUT", "/c/b?comp=tags", ["blobs/tags/write"]],
    [
      "Set Blob Immutability Policy",
      "PUT",
      "/c/b?comp=immutabilityPolicies",
      ["blobs/immutableStorage/runAsSuperUser/action"],
    ],
    ["Delete Blob", "DELETE", "/c/b", ["blobs/delete"]],
    ["Delete Blob, a version", "DELETE", "/c/b?versionid=1", ["blobs/deleteBlobVersion/action"]],
  ];
  for (const [operation, method, url, actions] of table) {
    it(`${operation}: ${actions.join(" or ")}`, () => {
      expect(actionsFor(request(method, url))).to.deep.equal(actions.map(ofContainers));
    });
  }

  it("Put Blob of a blob that is new: add or write; but never for one of its blocks", () => {
    const either = ["blobs/add/action", "blobs/write"].map(ofContainers);
    expect(actionsFor(request("PUT", "/c/b", true))).to.deep.equal(either);
    expect(actionsFor(request("PUT", "/c/b?comp=blocklist", true))).to.deep.equal([ofContainers("blobs/write")]);
  });

  it("index tags along with a blob: the right to write tags besides", () => {
    const tagged = (url: string, onlyIfNew = false) => neededFor({ ...request("PUT", url, onlyIfNew), setsTags: true });
    const tags = [ofContainers("blobs/tags/write")];
    expect(tagged("/c/b")).to.deep.equal([[ofContainers("blobs/write")], tags]);
    expect(tagged("/c/b?comp=blocklist")).to.deep.equal([[ofContainers("blobs/write")], tags]);
    expect(tagged("/c/b", true)).to.deep.equal([["blobs/add/action", "blobs/write"].map(ofContainers), tags]);
    expect(neededFor(request("PUT", "/c/b"))).to.deep.equal([[ofContainers("blobs/write")]]);
  });

  it("a list that shows index tags: the right to read tags besides", () => {
    const list = (include: string) => neededFor(request("GET", `/c?restype=container&comp=list&include=${include}`));
    expect(list("metadata,tags")).to.deep.equal([[ofContainers("blobs/read")], [ofContainers("blobs/tags/read")]]);
    expect(list("metadata,versions")).to.deep.equal([[ofContainers("blobs/read")]]);
  });

  it("the service's own settings, and keys for signing: rights on the service", () => {
    const service = (method: string, query: string) => actionsFor(request(method, `/?${query}`));
    expect(service("GET", "restype=service&comp=properties")).to.deep.equal([`${SERVICES}/read`]);
    expect(service("PUT", "restype=service&comp=properties")).to.deep.equal([`${SERVICES}/write`]);
    const key = `${SERVICES}/generateUserDelegationKey/action`;
    expect(service("POST", "restype=service&comp=userdelegationkey")).to.deep.equal([key]);
  });
});

describe("whether a principal may", () => {
  const resources = () => new ResourceManager("sub", "tenant");
  const ACCOUNT = "/subscriptions/sub/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a";
  const CONTAINER = `${ACCOUNT}/blobServices/default/containers/content`;
  const ROLES = "/subscriptions/sub/providers/Microsoft.Authorization/roleDefinitions";
  const READ = `${BLOBS}/read`;

  function withRole(permissions: Permission[], scope = CONTAINER, principalId = "writer"): ResourceManager {
    const manager = resources();
    grant(manager, permissions, scope, principalId);
    return manager;
  }

  function grant(manager: ResourceManager, permissions: Permission[], scope: string, principalId = "writer") {
    const role = `${ROLES}/${crypto.randomUUID()}`;
    manager.put(role, { permissions });
    const assignment = `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    manager.put(assignment, { principalId, roleDefinitionId: role, scope });
  }

  it("nobody may anything without an assignment, and with one only who has it", () => {
    expect(isAllowed(resources(), "writer", CONTAINER, [READ])).to.equal(false);
    const manager = withRole([{ dataActions: [READ] }]);
    expect(isAllowed(manager, "writer", CONTAINER, [READ])).to.equal(true);
    expect(isAllowed(manager, "another", CONTAINER, [READ])).to.equal(false);
  });

  it("any one of the actions is enough, and none of another kind will do", () => {
    const manager = withRole([{ dataActions: [`${BLOBS}/add/action`] }]);
    expect(isAllowed(manager, "writer", CONTAINER, [`${BLOBS}/add/action`, `${BLOBS}/write`])).to.equal(true);
    expect(isAllowed(manager, "writer", CONTAINER, [`${BLOBS}/write`])).to.equal(false);
  });

  const patterns: [pattern: string, action: string, matches: boolean][] = [
    ["*", READ, true],
    [`${BLOBS}/*`, `${BLOBS}/add/action`, true],
    [`${BLOBS}/*`, ofContainers("read"), false],
    ["Microsoft.Storage/*/read", READ, true],
    ["Microsoft.Storage/*/read", `${BLOBS}/write`, false],
    [READ.toUpperCase(), READ, true],
    [`${BLOBS}/rea`, READ, false],
    [READ.replace(".", "x"), READ, false],
  ];
  for (const [pattern, action, matches] of patterns) {
    it(`"${pattern}" ${matches ? "has" : "has not"} "${action}" in it`, () => {
      const manager = withRole([{ actions: [pattern], dataActions: [pattern] }]);
      expect(isAllowed(manager, "writer", CONTAINER, [action])).to.equal(matches);
    });
  }

  it("what a role excepts it does not grant, but another role may", () => {
    const manager = withRole([{ dataActions: [`${BLOBS}/*`], notDataActions: [`${BLOBS}/delete`] }]);
    expect(isAllowed(manager, "writer", CONTAINER, [`${BLOBS}/write`])).to.equal(true);
    expect(isAllowed(manager, "writer", CONTAINER, [`${BLOBS}/delete`])).to.equal(false);
    grant(manager, [{ dataActions: [`${BLOBS}/delete`] }], CONTAINER);
    expect(isAllowed(manager, "writer", CONTAINER, [`${BLOBS}/delete`])).to.equal(true);
  });

  it("rights on resources are none on data, and the reverse", () => {
    const everything = withRole([{ actions: ["*"] }]);
    expect(isAllowed(everything, "writer", CONTAINER, [READ]), "an owner reads no blob").to.equal(false);
    expect(isAllowed(everything, "writer", CONTAINER, [ofContainers("delete")])).to.equal(true);
    const data = withRole([{ dataActions: ["*"] }]);
    expect(isAllowed(data, "writer", CONTAINER, [ofContainers("delete")])).to.equal(false);
  });

  it("a right holds where it is given and below, not above or beside", () => {
    for (const scope of [CONTAINER, ACCOUNT, "/subscriptions/sub/resourceGroups/g", "/subscriptions/sub"]) {
      expect(isAllowed(withRole([{ dataActions: ["*"] }], scope), "writer", CONTAINER, [READ]), scope).to.equal(true);
    }
    for (const scope of [`${CONTAINER}2`, CONTAINER.slice(0, -1), "/subscriptions/su", `${ACCOUNT}b`]) {
      expect(isAllowed(withRole([{ dataActions: ["*"] }], scope), "writer", CONTAINER, [READ]), scope).to.equal(false);
    }
    // A list of containers is asked of the account: a right on one container is not enough.
    const containers = `${ACCOUNT}/blobServices/default/containers/`;
    expect(isAllowed(withRole([{ actions: ["*"] }]), "writer", containers, [ofContainers("read")])).to.equal(false);
    expect(isAllowed(withRole([{ actions: ["*"] }], ACCOUNT), "writer", containers, [ofContainers("read")])).to.equal(
      true,
    );
  });

  it("a scope is the same whatever its case and however it ends", () => {
    expect(covers(`${ACCOUNT.toUpperCase()}/`, CONTAINER)).to.equal(true);
  });

  it("a role that is gone grants nothing; one that is built in is always there", () => {
    const manager = resources();
    const assign = (guid: string) =>
      manager.put(`${CONTAINER}/providers/Microsoft.Authorization/roleAssignments/1`, {
        principalId: "writer",
        roleDefinitionId: `${ROLES}/${guid}`,
        scope: CONTAINER,
      });
    assign("00000000-0000-4000-8000-000000000000");
    expect(isAllowed(manager, "writer", CONTAINER, [READ])).to.equal(false);
    for (const guid of Object.keys(BUILT_IN_ROLES)) {
      assign(guid);
      const asked = [READ, SECRET_ACTIONS.list, "Microsoft.Compute/disks/read"];
      expect(isAllowed(manager, "writer", CONTAINER, asked), guid).to.equal(true);
    }
  });

  it("granting more never takes away", () => {
    const action = fc.constantFrom("read", "write", "delete", "add/action", "*").map((each) => `${BLOBS}/${each}`);
    const permission = fc.record({
      dataActions: fc.array(action, { maxLength: 3 }),
      notDataActions: fc.array(action, { maxLength: 2 }),
    });
    const scope = fc.constantFrom(CONTAINER, ACCOUNT, `${CONTAINER}2`);
    const grants = fc.array(fc.tuple(permission, scope), { maxLength: 3 });
    const asked = fc.constantFrom("read", "write", "delete").map((each) => `${BLOBS}/${each}`);
    fc.assert(
      fc.property(grants, fc.tuple(permission, scope), asked, (former, [more, where], action) => {
        const manager = resources();
        for (const [each, place] of former) grant(manager, [each], place);
        const before = isAllowed(manager, "writer", CONTAINER, [action]);
        grant(manager, [more], where);
        if (before) expect(isAllowed(manager, "writer", CONTAINER, [action])).to.equal(true);
      }),
    );
  });
});
