import { expect } from "chai";
import { ResourceManager } from "../../../rehearsal/azure/resource-manager.ts";

const SUBSCRIPTION = "00000000-1111-4222-8333-444455556666";

describe("the local Azure's control plane", () => {
  let resources: ResourceManager;
  let group: string;
  let account: string;

  beforeEach(() => {
    resources = new ResourceManager(SUBSCRIPTION, "tenant");
    group = resources.id("resourceGroups/Shop");
    account = `${group}/providers/Microsoft.Storage/storageAccounts/copies`;
  });

  it("takes no note of case in ids, and keeps the one in which they were first written", () => {
    resources.put(group, { a: 1 });
    resources.put(group.toUpperCase(), { a: 2 });
    expect(resources.get(group.toLowerCase())).to.deep.equal({ id: group, properties: { a: 2 } });
    expect(resources.ids()).to.deep.equal([group]);
  });

  it("lists by the whole type, and by the last provider of an id that has two", () => {
    const container = `${account}/blobServices/default/containers/content`;
    const assignment = `${container}/providers/Microsoft.Authorization/roleAssignments/1`;
    for (const id of [group, account, container, assignment]) resources.put(id, {});
    const idsOf = (type: string) => resources.list(type).map(({ id }) => id);
    expect(idsOf("resourceGroups")).to.deep.equal([group]);
    expect(idsOf("Microsoft.Storage/storageAccounts")).to.deep.equal([account]);
    expect(idsOf("microsoft.storage/STORAGEACCOUNTS/blobServices/containers")).to.deep.equal([container]);
    expect(idsOf("Microsoft.Authorization/roleAssignments")).to.deep.equal([assignment]);
    expect(idsOf("Microsoft.Storage/storageAccounts/blobServices")).to.deep.equal([]);
  });

  it("removes with a resource all that lives in it, innermost first, and nothing that is only called alike", () => {
    const container = `${account}/blobServices/default/containers/content`;
    const namesake = `${account}2`;
    for (const id of [group, account, container, namesake]) resources.put(id, {});
    expect(resources.delete(account.toUpperCase()).map(({ id }) => id)).to.deep.equal([container, account]);
    expect(resources.ids()).to.deep.equal([group, namesake]);
    expect(resources.delete(account)).to.deep.equal([]);
  });

  it("removes settings alone, and leaves what lives beside them under their id", () => {
    const service = `${account}/blobServices/default`;
    const container = `${service}/containers/content`;
    for (const id of [service, container]) resources.put(id, {});
    expect(resources.deleteAlone(service).map(({ id }) => id)).to.deep.equal([service]);
    expect(resources.ids()).to.deep.equal([container]);
    expect(resources.deleteAlone(service)).to.deep.equal([]);
  });

  it("knows the subscription itself, and no other one", () => {
    expect(resources.exists(`/subscriptions/${SUBSCRIPTION}`)).to.equal(true);
    expect(resources.exists("/subscriptions/99999999-1111-4222-8333-444455556666")).to.equal(false);
    expect(resources.exists(group)).to.equal(false);
  });
});
