import { expect } from "chai";
import { totalOf } from "../../../operations/costs/bill.ts";
import { primaryBill } from "../../../operations/costs/primary-bill.ts";
import { prod } from "../../../stacks/prod.ts";
import type { Settings } from "../../../stacks/settings.ts";
import { deploy } from "../../support/mocks.ts";
import { lineOf, namesOf, primaryWith } from "./sites.ts";

const ZONES = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": { names: ["a", "b", "c"].map((z) => `eu-west-1${z}`) },
};
const CALLER = { "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" } };

function billWith(own: Partial<Settings<"prod">> = {}) {
  return primaryBill(primaryWith(own));
}

describe("the primary's bill", () => {
  it("has servers and the database before all else", () => {
    const bill = billWith();
    const [first, second] = bill.toSorted((one, other) => other.monthly - one.monthly);
    expect([first?.what, second?.what]).to.deep.equal(["database, db.m7g.xlarge in two zones", "servers, m7i.large"]);
    expect(lineOf(bill, "servers, ")).to.include({ quantity: 5.25 * 730, price: 0.11235, unit: "hour" });
  });

  it("grows with servers, storage, backups and logs", () => {
    const total = totalOf(billWith());
    for (const own of [
      { serversMin: 4 },
      { serversMax: 20 },
      { serverType: "m7i.xlarge" },
      { databaseClass: "db.m7g.2xlarge" },
      { databaseStorageGib: 400 },
      { databaseBackupDays: 35 },
      { vaultLockDays: 90 },
      { logRetentionDays: 365 },
    ]) {
      expect(totalOf(billWith(own)), JSON.stringify(own)).to.be.above(total);
    }
  });

  it("has no zone where one stands already, and one NAT gateway where one serves all", () => {
    expect(namesOf(billWith({ zoneId: "Z0123456789ABCDEFGHIJ" }))).not.to.include("DNS zone");
    expect(lineOf(billWith({ natGateways: "one" }), "NAT gateways, public").quantity).to.equal(730);
    expect(lineOf(billWith({ natGateways: "zone", zones: 2 }), "NAT gateways, public").quantity).to.equal(2 * 730);
  });

  it("counts what the primary site registers", async () => {
    const settings = primaryWith();
    const { resources } = await deploy(() => prod([settings]), { functions: { ...ZONES, ...CALLER } });
    const count = (type: string) => resources.ofType(type).length;
    const bill = primaryBill(settings);
    expect(lineOf(bill, "NAT gateways, public").quantity).to.equal(730 * count("aws:ec2/eip:Eip"));
    expect(count("aws:ec2/natGateway:NatGateway")).to.equal(count("aws:ec2/eip:Eip"));
    // Target tracking makes two of its own.
    expect(lineOf(bill, "alarms").quantity).to.equal(count("aws:cloudwatch/metricAlarm:MetricAlarm") + 2);
    expect(lineOf(bill, "key of").quantity).to.equal(count("aws:kms/key:Key"));
    expect(lineOf(bill, "DNS zone").quantity).to.equal(count("aws:route53/zone:Zone"));
    expect(count("aws:lb/loadBalancer:LoadBalancer")).to.equal(1);
    expect(count("aws:rds/instance:Instance")).to.equal(1);
    expect(count("aws:cloudfront/distribution:Distribution")).to.equal(1);
    expect(count("aws:cloudtrail/trail:Trail")).to.equal(1);
  });
});
