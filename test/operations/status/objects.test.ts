import { text } from "node:stream/consumers";
import { expect } from "chai";
import type { Outputs } from "../../../operations/outputs.ts";
import { PROJECT_FOLDER } from "../../../operations/stack-files.ts";
import { queued } from "../../../operations/status/objects.ts";
import { Endpoint } from "../../rehearsal/dns/endpoint.ts";
import { awsAt, inEnvironment } from "../../support/environment.ts";
import { rejection } from "../../support/rejection.ts";

const { signal } = new AbortController();
const LIMIT = 20_000;

/** Of each queue what is free, at work, and not due yet. */
const MESSAGES: Record<string, [number, number, number]> = {
  objects: [5, 2, 1],
  "objects-dead": [3, 0, 0],
  dumps: [0, 0, 0],
  "dumps-dead": [0, 1, 0],
};

// A server that speaks as SQS does.
describe("what waits on its way to the standby", () => {
  let sqs: Endpoint;
  let status: number;

  /** Outputs of stack link. */
  function link(): Outputs {
    const url = (queue: string) => `http://127.0.0.1:${sqs.port}/1/${queue}`;
    const objects = { objectsQueueUrl: url("objects"), objectsDeadLetterQueueUrl: url("objects-dead") };
    const dumps = { dumpsQueueUrl: url("dumps"), dumpsDeadLetterQueueUrl: url("dumps-dead") };
    return { stack: "link", workload: "shop", listed: false, values: { ...objects, ...dumps } };
  }

  before(async () => {
    sqs = await new Endpoint().open();
    sqs.act = async (request, response) => {
      const { QueueUrl } = JSON.parse(await text(request));
      const [free, atWork, notDue] = MESSAGES[QueueUrl.split("/").at(-1)] ?? [];
      const Attributes = {
        ApproximateNumberOfMessages: String(free),
        ApproximateNumberOfMessagesNotVisible: String(atWork),
        ApproximateNumberOfMessagesDelayed: String(notDue),
      };
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(status === 200 ? { Attributes } : { message: "it is down" }));
    };
  });

  beforeEach(() => {
    sqs.asked.splice(0);
    status = 200;
  });

  after(() => sqs[Symbol.asyncDispose]());

  inEnvironment(() => awsAt(`http://127.0.0.1:${sqs.port}/`));

  it("is counted of each replication with what is at work, and beside it what was set aside", async () => {
    expect(await queued(link(), PROJECT_FOLDER, LIMIT, signal)).to.deep.equal({
      objects: { waiting: 8, setAside: 3 },
      dumps: { waiting: 0, setAside: 1 },
    });
  });

  it("is asked once of each queue, however SQS answers: when AWS is dead, that shall be said soon", async () => {
    status = 503;
    expect((await rejection(queued(link(), PROJECT_FOLDER, LIMIT, signal))).message).to.include("it is down");
    expect(sqs.asked.length).to.be.at.most(4);
  });
});
