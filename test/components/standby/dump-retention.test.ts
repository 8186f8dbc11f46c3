import { expect } from "chai";
import { DumpRetention } from "../../../components/standby/dump-retention.ts";
import { expectHouseRules, expectProtected } from "../../support/house-rules.ts";
import { deploy, type Registrations } from "../../support/mocks.ts";

describe("DumpRetention", () => {
  let resources: Registrations;

  before(async () => {
    ({ resources } = await deploy(
      () =>
        new DumpRetention("shop-retention", {
          resourceGroupName: "shop-standby",
          accountName: "shopdumps",
          containerName: "dumps",
          days: { daily: 14, weekly: 35, monthly: 400 },
          immutabilityDays: 30,
        }),
    ));
  });

  it("keeps the rules of the house, and protects nothing", () => {
    expectHouseRules(resources, "shop-retention", "multicloud-dr:standby:DumpRetention");
    expectProtected(resources, []);
  });

  it("is the one lifecycle policy of the account", () => {
    expect(resources.names).to.deep.equal(["shop-retention-policy"]);
    expect(resources.named("shop-retention-policy").inputs).to.include({
      resourceGroupName: "shop-standby",
      accountName: "shopdumps",
      managementPolicyName: "default",
    });
  });

  it("deletes a dump and its versions by when they were written", () => {
    const { policy } = resources.named("shop-retention-policy").inputs as { policy: { rules: object[] } };
    const age = { daysAfterCreationGreaterThan: 35 };
    expect(policy.rules).to.have.lengthOf(4);
    expect(policy.rules).to.deep.include({
      name: "weekly-dumps",
      enabled: true,
      type: "Lifecycle",
      definition: {
        filters: { blobTypes: ["blockBlob"], prefixMatch: ["dumps/weekly/", "dumps/manifests/weekly/"] },
        actions: { baseBlob: { delete: age }, version: { delete: age } },
      },
    });
  });
});
