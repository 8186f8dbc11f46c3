import { GetQueueAttributesCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import fc from "fast-check";
import { planQueue } from "../../../components/replication/queue-plan.ts";
import { Messages, waitBefore } from "../../../lambdas/objects/messages.ts";
import { useLocalClouds } from "../../support/local-clouds.ts";
import { rejection } from "../../support/rejection.ts";

describe("the wait before another try", () => {
  it("is of some seconds at first, doubles, and ends at a quarter of an hour", () => {
    expect([1, 2, 3, 8, 9, 120].map((receives) => waitBefore(receives, 1))).to.deep.equal([5, 10, 20, 640, 900, 900]);
    expect(waitBefore(120, 0), "those who failed together do not come back together").to.equal(720);
  });

  const receives = fc.integer({ min: 1, max: 10_000 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it("never shrinks from one try to the next, and is always one that SQS takes", () => {
    fc.assert(
      fc.property(receives, random, (count, chance) => {
        const [one, next] = [waitBefore(count, chance), waitBefore(count + 1, chance)];
        expect(next).to.be.at.least(one);
        expect(one).to.be.within(2, 900);
        expect(Number.isInteger(one), "SQS takes whole seconds").to.equal(true);
      }),
    );
  });

  it("outlasts a day in which a side does not answer, in as many tries as the queue allows", () => {
    const waits = Array.from({ length: planQueue(10).maxReceives - 1 }, (_, index) => waitBefore(index + 1, 0.5));
    expect(waits.reduce((sum, wait) => sum + wait) / 3600, "hours").to.be.above(24);
  });
});

describe("the messages of the replicator", () => {
  const clouds = useLocalClouds();
  let sqs: SQSClient;
  let urls: { queue: string; parked: string; deadLetters: string };
  let messages: Messages;

  beforeEach(async () => {
    sqs = clouds.aws().sqs;
    const make = async () =>
      String((await clouds.create("aws:sqs/queue:Queue", { name: crypto.randomUUID() })).properties.url);
    urls = { queue: await make(), parked: await make(), deadLetters: await make() };
    messages = new Messages(sqs, urls);
  });

  /** Takes what a queue has. */
  async function take(QueueUrl: string): Promise<Message[]> {
    const all: Message[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
      );
      if (Messages.length === 0) return all;
      all.push(...Messages);
    }
  }
  const bodiesIn = async (queue: string) => (await take(queue)).map(({ Body }) => Body);

  describe("that are set aside", () => {
    it("are in the dead-letter queue as they were, with reason and key", async () => {
      await messages.setAside("body", "the copy is locked", "a folder/ü.txt");
      const [message, ...more] = await take(urls.deadLetters);
      expect(more).to.be.empty;
      expect(message?.Body).to.equal("body");
      expect(message?.MessageAttributes?.Reason?.StringValue).to.equal("the copy is locked");
      expect(message?.MessageAttributes?.Key?.StringValue).to.equal("a folder/ü.txt");
    });

    it("have no key when it is not known, and always a reason", async () => {
      await messages.setAside("body", "");
      const [message] = await take(urls.deadLetters);
      expect(message?.MessageAttributes).to.have.all.keys("Reason");
      expect(message?.MessageAttributes?.Reason?.StringValue).to.equal("unknown");
    });

    it("tell the reason without the characters that SQS refuses, and with all others", async () => {
      await messages.setAside("body", "bell\u0007, half a pair \ud83d, non-character \uffff; tab\t, ü, 日本, 🙂");
      const [message] = await take(urls.deadLetters);
      expect(message?.MessageAttributes?.Reason?.StringValue).to.equal(
        "bell?, half a pair ?, non-character ?; tab\t, ü, 日本, 🙂",
      );
    });

    it("tell the beginning of a long reason, and leave it at whole characters", async () => {
      await messages.setAside("body", `${"x".repeat(1999)}🙂${"x".repeat(300_000)}`);
      const [message] = await take(urls.deadLetters);
      expect(message?.MessageAttributes?.Reason?.StringValue).to.equal(`${"x".repeat(1999)}?`);
    });
  });

  it("are sent in as many requests as it takes, each once", async () => {
    const bodies = Array.from({ length: 25 }, (_, index) => `message ${index}`);
    await messages.enqueue(bodies);
    expect(await bodiesIn(urls.queue)).to.have.members(bodies);
  });

  it("are nothing to send when there is none", async () => {
    await messages.enqueue([]);
    expect(await bodiesIn(urls.queue)).to.be.empty;
  });

  it("go back to the queue from where they were parked, ten at a time, and are nowhere else then", async () => {
    for (let index = 0; index < 12; index++) await messages.park(`message ${index}`);
    const moved = [await messages.unpark(), await messages.unpark(), await messages.unpark()];
    expect(moved.reduce((sum, count) => sum + count)).to.equal(12);
    expect(Math.max(...moved)).to.be.at.most(10);
    expect(await bodiesIn(urls.queue)).to.have.members(Array.from({ length: 12 }, (_, index) => `message ${index}`));
    expect(await messages.unpark()).to.equal(0);
  });

  it("stay hidden for as long as they are put off", async () => {
    await messages.enqueue(["body"]);
    const [first] = await take(urls.queue);
    await messages.later(first?.ReceiptHandle ?? "", 900);
    expect(await take(urls.queue)).to.be.empty;
    await messages.later(first?.ReceiptHandle ?? "", 0);
    expect(await bodiesIn(urls.queue)).to.deep.equal(["body"]);
  });

  describe("of which the queue does not take some", () => {
    /** The queue refuses these messages so many times. */
    function refusing(refused: string[], times: number): string[][] {
      const sent: string[][] = [];
      sqs.middlewareStack.add(
        (next, context) => async (args) => {
          const { Entries = [] } = args.input as { Entries?: { Id: string; MessageBody: string }[] };
          if (context.commandName !== "SendMessageBatchCommand") return next(args);
          sent.push(Entries.map(({ MessageBody }) => MessageBody));
          const answer = await next(args);
          const Failed = sent.length > times ? [] : Entries.filter(({ MessageBody }) => refused.includes(MessageBody));
          return { ...answer, output: Object.assign(answer.output, { Failed }) };
        },
        { step: "initialize", name: "refuse" },
      );
      return sent;
    }

    it("are sent again, those only", async () => {
      const sent = refusing(["b", "c"], 2);
      await messages.enqueue(["a", "b", "c"]);
      expect(sent).to.deep.equal([
        ["a", "b", "c"],
        ["b", "c"],
        ["b", "c"],
      ]);
    });

    it("are an error in the end, so that whoever sends knows", async () => {
      refusing(["b"], 99);
      const { message } = await rejection(messages.enqueue(["a", "b"]));
      expect(message).to.equal("the queue did not take 1 of 2 messages");
    });
  });

  it("that were parked are not deleted before they are sent", async () => {
    await messages.park("body");
    sqs.middlewareStack.add(
      (next, context) => (args) => {
        if (context.commandName === "SendMessageBatchCommand") throw new Error("the queue does not answer");
        return next(args);
      },
      { step: "initialize", name: "refuse" },
    );
    expect((await rejection(messages.unpark())).message).to.equal("the queue does not answer");
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: urls.parked,
        AttributeNames: ["ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    expect(Attributes).to.deep.equal({ ApproximateNumberOfMessagesNotVisible: "1" });
  });
});
