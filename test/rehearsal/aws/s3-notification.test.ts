import { PutObjectCommand } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { failure, useLocalAws } from "./local-aws.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const NOTIFICATION = "aws:s3/bucketNotification:BucketNotification";
const QUEUE = "aws:sqs/queue:Queue";
const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";

const policyOf = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });

describe("a bucket's events in the local AWS", () => {
  const aws = useLocalAws();
  const bucketCalled = async (bucket: string) => (await aws.deploy(BUCKET, { bucket })).id;
  const put = (Bucket: string, Key: string) => aws.cloud.s3.send(new PutObjectCommand({ Bucket, Key, Body: "text" }));

  describe("events", () => {
    const queueThatTakes = async (name: string, source: string) => {
      const queue = await aws.deploy(QUEUE, { name });
      const policy = policyOf({
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queue.properties.arn,
        Condition: { ArnEquals: { "aws:SourceArn": `arn:aws:s3:::${source}` } },
      });
      await aws.deploy(QUEUE_POLICY, { queueUrl: queue.id, policy });
      return { url: queue.id, arn: String(queue.properties.arn) };
    };
    const receive = async (QueueUrl: string) => {
      const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 });
      const { Messages = [] } = await aws.cloud.sqs.send(command);
      return Messages.map(({ Body = "" }) => JSON.parse(Body));
    };

    it("reach the queue: first a test, then what happens to the objects", async () => {
      const bucket = await bucketCalled("speaks");
      const queue = await queueThatTakes("listens", bucket);
      const inputs = {
        bucket,
        queues: [{ queueArn: queue.arn, events: ["s3:ObjectRemoved:*", "s3:ObjectCreated:*"] }],
      };
      const notification = await aws.deploy(NOTIFICATION, inputs);
      expect((await receive(queue.url))[0]).to.include({ Event: "s3:TestEvent", Bucket: bucket });

      await put(bucket, "one");
      const [{ Records }] = await receive(queue.url);
      expect(Records[0]).to.deep.include({ eventName: "ObjectCreated:Put" });
      expect(Records[0].s3.object.key).to.equal("one");
      expect(await notification.refresh()).to.deep.equal(inputs);

      const next = {
        bucket,
        queues: [{ id: "a", queueArn: queue.arn, events: ["s3:ObjectCreated:Put"], filterPrefix: "x/" }],
      };
      await notification.update(next);
      expect(await notification.refresh()).to.deep.equal(next);
      await receive(queue.url);

      await notification.delete();
      await put(bucket, "x/two");
      expect(await receive(queue.url)).to.deep.equal([]);
      expect(await notification.refresh()).to.deep.equal({ bucket, queues: [] });
    });

    it("are not accepted when the queue's policy does not let this bucket send", async () => {
      const bucket = await bucketCalled("not-trusted");
      const queue = await queueThatTakes("listens-to-another", "another-bucket");
      const inputs = { bucket, queues: [{ queueArn: queue.arn, events: ["s3:ObjectCreated:*"] }] };
      expect(await failure(aws.deploy(NOTIFICATION, inputs))).to.match(
        /InvalidArgument: Unable to validate the following destination configurations/,
      );
    });

    describe("refuse", () => {
      let queueArn: string;
      before(async () => {
        queueArn = String((await aws.deploy(QUEUE, { name: "any" })).properties.arn);
      });
      const refused: [string, () => object[], RegExp][] = [
        ["no events", () => [{ queueArn, events: [] }], /has no events/],
        ["an unknown event", () => [{ queueArn, events: ["s3:ObjectMoved:*"] }], /"s3:ObjectMoved:\*" is no event/],
        [
          "a queue that is not there",
          () => [{ queueArn: queueArn.replace("any", "none"), events: ["s3:ObjectCreated:*"] }],
          /there is no queue/,
        ],
        [
          "a queue of another region",
          () => [{ queueArn: queueArn.replace("eu-central-1", "eu-west-1"), events: ["s3:ObjectCreated:*"] }],
          /in the bucket's region eu-central-1/,
        ],
        ["a FIFO queue", () => [{ queueArn: `${queueArn}.fifo`, events: ["s3:ObjectCreated:*"] }], /FIFO/],
        [
          "two rules for the same events of the same keys",
          () => [
            { queueArn, events: ["s3:ObjectCreated:*"], filterPrefix: "images/" },
            { queueArn, events: ["s3:ObjectCreated:Put"], filterPrefix: "images/new/" },
          ],
          /match the same events of the same keys/,
        ],
      ];
      for (const [what, queues, reason] of refused) {
        it(what, async () => {
          expect(await aws.refusals(NOTIFICATION, { bucket: "b", queues: queues() })).to.match(reason);
        });
      }

      it("nothing about rules for different keys", async () => {
        const events = ["s3:ObjectCreated:*"];
        const queues = ["images/", "texts/"].map((filterPrefix) => ({ queueArn, events, filterPrefix }));
        expect(await aws.refusals(NOTIFICATION, { bucket: "b", queues })).to.equal("");
      });
    });
  });
});
