import { expect } from "chai";
import { isWithin, permits } from "../../../../policy/audit/azure/evaluate.ts";
import { RoleCatalogue } from "../../../../policy/audit/azure/roles.ts";

const roles = new RoleCatalogue();
const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
const GROUP = "standby/resourceGroups/shop-standby";
const ACCOUNT = `${GROUP}/providers/Microsoft.Storage/storageAccounts/shopdumps`;

function may(role: string, at: string, action: string, scope: string | undefined, data = false): boolean {
  const found = roles.find(role);
  if (!found) throw new Error(`expected a role ${role}`);
  return permits([{ role: found, scope: at }], { action, scope, data });
}

describe("the evaluation of Azure's roles", () => {
  it("takes from a role what it leaves out", () => {
    expect(may("Contributor", "standby", "Microsoft.Storage/storageAccounts/write", ACCOUNT)).to.equal(true);
    expect(may("Contributor", "standby", "Microsoft.Authorization/locks/delete", ACCOUNT)).to.equal(false);
    expect(may("Contributor", "standby", "Microsoft.Subscription/cancel/action", "standby")).to.equal(false);
    expect(may("Owner", "standby", "Microsoft.Subscription/cancel/action", "standby")).to.equal(true);
  });

  it("gives nobody a right on data who has one on resources alone", () => {
    expect(may("Owner", "standby", `${BLOBS}/delete`, ACCOUNT, true)).to.equal(false);
    expect(may("Storage Blob Data Contributor", "standby", `${BLOBS}/delete`, ACCOUNT, true)).to.equal(true);
    expect(
      may("Storage Blob Data Contributor", "standby", `${BLOBS}/deleteBlobVersion/action`, ACCOUNT, true),
    ).to.equal(false);
    expect(
      may("Storage Blob Data Owner", "standby", `${BLOBS}/immutableStorage/runAsSuperUser/action`, ACCOUNT, true),
    ).to.equal(true);
  });

  it("holds below its scope, and on data also where the scope is a part", () => {
    expect(may("Contributor", GROUP, "Microsoft.Storage/storageAccounts/write", ACCOUNT)).to.equal(true);
    expect(
      may("Contributor", "standby/resourceGroups/shop", "Microsoft.Storage/storageAccounts/write", ACCOUNT),
    ).to.equal(false);
    const container = `${ACCOUNT}/blobServices/default/containers/dumps`;
    expect(may("Storage Blob Data Owner", container, `${BLOBS}/delete`, ACCOUNT, true)).to.equal(true);
    expect(may("Contributor", container, "Microsoft.Storage/storageAccounts/write", ACCOUNT)).to.equal(false);
  });

  it("takes what it does not know the place of for within reach", () => {
    expect(may("Contributor", "elsewhere", "Microsoft.Storage/storageAccounts/write", undefined)).to.equal(true);
  });

  it("knows roles by name and by id, whatever the capitals", () => {
    expect(roles.find("owner")?.name).to.equal("Owner");
    const id = "/providers/Microsoft.Authorization/roleDefinitions/B7E6DC6D-f1e8-4753-8033-0f276bb0955b";
    expect(roles.find(id)?.name).to.equal("Storage Blob Data Owner");
    expect(roles.find("Galactic Owner")).to.equal(undefined);
  });

  it("has everything below the directory and its management groups", () => {
    expect(isWithin(ACCOUNT, "/")).to.equal(true);
    expect(isWithin(ACCOUNT, "/providers/Microsoft.Management/managementGroups/all")).to.equal(true);
    expect(isWithin("standby", ACCOUNT)).to.equal(false);
    const unknown = "standby/resourceGroups/*/providers/Microsoft.Storage/storageAccounts/shopdumps";
    expect([isWithin(unknown, GROUP), isWithin(unknown, ACCOUNT), isWithin(unknown, `${ACCOUNT}2`)]).to.deep.equal([
      true,
      true,
      false,
    ]);
  });
});
