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

  it("loses two minutes of work at most when a replicator dies", () => {
    expect(plan.functionTimeoutSeconds).to.equal(120);
  });

  it("hides a message for exactly six times as long as a replicator may run", () => {
    expect(plan.visibilitySeconds).to.equal(6 * plan.functionTimeoutSeconds);
  });

  it("does not set aside what the other side does not take for a day", () => {
    const waits = Array.from({ length: plan.maxReceives }, (_, tries) => Math.min(5 * 2 ** tries, 900));
    expect(waits.reduce((sum, seconds) => sum + seconds)).to.be.greaterThan(24 * 60 * 60);
  });

  it("gives a message at least five tries before it is set aside", () => {
    expect(plan.maxReceives).to.be.within(5, 1000);
  });

  it("keeps what is set aside or parked as long as SQS can, 14 days, and so longer than the queue itself", () => {
    expect(plan.keptSeconds).to.equal(1_209_600);
    expect(plan.retentionSeconds).to.be.below(plan.keptSeconds);
  });

  it("leaves whoever mends what was set aside a week at least", () => {
    expect(plan.keptSeconds - plan.retentionSeconds).to.be.at.least(7 * 24 * 60 * 60);
  });

  it("stays within the limits of Lambda (15 min, 128 to 10240 MB) and of SQS (12 h, batches of 10)", () => {
    expect(plan.functionTimeoutSeconds).to.be.within(1, 900);
    expect(plan.memoryMib).to.be.within(128, 10_240);
    expect(plan.visibilitySeconds).to.be.within(1, 43_200);
    expect(plan.batchSize).to.be.within(1, 10);
  });

  it("has room for the 128 MiB of content that a replicator holds, twice over", () => {
    expect(plan.memoryMib).to.be.at.least(2 * 128);
  });

  it("tries every message to the end before it is dropped, even if each try ends in a crash", () => {
    expect(plan.maxReceives * Math.max(plan.visibilitySeconds, 900)).to.be.lessThan(plan.retentionSeconds);
  });
});
