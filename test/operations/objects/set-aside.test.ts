import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { moveMessages, waitingIn } from "../../../operations/objects/move.ts";
import { groupByReason, lookAt, UNTOLD } from "../../../operations/objects/set-aside.ts";
import { useLocalClouds } from "../../support/local-clouds.ts";
import { rejection } from "../../support/rejection.ts";

const EVENT = JSON.stringify({ Records: [{ s3: { bucket: { name: "photos" }, object: { key: "a+cat.jpg" } } }] });

/** The attributes of a message that the replicator set aside itself. */
function told(reason: string, key: string) {
  return {
    Reason: { DataType: "String", StringValue: reason },
    Key: { DataType: "String", StringValue: key },
  };
}

describe("messages that were set aside", () => {
  it("are grouped by their reason, the most frequent first, each with some keys", () => {
    const denied = Array.from({ length: 7 }, (_, index) => ({ MessageAttributes: told("denied", `key-${index}`) }));
    const groups = groupByReason([{ MessageAttributes: told("too large", "film.mp4") }, ...denied]);
    expect(groups).to.deep.equal([
      { reason: "denied", messages: 7, keys: ["key-0", "key-1", "key-2", "key-3", "key-4"] },
      { reason: "too large", messages: 1, keys: ["film.mp4"] },
    ]);
  });

  it("without a reason were set aside by SQS, and their keys are read from the event", () => {
    expect(groupByReason([{ Body: EVENT }])).to.deep.equal([{ reason: UNTOLD, messages: 1, keys: ["a cat.jpg"] }]);
  });

  it("that are no event are shown as they are", () => {
    expect(groupByReason([{ Body: "hello" }])[0]?.keys).to.deep.equal(["no event: hello"]);
  });
});

describe("giving back what was set aside, where the service knows no task for it", () => {
  const clouds = useLocalClouds();
  const { signal } = new AbortController();
  let sqs: SQSClient;
  let fromUrl: string;
  let toUrl: string;

  beforeEach(async () => {
    sqs = clouds.aws().sqs;
    [fromUrl = "", toUrl = ""] = await Promise.all([makeQueue(), makeQueue()]);
  });

  async function makeQueue(): Promise<string> {
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: crypto.randomUUID() }));
    return QueueUrl;
  }

  async function setAside(count: number) {
    for (let index = 0; index < count; index++) {
      const MessageAttributes = told("denied", `key-${index}`);
      await sqs.send(new SendMessageCommand({ QueueUrl: fromUrl, MessageBody: EVENT, MessageAttributes }));
    }
  }

  it("looks at all of them and leaves them there, for others to have at once", async () => {
    await setAside(23);
    const looked = await lookAt(sqs, fromUrl, 1000, signal);
    expect(groupByReason(looked).map(({ reason, messages }) => [reason, messages])).to.deep.equal([["denied", 23]]);
    expect(await waitingIn(sqs, fromUrl)).to.equal(23);
  });

  it("looks at no more than it is told", async () => {
    await setAside(12);
    expect((await lookAt(sqs, fromUrl, 5, signal)).length).to.be.within(5, 10);
    expect(await waitingIn(sqs, fromUrl)).to.equal(12);
  });

  it("moves all of them, as they were", async () => {
    await setAside(23);
    const told: number[] = [];
    expect(await moveMessages({ sqs, fromUrl, toUrl, onProgress: (moved) => told.push(moved), signal })).to.equal(23);
    expect(told.at(-1)).to.equal(23);
    expect([await waitingIn(sqs, fromUrl), await waitingIn(sqs, toUrl)]).to.deep.equal([0, 23]);

    const receive = new ReceiveMessageCommand({ QueueUrl: toUrl, MessageAttributeNames: ["All"] });
    const [message] = (await sqs.send(receive)).Messages ?? [];
    expect(message?.Body).to.equal(EVENT);
    expect(message?.MessageAttributes?.Reason?.StringValue).to.equal("denied");
  });

  it("deletes nothing that it could not send", async () => {
    await setAside(3);
    const refusing = Object.create(sqs, { send: { value: refuseToSendAllBut("0") } }) as SQSClient;
    const failure = await rejection(moveMessages({ sqs: refusing, fromUrl, toUrl, onProgress: () => {}, signal }));
    expect(failure.message).to.equal("2 of 3 messages could not be sent; run it again");
    expect([await allIn(fromUrl), await allIn(toUrl)]).to.deep.equal([2, 1]);
  });

  /** A client that sends one message of each batch, and has the others refused. */
  function refuseToSendAllBut(id: string) {
    return async (command: object) => {
      if (!(command instanceof SendMessageBatchCommand)) return sqs.send(command as GetQueueAttributesCommand);
      const { Entries = [], ...input } = command.input;
      const sent = await sqs.send(
        new SendMessageBatchCommand({ ...input, Entries: Entries.filter(({ Id }) => Id === id) }),
      );
      return { ...sent, Failed: Entries.filter(({ Id }) => Id !== id) };
    };
  }

  /** Messages in a queue, those too that somebody has received and not deleted. */
  async function allIn(url: string): Promise<number> {
    const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] });
    const { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: received } =
      (await sqs.send(command)).Attributes ?? {};
    return Number(waiting) + Number(received);
  }

  it("stops when it is told to", async () => {
    await setAside(23);
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error("interrupted"));
    const failure = await rejection(moveMessages({ sqs, fromUrl, toUrl, onProgress, signal: stop.signal }));
    expect(failure.message).to.equal("interrupted");
    expect((await waitingIn(sqs, fromUrl)) + (await waitingIn(sqs, toUrl))).to.equal(23);
  });
});
