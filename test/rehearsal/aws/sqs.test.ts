import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { useLocalAws } from "./local-aws.ts";

const QUEUE = "aws:sqs/queue:Queue";
const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";

describe("the local AWS's SQS", () => {
  const aws = useLocalAws();
  const arnOf = (name: string) => `arn:aws:sqs:eu-central-1:111122223333:${name}`;

  describe("a queue", () => {
    it("is made with its settings, takes new ones in place, and is gone once it is deleted", async () => {
      const deadLetterTargetArn = (await aws.deploy(QUEUE, { name: "dead-letters" })).properties.arn;
      const inputs = {
        name: "letters",
        visibilityTimeoutSeconds: 1800,
        messageRetentionSeconds: 1_209_600,
        sqsManagedSseEnabled: true,
        redrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 5 }),
        tags: { Name: "a" },
      };
      const queue = await aws.deploy(QUEUE, inputs);
      expect(queue.id).to.match(/^https:.*\/111122223333\/letters$/);
      expect(queue.properties).to.include({ url: queue.id, arn: arnOf("letters") });
      expect(await queue.refresh()).to.deep.equal(inputs);

      const next = { name: "letters", visibilityTimeoutSeconds: 60, delaySeconds: 5, tags: { Other: "b" } };
      await queue.update(next);
      expect(await queue.refresh()).to.deep.equal(next);

      await queue.delete();
      await queue.delete();
      expect(await queue.refresh()).to.equal(undefined);
    });

    it("goes back to what SQS begins with when a setting is no longer given", async () => {
      const queue = await aws.deploy(QUEUE, { name: "resettable", visibilityTimeoutSeconds: 1800 });
      await queue.update({ name: "resettable" });
      await queue.update({ name: "resettable", visibilityTimeoutSeconds: 30 });
      expect(await queue.refresh()).to.deep.equal({ name: "resettable", visibilityTimeoutSeconds: 30 });
    });

    it("may be FIFO", async () => {
      const inputs = { name: "ordered.fifo", fifoQueue: true, contentBasedDeduplication: true };
      expect(await (await aws.deploy(QUEUE, inputs)).refresh()).to.deep.equal(inputs);
    });

    const redrive = (name: string, maxReceiveCount: unknown) => ({
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(name), maxReceiveCount }),
    });
    const refused: [string, Properties, RegExp][] = [
      ["a letter that no name has", { name: "letters!" }, /"letters!" is no queue name/],
      ["a name that is too long", { name: "a".repeat(81) }, /1 to 80/],
      ["the name of a FIFO queue", { name: "a.fifo" }, /fifoQueue is not true/],
      ["a FIFO queue without its suffix", { name: "a", fifoQueue: true }, /does not end with ".fifo"/],
      ["a name that is taken", { name: "standing" }, /QueueAlreadyExists/],
      ["too long a visibility time-out", { visibilityTimeoutSeconds: 43_201 }, /43201 is out of range: 0 to 43200/],
      ["too short a retention", { messageRetentionSeconds: 59 }, /60 to 1209600/],
      ["too long a delay", { delaySeconds: 901 }, /0 to 900/],
      ["too long a wait", { receiveWaitTimeSeconds: 21 }, /0 to 20/],
      ["too large a message", { maxMessageSize: 1_048_577 }, /1024 to 1048576/],
      ["too short a key reuse", { kmsDataKeyReusePeriodSeconds: 59 }, /60 to 86400/],
      ["deduplication without FIFO", { contentBasedDeduplication: true }, /true without fifoQueue/],
      ["an unknown deduplication scope", { deduplicationScope: "all" }, /"all" is none of messageGroup, queue/],
      [
        "high throughput with deduplication by queue",
        { name: "a.fifo", fifoQueue: true, fifoThroughputLimit: "perMessageGroupId", deduplicationScope: "queue" },
        /needs "messageGroup"/,
      ],
      ["two encryptions", { sqsManagedSseEnabled: true, kmsMasterKeyId: "alias/aws/sqs" }, /one kind of encryption/],
      ["a redrive policy that is no JSON", { redrivePolicy: "standing" }, /names no queue/],
      ["no receive", redrive("standing", 0), /maxReceiveCount is 0: 1 to 1000/],
      ["too many receives", redrive("standing", 1001), /1 to 1000/],
      ["a dead-letter queue that is not there", redrive("none", 5), /there is no queue ".*:none"/],
      ["a FIFO dead-letter queue", redrive("none.fifo", 5), /is of the other kind/],
      ["a policy that is none", { policy: "{}" }, /policy: .*Version/],
    ];
    describe("refuses", () => {
      before(() => aws.deploy(QUEUE, { name: "standing" }));
      for (const [what, inputs, reason] of refused) {
        it(what, async () => {
          expect(await aws.refusals(QUEUE, inputs)).to.match(reason);
        });
      }
    });

    it("does not stand in its own way", async () => {
      await aws.deploy(QUEUE, { name: "own" });
      expect(await aws.refusals(QUEUE, { name: "own", delaySeconds: 1 }, { name: "own" })).to.equal("");
    });
  });

  describe("a queue's policy", () => {
    const policy = (sid: string) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: sid,
            Effect: "Allow",
            Principal: { Service: "s3.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: "*",
          },
        ],
      });

    it("is put, changed and taken away, and the queue shows no drift", async () => {
      const queue = await aws.deploy(QUEUE, { name: "guarded" });
      const inputs = { queueUrl: queue.id, policy: policy("one") };
      const guard = await aws.deploy(QUEUE_POLICY, inputs);
      expect(guard.id).to.equal(queue.id);
      expect(await guard.refresh()).to.deep.equal(inputs);
      await guard.update({ ...inputs, policy: policy("two") });
      expect(await guard.refresh()).to.deep.equal({ ...inputs, policy: policy("two") });
      expect(await queue.refresh()).to.deep.equal({ name: "guarded" });

      await guard.delete();
      expect(await guard.refresh()).to.equal(undefined);
      await queue.delete();
      await guard.delete();
    });

    it("refuses a queue that is not there, and what is no policy", async () => {
      const queueUrl = `${aws.cloud.arn("sqs", "x")}/none`;
      expect(await aws.refusals(QUEUE_POLICY, { queueUrl, policy: policy("one") })).to.match(/NonExistentQueue/);
      expect(await aws.refusals(QUEUE_POLICY, { policy: "[]" })).to.match(/is no policy: a JSON object/);
      expect(await aws.refusals(QUEUE_POLICY, { policy: policy("a".repeat(8192)) })).to.match(/8192 at most/);
    });
  });
});
