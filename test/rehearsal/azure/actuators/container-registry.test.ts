import { expect } from "chai";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import { GROUP, useLocalAzure } from "../../../support/local-azure.ts";

const REGISTRY = "azure-native:containerregistry:Registry";

describe("container registries of the local Azure", () => {
  const azure = useLocalAzure();

  const registry = (more: Properties = {}): Properties => ({
    resourceGroupName: "images",
    registryName: "shopimages",
    sku: { name: "Standard" },
    adminUserEnabled: false,
    ...more,
  });

  before(() => azure.deploy(GROUP, { resourceGroupName: "images" }));

  it("are made, changed and removed, and answer at a host of their own", async () => {
    const made = await azure.deploy(REGISTRY, registry());
    expect(made.id).to.match(/\/Microsoft\.ContainerRegistry\/registries\/shopimages$/);
    const answer = await fetch(`https://${made.properties.loginServer}/v2/shop/web/tags/list`);
    expect(answer.status).to.equal(401);
    expect(answer.headers.get("www-authenticate")).to.include("/oauth2/token");
    await made.update(registry({ sku: { name: "Premium" } }));
    expect(await made.refresh()).to.deep.equal(registry({ sku: { name: "Premium" } }));
    await made.delete();
    expect(await made.refresh()).to.equal(undefined);
  });

  it("have names that nobody else has", async () => {
    const made = await azure.deploy(REGISTRY, registry());
    expect(await azure.refusals(REGISTRY, registry({ registryName: "ShopImages" }))).to.match(/is taken/);
    await made.delete();
  });

  const days = (retentionDays: number) => ({ policies: { softDeletePolicy: { status: "enabled", retentionDays } } });
  const refused: [what: string, more: Properties, reason: RegExp][] = [
    ["a name with a hyphen", { registryName: "shop-images" }, /^registryName: /],
    ["an unknown tier", { sku: { name: "Classic" } }, /^sku\.name: "Classic"/],
    ["a user of its own", { adminUserEnabled: true }, /^adminUserEnabled: /],
    ["whoever has no name", { anonymousPullEnabled: true }, /^adminUserEnabled: /],
    ["soft delete of no day", days(0), /0 days; expected 1 to 90/],
    ["soft delete of 91 days", days(91), /91 days; expected 1 to 90/],
    ["a policy that is not carried out", { policies: { trustPolicy: { status: "enabled" } } }, /does not carry it out/],
    ["zone redundancy, which is not carried out", { zoneRedundancy: "Enabled" }, /^zoneRedundancy: /],
    [
      "two ways to clear away",
      { policies: { ...days(30).policies, retentionPolicy: { status: "enabled" } } },
      /cannot be on together with soft delete/,
    ],
  ];
  for (const [what, more, reason] of refused) {
    it(`refuse ${what}`, async () => {
      expect(await azure.refusals(REGISTRY, registry(more))).to.match(reason);
    });
  }
});
