import { expect } from "chai";
import fc from "fast-check";
import {
  databaseRules,
  ERROR_RULES,
  REPLICA_RULES,
  UNHEALTHY_SERVERS_RULE,
} from "../../../components/primary/site-alarms.ts";

const ALL = [...ERROR_RULES, UNHEALTHY_SERVERS_RULE, ...databaseRules(100), ...REPLICA_RULES];
const ruleNamed = (name: string) => ALL.find((rule) => rule.name === name);

describe("the alarms of the primary site", () => {
  it("have each a name of its own, and say what they mean", () => {
    expect(new Set(ALL.map(({ name }) => name)).size).to.equal(ALL.length);
    for (const { description } of ALL) expect(description).to.match(/^.{20,}\.$|:/);
  });

  it("have periods that CloudWatch takes, within the day that it looks back", () => {
    for (const { periodSeconds, periods } of ALL) {
      expect(periodSeconds % 60).to.equal(0);
      expect(periodSeconds * periods).to.be.within(60, 86_400);
    }
  });

  it("ring for errors of the load balancer and of the servers, and take their silence for none", () => {
    expect(ERROR_RULES.map(({ metric }) => metric)).to.deep.equal([
      "HTTPCode_ELB_5XX_Count",
      "HTTPCode_Target_5XX_Count",
    ]);
    for (const rule of ERROR_RULES) {
      expect(rule).to.include({ statistic: "Sum", rings: "above", threshold: 10, periods: 3, silenceIs: "well" });
    }
  });

  it("ring for one server that stays unhealthy, and for a site that has none", () => {
    expect(UNHEALTHY_SERVERS_RULE).to.include({
      metric: "UnHealthyHostCount",
      statistic: "Maximum",
      rings: "above",
      threshold: 0,
      silenceIs: "ill",
    });
  });

  it("ring when a twentieth of the database's storage is free: RDS should have enlarged it at a tenth", () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 65_536 }), (storageGib) => {
        const [storage] = databaseRules(storageGib);
        expect(storage).to.include({ metric: "FreeStorageSpace", statistic: "Minimum", rings: "below" });
        expect(storage?.threshold).to.be.closeTo(0.05 * storageGib * 2 ** 30, 1);
        expect(storage?.threshold).to.be.below(0.1 * storageGib * 2 ** 30);
      }),
    );
  });

  it("ring for a database that is busy for a quarter of an hour, and for one that tells nothing", () => {
    expect(ruleNamed("database-cpu")).to.include({
      metric: "CPUUtilization",
      statistic: "Average",
      threshold: 90,
      periodSeconds: 300,
      periods: 3,
    });
    for (const rule of databaseRules(100)) expect(rule.silenceIs).to.equal("ill");
  });

  it("ring for a replica that is five minutes behind, or has stopped, which it tells by -1", () => {
    expect(ruleNamed("replica-lag")).to.include({ metric: "ReplicaLag", rings: "above", threshold: 300 });
    expect(ruleNamed("replica-stopped")).to.include({ metric: "ReplicaLag", rings: "below", threshold: 0 });
  });
});
