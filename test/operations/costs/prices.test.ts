import { expect } from "chai";
import { PRICES, type Price, priceDates } from "../../../operations/costs/prices.ts";
import { SOURCES } from "../../../operations/costs/sources.ts";

describe("the price table", () => {
  const prices: [string, Price][] = Object.entries(PRICES);

  for (const [name, { usd, unit, grade, source }] of prices) {
    it(`has ${name} with an amount, a unit, and a source of some day`, () => {
      expect(usd).to.be.above(0);
      expect(unit).to.match(/\S/);
      expect(SOURCES[source].date).to.match(/^20\d\d-\d\d-\d\d$/);
      expect(source === "memory").to.equal(grade === "recalled");
    });
  }

  it("says of each price that was reckoned how", () => {
    for (const [name, { grade, note }] of prices) if (grade === "derived") expect(note, name).to.match(/\S/);
  });

  it("recalls no more than these from memory", () => {
    const recalled = prices.filter(([, { grade }]) => grade === "recalled").map(([name]) => name);
    expect(recalled).to.have.members([
      ...["betweenZonesGb", "vpnConnectionHour", "objectBackupGb", "secret", "key", "azureNatHour", "azureNatGb"],
      ...[
        "azurePublicZone",
        "azureResolverHour",
        "calculatedCheck",
        "stateTransitions",
        "logAlertEach5Minutes",
        "logAlertEach15Minutes",
      ],
    ]);
  });

  it("is as old as its oldest source, and has no source that nothing is from", () => {
    const { from, to } = priceDates();
    expect(from <= to).to.equal(true);
    const used = new Set(prices.map(([, { source }]) => source));
    // The sizes of servers and databases have these.
    for (const source of ["azureCompute", "azureDatabase", "awsDatabase"] as const) used.add(source);
    expect([...used]).to.have.members(Object.keys(SOURCES));
  });
});
