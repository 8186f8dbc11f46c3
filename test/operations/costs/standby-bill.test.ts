import { expect } from "chai";
import { DISASTERS, type Disaster } from "../../../components/standby/disaster.ts";
import { STRATEGIES } from "../../../components/standby/standby-plan.ts";
import { standbyBill } from "../../../operations/costs/standby-bill.ts";
import { dr } from "../../../stacks/dr.ts";
import type { Settings } from "../../../stacks/settings.ts";
import { deploy } from "../../support/mocks.ts";
import { lineOf, namesOf, planOf, standbyWith } from "./sites.ts";

function billWith(own: Partial<Settings<"dr">> = {}, disaster: Disaster = "none") {
  const settings = standbyWith(own);
  return standbyBill(settings, planOf(settings, disaster));
}

/** What a resource's being there makes a line of. */
const BILLED = {
  "azure-native:network:NatGateway": "NAT gateway",
  "azure-native:dbformysql:Server": "database, storage",
  "azure-native:cdn:Profile": "Front Door",
  "azure-native:privatedns:PrivateZone": "private DNS zone",
  "azure-native:dns:Zone": "break-glass DNS zone",
  "azure-native:monitor:ScheduledQueryRule": "database's alarms",
};

describe("the standby's bill", () => {
  for (const strategy of STRATEGIES) {
    for (const declareDisaster of DISASTERS) {
      it(`has what ${strategy} registers with ${declareDisaster} declared, and nothing else by the hour`, async () => {
        const settings = standbyWith({ strategy, declareDisaster });
        const { resources } = await deploy(() => dr([settings]), {
          functions: {
            "azure-native:authorization:getClientConfig": { tenantId: "11111111-2222-4333-8444-555555555555" },
          },
        });
        const bill = standbyBill(settings, planOf(settings, declareDisaster));
        const beginning = (name: string) => namesOf(bill).some((what) => what === name || what.startsWith(`${name},`));
        for (const [type, name] of Object.entries(BILLED)) {
          expect(beginning(name), name).to.equal(resources.ofType(type).length > 0);
        }
        const [balancer] = resources.ofType("azure-native:network:LoadBalancer");
        const rules = balancer?.inputs.loadBalancingRules as unknown[];
        expect(beginning("load balancer")).to.equal(rules.length > 0);
        const addresses = bill.filter(({ what }) => what.endsWith("public address"));
        expect(addresses.length).to.equal(resources.ofType("azure-native:network:PublicIPAddress").length);
      });
    }
  }

  it("has the edge and the copies always, and servers only where the plan has some", () => {
    for (const strategy of STRATEGIES) {
      const bill = billWith({ strategy });
      expect(namesOf(bill), strategy).to.include.members(["Front Door", "content, storage", "public address"]);
      const warm = strategy === "warm-standby" || strategy === "active-active";
      expect(namesOf(bill).some((what) => what.startsWith("servers"))).to.equal(warm);
    }
  });

  it("has no database under backup-restore, and two of them once it is restored", () => {
    expect(namesOf(billWith({ strategy: "backup-restore" })).join()).not.to.include("database");
    const restored = billWith({ strategy: "backup-restore" }, "database");
    expect(lineOf(restored, "database, Standard_D4ads_v5, two zones").quantity).to.equal(2 * 730);
    expect(lineOf(restored, "database, storage, two zones").quantity).to.equal(2 * 200);
  });

  it("has a stopped database pay for its storage and the hours and operations of the night", () => {
    const stopped = billWith({ strategy: "pilot-light" });
    expect(lineOf(stopped, "database, Standard_D4ads_v5").quantity).to.be.closeTo((1.5 * 365) / 12, 1e-9);
    expect(lineOf(stopped, "database, storage").quantity).to.equal(200);
    // 80 GiB in pages of 16 KiB, one and a half times, each night.
    expect(lineOf(stopped, "database, operations").quantity).to.be.closeTo((5.24288 * 1.5 * 365) / 12, 1e-6);
    const promoted = billWith({ strategy: "pilot-light" }, "database");
    expect(lineOf(promoted, "database, Standard_D4ads_v5").quantity).to.equal(730);
  });

  it("has a follower in its reduced size, with the operations of what changes", () => {
    const running = billWith({ strategy: "warm-standby" });
    expect(lineOf(running, "database, Standard_D2ads_v5").quantity).to.equal(730);
    expect(lineOf(running, "database, operations").quantity).to.be.below(10);
    const promoted = billWith({ strategy: "warm-standby" }, "site");
    expect(lineOf(promoted, "database, Standard_D2ads_v5").quantity).to.equal(730);
  });

  it("keeps dumps by their kinds, none shorter than it is immutable, and with every strategy", () => {
    const kept = (own: Partial<Settings<"dr">>) => lineOf(billWith(own), "dumps, storage").quantity / 16;
    const days = { dailyDumps: 14, weeklyDumps: 35, monthlyDumps: 400, immutabilityDays: 1 };
    expect(kept(days)).to.be.closeTo((302.57 * 14 + 50.43 * 35 + 12 * 400) / 365, 0.01);
    expect(kept({ ...days, monthlyDumps: 765 }) - kept(days)).to.be.closeTo(12, 1e-9);
    expect(kept({ ...days, immutabilityDays: 30 })).to.be.closeTo(kept({ ...days, dailyDumps: 30 }), 1e-9);
    expect(kept({ ...days, immutabilityDays: 400 })).to.be.closeTo(400, 1e-9);
    for (const strategy of STRATEGIES) expect(kept({ ...days, strategy })).to.equal(kept(days));
  });

  it("keeps deleted dumps as long as all that is softly deleted", () => {
    const deleted = (copyRetentionDays: number) =>
      lineOf(billWith({ copyRetentionDays }), "dumps softly deleted").quantity;
    expect([7, 30].map(deleted)).to.deep.equal([16 * 7, 16 * 30]);
  });

  it("fetches a dump and runs the controller for it each night, where the database is loaded by night", () => {
    const night = billWith({ strategy: "pilot-light" });
    expect(lineOf(night, "dumps, fetched").quantity).to.be.closeTo((16 * 365) / 12, 1e-9);
    const warm = billWith({ strategy: "warm-standby" });
    expect(namesOf(warm)).not.to.include("dumps, fetched by the load");
    const more = lineOf(night, "controller, time").quantity - lineOf(warm, "controller, time").quantity;
    expect(more * 1e6).to.be.closeTo(1.25 * 3600 * 2 * (365 / 12), 1e-3);
  });

  it("pays for the copies by their tier", () => {
    const price = (copyTier: Settings<"dr">["copyTier"]) => lineOf(billWith({ copyTier }), "content, storage").price;
    expect(price("Hot")).to.be.above(price("Cool"));
    expect(price("Cool")).to.be.above(price("Cold"));
    const fetched = (copyTier: Settings<"dr">["copyTier"]) =>
      namesOf(billWith({ copyTier }, "content")).includes("content, fetched by the edge");
    expect([fetched("Hot"), fetched("Cool"), fetched("Cold")]).to.deep.equal([false, true, true]);
  });

  it("pays for users where they are served, and for half of them where both sites serve", () => {
    const served = (strategy: Settings<"dr">["strategy"], disaster: Disaster) => {
      const found = billWith({ strategy }, disaster).find(({ what }) => what === "Front Door, answers");
      return found?.quantity ?? 0;
    };
    expect(served("pilot-light", "none")).to.equal(0);
    expect(served("pilot-light", "database")).to.equal(0);
    expect(served("pilot-light", "content")).to.equal(1500);
    expect(served("pilot-light", "site")).to.equal(2000);
    expect(served("active-active", "none")).to.equal(1000);
    expect(served("active-active", "content")).to.equal(1750);
  });
});
