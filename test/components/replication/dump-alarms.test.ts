import { expect } from "chai";
import {
  FAILED_DUMP_RULES,
  FAILED_SWEEP_RULE,
  MISSING_DUMP_RULE,
} from "../../../components/replication/dump-alarms.ts";

const ALL = [...FAILED_DUMP_RULES, MISSING_DUMP_RULE, FAILED_SWEEP_RULE];

describe("the alarms of the dumps", () => {
  it("ring at every end that leaves a night without a dump, at the first one", () => {
    expect(FAILED_DUMP_RULES.map(({ metric }) => metric)).to.have.members([
      "ExecutionsFailed",
      "ExecutionsTimedOut",
      "ExecutionsAborted",
    ]);
    for (const rule of FAILED_DUMP_RULES) {
      expect(rule, rule.name).to.include({ rings: "above", threshold: 0, periods: 1, silenceIs: "well" });
    }
  });

  it("ring when there was no dump within 26 hours, also when there was nothing at all", () => {
    const { metric, rings, threshold, periods, periodSeconds, silenceIs } = MISSING_DUMP_RULE;
    expect({ metric, rings, threshold, silenceIs }).to.deep.equal({
      metric: "ExecutionsSucceeded",
      rings: "below",
      threshold: 1,
      silenceIs: "ill",
    });
    expect(periods * periodSeconds).to.equal(26 * 3600);
  });

  it("look back no further than CloudWatch lets them", () => {
    for (const { name, periods, periodSeconds } of ALL) {
      const most = periodSeconds >= 3600 ? 7 * 86_400 : 86_400;
      expect(periods * periodSeconds, name).to.be.at.most(most);
    }
  });

  it("let the sweeper's next hour be its second try", () => {
    expect(FAILED_SWEEP_RULE).to.include({ periodSeconds: 3600, periods: 3 });
  });

  it("have names of their own, and say what to do", () => {
    expect(new Set(ALL.map(({ name }) => name)).size).to.equal(ALL.length);
    for (const { description } of ALL) expect(description).to.match(/: .*(start|see|raise)/);
  });
});
