import { expect } from "chai";
import { CONTAINER_LAG_RULE, oldestPushRule } from "../../../components/replication/container-alarms.ts";
import { planContainerQueue, pushPattern } from "../../../components/replication/container-plan.ts";

describe("the queue of images", () => {
  const plan = planContainerQueue();

  it("has runs as long as Lambda's longest, of one message each", () => {
    expect(plan).to.include({ functionTimeoutSeconds: 900, batchSize: 1 });
  });

  it("hides a message six times as long as a run may last, and keeps what failed longer than what waits", () => {
    expect(plan.visibilitySeconds).to.equal(5400);
    expect(plan.keptSeconds).to.be.greaterThan(plan.retentionSeconds);
  });

  it("rings when a push waits longer than three runs, or an image came an hour late", () => {
    expect(oldestPushRule(plan).threshold).to.equal(2700);
    expect(CONTAINER_LAG_RULE.threshold).to.equal(3_600_000);
  });
});

describe("the events of a registry", () => {
  it("are the pushes that went well of the repositories that are copied, of images and of what refers to them", () => {
    expect(JSON.parse(pushPattern(["shop/web", "shop/jobs"]))).to.deep.equal({
      source: ["aws.ecr"],
      "detail-type": ["ECR Image Action", "ECR Referrer Action"],
      detail: {
        "action-type": ["PUSH"],
        result: ["SUCCESS"],
        "repository-name": ["shop/web", "shop/jobs"],
      },
    });
  });
});
