import { expect } from "chai";
import { type Deployed, GROUP, IDENTITY, LOCK, useLocalAzure } from "../../../support/local-azure.ts";
import { rejection } from "../../../support/rejection.ts";

const READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";

describe("a lock of the local Azure", () => {
  const azure = useLocalAzure();
  let account: Deployed;
  let container: Deployed;
  let group: string;
  let lock: Deployed;

  beforeEach(async () => {
    ({ account, container, group } = await azure.container());
    lock = await azure.deploy(LOCK, { scope: account.id, level: "CanNotDelete", lockName: "keep" });
  });
  afterEach(async () => {
    await lock.delete();
    await account.delete();
  });

  const refusal = async (resource: Deployed) => (await rejection(resource.delete())).message;

  it("keeps what it is on, and all that lives below, until it is removed", async () => {
    expect(await refusal(account)).to.match(/cannot perform delete operation .*\/locks\/keep: .*\(ScopeLocked\)$/);
    expect(await refusal(container)).to.match(/ScopeLocked/);
    await lock.delete();
    await container.delete();
    await account.delete();
  });

  it("keeps the role assignments below it: what is assigned there cannot be taken away", async () => {
    const assignment = await azure.assign(crypto.randomUUID(), azure.builtInRole(READER), container.id);
    expect(await refusal(assignment)).to.match(/ScopeLocked/);
    await lock.delete();
    await assignment.delete();
    expect(await assignment.refresh()).to.equal(undefined);
  });

  it("keeps the group of what it is on", async () => {
    const id = azure.local.resources.id(`resourceGroups/${group}`);
    const call = azure.provider.delete(GROUP, { id, properties: {} });
    expect((await rejection(call)).message).to.match(/ScopeLocked/);
  });

  it("lets everything be changed, made, and removed elsewhere", async () => {
    await account.update({ ...inputsOf(account), tags: { a: "b" } });
    const assignment = await azure.assign(crypto.randomUUID(), azure.builtInRole(READER), container.id);
    expect(await assignment.refresh()).to.not.equal(undefined);
    const identity = await azure.deploy(IDENTITY, { resourceGroupName: group, resourceName: "writer" });
    await identity.delete();
    expect(await identity.refresh()).to.equal(undefined);
  });

  it("stands in nobody's way once what it was on is gone", async () => {
    await lock.delete();
    const assignment = await azure.assign(crypto.randomUUID(), azure.builtInRole(READER), container.id);
    await account.delete();
    await assignment.delete();
    expect(azure.local.remains().filter((id) => id.startsWith(`${account.id}/`))).to.deep.equal([]);
  });

  it("is refused with a level or a scope that there is not, and with a long note", async () => {
    const inputs = { scope: account.id, lockName: "other", level: "CanNotDelete" };
    expect(await azure.refusals(LOCK, inputs)).to.equal("");
    expect(await azure.refusals(LOCK, { ...inputs, level: "Never" })).to.match(/^level: "Never" is no level/);
    expect(await azure.refusals(LOCK, { ...inputs, scope: `${account.id}2` })).to.match(/^scope: .*was not found/);
    expect(await azure.refusals(LOCK, { ...inputs, notes: "x".repeat(513) })).to.match(/^notes: 513 characters/);
  });
});

function inputsOf({ properties }: Deployed) {
  const { resourceGroupName, accountName, kind, sku, allowSharedKeyAccess } = properties;
  return { resourceGroupName, accountName, kind, sku, allowSharedKeyAccess };
}
