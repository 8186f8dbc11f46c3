import { expect } from "chai";
import { DISASTERS } from "../../../components/standby/disaster.ts";
import { STRATEGIES, type Strategy } from "../../../components/standby/standby-plan.ts";
import { totalOf } from "../../../operations/costs/bill.ts";
import { replicationBill, vpnBill } from "../../../operations/costs/link-bill.ts";
import { lineOf, namesOf, planOf, primaryWith, standbyWith } from "./sites.ts";

function replication(strategy: Strategy) {
  const standby = standbyWith({ strategy });
  return replicationBill(standby, primaryWith(), planOf(standby));
}

describe("what goes between the sites", () => {
  it("carries a dump each night to a database that does not run, and changes to one that does", () => {
    for (const strategy of ["backup-restore", "pilot-light"] as const) {
      expect(lineOf(replication(strategy), "dumps, from AWS").quantity).to.be.closeTo((16 * 365) / 12, 1e-9);
      expect(lineOf(replication(strategy), "dumps, replica db.m7g.xlarge").quantity).to.be.closeTo(45.7, 0.1);
    }
    for (const strategy of ["warm-standby", "active-active"] as const) {
      expect(namesOf(replication(strategy)).join()).not.to.include("dumps");
      expect(lineOf(replication(strategy), "database's changes").quantity).to.be.closeTo(73, 1e-9);
    }
  });

  it("carries the content with every strategy", () => {
    for (const strategy of STRATEGIES) {
      expect(lineOf(replication(strategy), "content, from AWS").quantity).to.equal(25);
    }
  });

  it("looks for a declaration of each name, and whether a standby that runs is ready", () => {
    expect(lineOf(replication("pilot-light"), "health checks, options").quantity).to.equal(9);
    expect(lineOf(replication("warm-standby"), "health checks, options").quantity).to.equal(12);
  });

  it("has a VPN where the database follows live, and where the database alone is lost", () => {
    const stands = (strategy: Strategy) =>
      DISASTERS.filter((disaster) => {
        const settings = standbyWith({ strategy });
        return totalOf(vpnBill(settings, planOf(settings, disaster))) > 0;
      });
    expect(stands("backup-restore")).to.deep.equal(["database"]);
    expect(stands("pilot-light")).to.deep.equal(["database"]);
    expect(stands("warm-standby")).to.deep.equal([...DISASTERS]);
    expect(stands("active-active")).to.deep.equal([...DISASTERS]);
  });
});
