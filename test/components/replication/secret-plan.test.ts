import { expect } from "chai";
import { driftRule, SECRETS_SET_ASIDE_RULE } from "../../../components/replication/secret-alarms.ts";
import { planSecrets } from "../../../components/replication/secret-plan.ts";

describe("the plan of the secrets' way", () => {
  it("compares each hour beside the events, or twice at night without them", () => {
    expect(planSecrets("live")).to.include({ events: true, sweeps: "rate(1 hour)", twoSweepsSeconds: 7200 });
    expect(planSecrets("nightly")).to.include({
      events: false,
      sweeps: "cron(10 0,1 * * ? *)",
      twoSweepsSeconds: 86_400,
    });
  });

  it("hides a message six times as long as a run may take, and keeps what is set aside for longer than what waits", () => {
    for (const mode of ["live", "nightly"] as const) {
      const plan = planSecrets(mode);
      expect(plan.visibilitySeconds).to.equal(6 * plan.functionTimeoutSeconds);
      expect(plan.keptSeconds).to.be.above(plan.retentionSeconds);
    }
  });
});

describe("the alarms of the secrets' way", () => {
  it("ring for a single secret that was set aside", () => {
    expect(SECRETS_SET_ASIDE_RULE).to.include({ rings: "above", threshold: 0, periods: 1 });
  });

  it("ring for what two comparisons in a row found, or where nobody compares", () => {
    for (const mode of ["live", "nightly"] as const) {
      const plan = planSecrets(mode);
      expect(driftRule(plan)).to.include({
        ...{ metric: "Drifted", statistic: "Minimum", threshold: 0, silenceIs: "ill" },
        periodSeconds: plan.twoSweepsSeconds,
      });
    }
  });
});
