import { expect } from "chai";
import { oldestEventRule, SET_ASIDE_RULE } from "../../../components/replication/queue-alarms.ts";
import { planQueue } from "../../../components/replication/queue-plan.ts";

describe("the alarms of the replication queue", () => {
  const plan = planQueue(20);
  const lag = oldestEventRule(plan);

  it("ring when the oldest event waits for longer than three runs may take", () => {
    expect(lag).to.include({ metric: "ApproximateAgeOfOldestMessage", rings: "above", threshold: 900 });
  });

  it("ring before a failed event is tried again: half an hour later is late", () => {
    expect(lag.threshold + lag.periods * lag.periodSeconds).to.be.below(plan.visibilitySeconds);
  });

  it("ring for a single event that was set aside", () => {
    expect(SET_ASIDE_RULE).to.include({
      metric: "ApproximateNumberOfMessagesVisible",
      rings: "above",
      threshold: 0,
      periods: 1,
    });
  });

  it("look at the worst of a period, and take an unused queue's silence for well", () => {
    for (const rule of [lag, SET_ASIDE_RULE]) {
      expect(rule).to.include({ namespace: "AWS/SQS", statistic: "Maximum", silenceIs: "well" });
    }
  });
});
