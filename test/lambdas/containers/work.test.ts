import type { SQSRecord } from "aws-lambda";
import { expect } from "chai";
import { ANYBODY } from "../../../lambdas/containers/authorization.ts";
import { askFor } from "../../../lambdas/containers/events.ts";
import { Registry } from "../../../lambdas/containers/registry.ts";
import { compare, sweep } from "../../../lambdas/containers/sweep.ts";
import { type Replicator, work } from "../../../lambdas/containers/work.ts";
import { RefusedError } from "../../../lambdas/objects/rest.ts";
import { MOST_TRIES } from "../../../lambdas/objects/tries.ts";
import { Metrics } from "../../../lambdas/shared/metrics.ts";
import { image, Repository } from "../../support/images.ts";
import { Random } from "../../support/random.ts";
import { RecordedMessages, SteeredMarker, useQuietLog } from "../../support/recorded.ts";
import { freshName, useRegistries } from "../../support/registries.ts";

class Failing extends Registry {
  error: Error | undefined;
  override async digestOf(repository: string, reference: string): Promise<string | undefined> {
    if (this.error) throw this.error;
    return super.digestOf(repository, reference);
  }
}

describe("a push, as the replicator of images works on it", () => {
  useQuietLog();
  const registries = useRegistries({ source: "olareg", target: "olareg" });
  const random = new Random(2026);
  let name: string;
  let source: Repository;
  let target: Repository;
  let sourceRegistry: Failing;
  let messages: RecordedMessages;
  let marker: SteeredMarker;
  let metrics: Metrics;
  let replicator: Replicator;

  beforeEach(async () => {
    name = freshName();
    source = new Repository(registries("source"), name);
    target = new Repository(registries("target"), name);
    sourceRegistry = new Failing(registries("source"), ANYBODY);
    messages = new RecordedMessages();
    marker = new SteeredMarker();
    metrics = new Metrics();
    replicator = {
      ...{ source: sourceRegistry, target: new Registry(registries("target"), ANYBODY) },
      ...{ repositories: [name], places: new Map(), messages, marker, metrics },
    };
    await source.push(image([random.bytes(100)]), "v1");
  });

  const handle = (body: string, receives = 1, deadline = Number.POSITIVE_INFINITY) => {
    const attributes = { ApproximateReceiveCount: String(receives) };
    const record = { messageId: "message-1", receiptHandle: "handle-1", body, attributes } as SQSRecord;
    return work(replicator, record, deadline);
  };
  const push = (detail: object, time = new Date()) =>
    JSON.stringify({ source: "aws.ecr", time, detail: { "repository-name": name, ...detail } });
  const counted = () => {
    const values: Record<string, number[]> = {};
    metrics.flush({}, (line) => Object.assign(values, { ...JSON.parse(line), _aws: undefined }));
    return values;
  };

  it("brings the image, and counts it with its bytes and how late it is", async () => {
    expect(await handle(push({ "image-tag": "v1" }, new Date(Date.now() - 5000)))).to.equal(true);
    expect(await target.contentOf("v1")).to.deep.equal(await source.contentOf("v1"));
    const { Copied, Bytes: [bytes = 0] = [], LagMilliseconds: [lag = 0] = [] } = counted();
    expect(Copied).to.deep.equal([1]);
    expect(bytes).to.be.greaterThan(100);
    expect(lag).to.be.within(5000, 60_000);
  });

  it("is done with when it comes twice, or what was pushed is gone", async () => {
    await handle(push({ "image-tag": "v1" }));
    counted();
    expect(await handle(push({ "image-tag": "v1" }))).to.equal(true);
    expect(await handle(push({ "image-tag": "v9" }))).to.equal(true);
    expect(counted()).to.include.keys("Unchanged", "Gone").and.to.not.have.property("LagMilliseconds");
  });

  it("goes on in another invocation when its time is over", async () => {
    const body = push({ "image-tag": "v1" });
    expect(await handle(body, 1, performance.now() - 1)).to.equal(true);
    expect(messages.sent).to.deep.equal([body]);
    expect(await target.tags()).to.deep.equal([]);
  });

  it("is left to a later sweep while the site is declared lost: its images are the standby's", async () => {
    marker.says = () => true;
    expect(await handle(push({ "image-tag": "v1" }))).to.equal(true);
    expect(await target.tags()).to.deep.equal([]);
    expect(counted()).to.have.property("Fenced");
    expect(messages.setAsides).to.be.empty;
  });

  it("is set aside with the reason where no other try mends it", async () => {
    for (const body of ["{}", push({ "repository-name": "another", "image-tag": "v1" })]) {
      expect(await handle(body)).to.equal(true);
    }
    expect(messages.setAsides.map(({ reason }) => reason)).to.deep.equal([
      messages.setAsides[0]?.reason,
      `expected a push to one of ${name}, found another`,
    ]);
    expect(messages.setAsides[0]?.reason).to.match(/^expected an event of a push/);
  });

  it("comes again later when a registry fails, and no sooner than that asks", async () => {
    sourceRegistry.error = new RefusedError("HEAD", 503, "UNAVAILABLE");
    expect(await handle(push({ "image-tag": "v1" }))).to.equal(false);
    sourceRegistry.error = new RefusedError("HEAD", 429, "TOOMANYREQUESTS", 600);
    expect(await handle(push({ "image-tag": "v1" }))).to.equal(false);
    const [first, second] = messages.waits.map(({ seconds }) => seconds);
    expect(first).to.be.lessThan(10);
    expect(second).to.equal(600);
  });

  it("is set aside after many tries, and sooner where the right is missing", async () => {
    sourceRegistry.error = new RefusedError("HEAD", 403, "DENIED");
    expect([await handle(push({ "image-tag": "v1" }), 9), await handle(push({ "image-tag": "v1" }), 10)]).to.deep.equal(
      [false, true],
    );
    sourceRegistry.error = new Error("connection reset");
    expect(await handle(push({ "image-tag": "v1" }), MOST_TRIES)).to.equal(true);
    expect(messages.setAsides.map(({ key }) => key)).to.deep.equal([`${name}:v1`, `${name}:v1`]);
  });

  it("takes a missing right for the declaration's while one stands", async () => {
    sourceRegistry.error = new RefusedError("HEAD", 403, "DENIED");
    let looks = 0;
    // The right may go a moment before the marker comes.
    marker.says = () => ++looks > 1;
    expect(await handle(push({ "image-tag": "v1" }))).to.equal(true);
    expect(messages.setAsides).to.be.empty;
  });

  describe("the night's sweep", () => {
    it("asks for every tag of every repository", async () => {
      await source.push(image([random.bytes(10)]), "v2");
      expect(await sweep(replicator)).to.equal(2);
      expect(messages.sent).to.have.members(["v1", "v2"].map((tag) => askFor(name, tag)));
    });

    it("asks for nothing of a repository that is not there", async () => {
      expect(await sweep({ ...replicator, repositories: ["never/was"] })).to.equal(0);
    });
  });

  describe("how the repositories stand", () => {
    it("is told by the tags that are missing or differ; what only the target has is its own", async () => {
      await handle(push({ "image-tag": "v1" }));
      await source.push(image([random.bytes(10)]), "v2");
      await target.push(image([random.bytes(10)]), "theirs");
      const standing = async () => compare(replicator.source, replicator.target, [name]);
      expect(await standing()).to.deep.equal([{ repository: name, tags: 2, behind: ["v2"] }]);
      await source.push(image([random.bytes(11)]), "v1");
      expect(await standing()).to.deep.equal([{ repository: name, tags: 2, behind: ["v1", "v2"] }]);
    });
  });
});
