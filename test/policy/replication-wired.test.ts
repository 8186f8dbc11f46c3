import { expect } from "chai";
import { replicationWired } from "../../policy/replication-wired.ts";
import { judged, LATER, type Written } from "../support/judged.ts";
import { writtenStack, writtenWithContainers } from "../support/written-stacks.ts";

const NOTIFICATION = "aws:s3/bucketNotification:BucketNotification";
const wrong = (resources: Written[]) => judged(replicationWired, resources).wrong;

/** Stack link without a resource, or with other properties of it. */
async function linkWith(name: string, props?: Record<string, unknown>): Promise<Written[]> {
  const written = await writtenStack("link");
  if (!written.some((each) => each.name === name)) throw new Error(`expected a resource ${name} in link, found none`);
  if (!props) return written.filter((each) => each.name !== name);
  return written.map((each) => (each.name === name ? { ...each, props: { ...each.props, ...props } } : each));
}

describe("policy replication-wired", () => {
  it("takes link as it comes", async () => {
    expect(judged(replicationWired, await writtenStack("link"))).to.deep.equal({ wrong: [], advice: [] });
  });

  const mistakes: [what: string, name: string, props: Record<string, unknown> | undefined, says: string][] = [
    ["dumps that tell nobody", "shop-dumps-copy-events", undefined, "shop-dumps-bucket tells nobody"],
    ["content that nobody follows", "shop-objects-events", undefined, "workload shop, whose content nobody follows"],
    ["events that go nowhere", "shop-objects-events", { queues: [] }, "goes to no queue of the stack"],
    ["a queue without a consumer", "shop-objects-wake", undefined, "shop-objects-queue has no consumer"],
    ["a consumer that is off", "shop-objects-wake", { enabled: false }, "shop-objects-wake is off"],
    ["failures that are lost", "shop-objects-queue", { redrivePolicy: undefined }, "has no dead-letter queue"],
    ["failures that nobody hears of", "shop-objects-set-aside", undefined, "shop-objects-dead-letters has no alarm"],
    ["an alarm that tells nobody", "shop-objects-set-aside", { alarmActions: [] }, "has no alarm"],
  ];
  for (const [what, name, props, says] of mistakes) {
    it(`stops ${what}`, async () => {
      expect(wrong(await linkWith(name, props)).join("\n")).to.include(says);
    });
  }

  describe("of containers' images", () => {
    const mistakes: [what: string, name: string, says: string][] = [
      ["pushes that nobody takes", "shop-containers-wake", "shop-containers-queue has no consumer"],
      ["failures that nobody hears of", "shop-containers-set-aside", "shop-containers-dead-letters has no alarm"],
      ["pushes that go nowhere", "shop-containers-queue", "goes to no queue of the stack"],
    ];
    for (const [what, name, says] of mistakes) {
      it(`stops ${what}`, async () => {
        const written = (await writtenWithContainers("link")).filter((each) => each.name !== name);
        expect(wrong(written).join("\n")).to.include(says);
      });
    }
  });

  describe("of secrets", () => {
    const mistakes: [what: string, name: string, says: string][] = [
      ["changes that nobody takes", "shop-secrets-wake", "shop-secrets-queue has no consumer"],
      ["failures that nobody hears of", "shop-secrets-set-aside", "shop-secrets-dead-letters has no alarm"],
      ["changes that go nowhere", "shop-secrets-queue", "shop-secrets-changes-target goes to no queue of the stack"],
    ];
    for (const [what, name, says] of mistakes) {
      it(`stops ${what}`, async () => {
        expect(wrong(await linkWith(name)).join("\n")).to.include(says);
      });
    }
  });

  it("stops events that say nothing of new objects", async () => {
    const written = await writtenStack("link");
    const { props = {} } = written.find(({ name }) => name === "shop-objects-events") as Written;
    const [queue] = props.queues as object[];
    const deletes = { queues: [{ ...queue, events: ["s3:ObjectRemoved:*"] }] };
    expect(wrong(await linkWith("shop-objects-events", deletes)).join()).to.include("does not tell of new objects");
  });

  it("stops a second notification of the bucket in prod: it would take the first one's place", async () => {
    const written = [...(await writtenStack("prod")), { type: NOTIFICATION, name: "news" }];
    expect(wrong(written).join()).to.include("news would take the place of the replication's");
  });

  it("knows how all hangs together before anything has a name", async () => {
    const later = ["arn", "name", "bucket", "eventSourceArn", "redrivePolicy"];
    const written = (await writtenStack("link")).map(({ props = {}, ...rest }) => ({
      ...rest,
      props: Object.fromEntries(
        Object.entries(props).map(([key, value]) => [key, later.includes(key) ? LATER : value]),
      ),
    }));
    const queues = written.map((each) =>
      each.type === NOTIFICATION ? { ...each, props: { ...each.props, queues: unknownArns(each.props.queues) } } : each,
    );
    const named = queues.map((each) =>
      "dimensions" in each.props ? { ...each, props: { ...each.props, dimensions: { QueueName: LATER } } } : each,
    );
    expect(judged(replicationWired, named).wrong).to.deep.equal([]);
  });

  it("says nothing of other stacks", async () => {
    for (const role of ["prod", "dr", "traffic"] as const) expect(wrong(await writtenStack(role))).to.be.empty;
  });
});

function unknownArns(queues: unknown): object[] {
  return (queues as object[]).map((queue) => ({ ...queue, queueArn: LATER }));
}
