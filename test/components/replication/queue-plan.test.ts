import { expect } from "chai";
import fc from "fast-check";
import { planQueue } from "../../../components/replication/queue-plan.ts";

const anyConcurrency = fc.integer({ min: 2, max: 1000 });

describe("the plan of the replication queue", () => {
  it("runs as many replicators at once as it is told, and changes nothing else for that", () => {
    fc.assert(
      fc.property(anyConcurrency, anyConcurrency, (one, other) => {
        expect(planQueue(one).concurrency).to.equal(one);
        expect({ ...planQueue(one), concurrency: other }).to.deep.equal(planQueue(other));
      }),
    );
  });

  const plan = planQueue(20);

  it("hides a message for six times as long as a replicator may run", () => {
    expect(plan.visibilitySeconds).to.be.at.least(6 * plan.functionTimeoutSeconds);
  });

  it("gives a message at least five tries before it is set aside", () => {
    expect(plan.maxReceives).to.be.at.least(5);
  });

  it("keeps what is set aside as long as SQS can, 14 days, and so longer than the queue itself", () => {
    expect(plan.deadLetterRetentionSeconds).to.equal(1_209_600);
    expect(plan.retentionSeconds).to.be.below(plan.deadLetterRetentionSeconds);
  });

  it("stays within the limits of Lambda (15 min) and of SQS (12 h, batches of 10)", () => {
    expect(plan.functionTimeoutSeconds).to.be.within(1, 900);
    expect(plan.visibilitySeconds).to.be.within(1, 43_200);
    expect(plan.batchSize).to.be.within(1, 10);
  });

  it("tries every message to the end before it is dropped", () => {
    expect(plan.maxReceives * plan.visibilitySeconds).to.be.lessThan(plan.retentionSeconds);
  });
});
