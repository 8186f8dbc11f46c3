import { expect } from "chai";
import { LAG_RULE, oldestEventRule, parkedRule, SET_ASIDE_RULE } from "../../../components/replication/queue-alarms.ts";
import { planQueue } from "../../../components/replication/queue-plan.ts";

describe("the alarms of the replication", () => {
  const plan = planQueue(20);
  const oldest = oldestEventRule(plan);
  const parked = parkedRule(plan);

  it("ring when the oldest event waits for longer than three runs may take", () => {
    expect(oldest).to.include({ metric: "ApproximateAgeOfOldestMessage", rings: "above", threshold: 360 });
  });

  it("ring before an event that a dead replicator held is tried again: a quarter of an hour later is late", () => {
    expect(oldest.threshold + oldest.periods * oldest.periodSeconds).to.be.below(plan.visibilitySeconds);
  });

  it("ring for a single event that was set aside", () => {
    expect(SET_ASIDE_RULE).to.include({
      metric: "ApproximateNumberOfMessagesVisible",
      rings: "above",
      threshold: 0,
      periods: 1,
    });
  });

  it("ring for a single copy that came more than a quarter of an hour late, by the replicator's own metric", () => {
    expect(LAG_RULE).to.include({
      namespace: "multicloud-dr",
      metric: "LagMilliseconds",
      statistic: "Maximum",
      threshold: 900_000,
      periods: 1,
    });
  });

  it("ring four days before what is parked is lost", () => {
    expect(parked).to.include({ metric: "ApproximateAgeOfOldestMessage", rings: "above", threshold: 864_000 });
    expect(parked.threshold).to.equal(plan.keptSeconds - 345_600);
  });

  it("look at the worst of a minute, and take an unused queue's silence for well", () => {
    for (const rule of [oldest, SET_ASIDE_RULE, parked, LAG_RULE]) {
      expect(rule).to.include({ statistic: "Maximum", periodSeconds: 60, silenceIs: "well" });
    }
    for (const rule of [oldest, SET_ASIDE_RULE, parked]) expect(rule.namespace).to.equal("AWS/SQS");
  });

  it("have names of their own", () => {
    const names = [oldest, SET_ASIDE_RULE, parked, LAG_RULE].map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
  });
});
