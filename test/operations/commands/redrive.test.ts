import { CreateQueueCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { giveBack } from "../../../operations/commands/redrive.ts";
import { waitingIn } from "../../../operations/objects/move.ts";
import { type Replication, replicationsOf } from "../../../operations/objects/sites.ts";
import { useLocalClouds } from "../../support/local-clouds.ts";

const { signal } = new AbortController();

describe("npm run dr -- redrive", () => {
  const clouds = useLocalClouds();
  let sqs: SQSClient;
  let dumps: Replication;

  beforeEach(async () => {
    sqs = clouds.aws().sqs;
    dumps = { name: "dumps", queue: await makeQueue(), deadLetters: await makeQueue() };
    const MessageAttributes = { Reason: { DataType: "String", StringValue: "denied" } };
    await sqs.send(new SendMessageCommand({ QueueUrl: dumps.deadLetters, MessageBody: "{}", MessageAttributes }));
  });

  async function makeQueue(): Promise<string> {
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: crypto.randomUUID() }));
    return QueueUrl;
  }

  it("is of the objects and of the database's dumps", () => {
    const urls = {
      objectsQueueUrl: "a",
      objectsDeadLetterQueueUrl: "b",
      dumpsQueueUrl: "c",
      dumpsDeadLetterQueueUrl: "d",
    };
    const containers = { containersQueueUrl: "e", containersDeadLetterQueueUrl: "f" };
    const more = { stack: "link", workload: "shop", listed: false, values: { ...urls, ...containers } } as const;
    expect(replicationsOf(more).at(-1)).to.deep.equal({ name: "containers", queue: "e", deadLetters: "f" });
    expect(replicationsOf({ stack: "link", workload: "shop", listed: false, values: urls })).to.deep.equal([
      { name: "objects", queue: "a", deadLetters: "b" },
      { name: "dumps", queue: "c", deadLetters: "d" },
    ]);
  });

  it("says of which replication it speaks, and leaves everything there with --dry-run", async () => {
    const said: string[] = [];
    const found = await giveBack(sqs, dumps, { dryRun: true, say: (text) => said.push(text), signal });
    expect(found).to.include({ waiting: 1, moved: 0 });
    expect(said.join("\n")).to.match(/^dumps: set aside: 1\.\n {2}1 x denied/);
    expect(await waitingIn(sqs, dumps.deadLetters)).to.equal(1);
  });

  it("gives back to the queue of the same replication", async () => {
    const said: string[] = [];
    const found = await giveBack(sqs, dumps, { dryRun: false, say: (text) => said.push(text), signal });
    expect(found.moved).to.equal(1);
    expect(said.at(-1)).to.equal("dumps: given back to the replicator: 1.");
    expect([await waitingIn(sqs, dumps.deadLetters), await waitingIn(sqs, dumps.queue)]).to.deep.equal([0, 1]);
    await giveBack(sqs, dumps, { dryRun: false, say: (text) => said.push(text), signal });
    expect(said.at(-1)).to.equal("dumps: nothing is set aside.");
  });
});
