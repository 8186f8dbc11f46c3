import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import * as pulumi from "@pulumi/pulumi";
import type { SQSBatchResponse } from "aws-lambda";
import { expect } from "chai";
import { bundleFunction } from "../../../components/function-bundle.ts";
import { objectReplicatorPolicy } from "../../../components/replication/policies.ts";
import { writeHint } from "../../../lambdas/objects/events.ts";
import { TOKEN_EXCHANGE_AUDIENCE } from "../../../lambdas/shared/audience.ts";
import { type TestContainer, useLocalClouds } from "../../support/local-clouds.ts";
import { until } from "../../support/until.ts";

const GROUP = "tests";

// The real path: the bundle as a function of the local AWS, with the rights of the product's policy and a
// token that the local Entra exchanges for one of the writer's identity.
describe("the replicator's handler", () => {
  const clouds = useLocalClouds();
  let bucket: string;
  let container: TestContainer;
  let marker: Server;
  let declared: boolean;
  let urls: Record<"queue" | "parked" | "deadLetters", string>;
  let queueArn: string;

  before(async () => {
    bucket = await clouds.bucket();
    container = await clouds.container();
    marker = createServer((_, response) => response.writeHead(declared ? 200 : 404).end());
    await new Promise<void>((resolve) => marker.listen(0, "127.0.0.1", resolve));

    const named = { resourceGroupName: GROUP, resourceName: "writer" };
    const { properties: identity } = await clouds.create("azure-native:managedidentity:UserAssignedIdentity", named);
    await clouds.grant(String(identity.principalId), container.id);

    const queueOf = async (name: string) =>
      (await clouds.create("aws:sqs/queue:Queue", { name, visibilityTimeoutSeconds: 60 })).properties;
    const [queue, parked, deadLetters] = await Promise.all(["queue", "parked", "dead-letters"].map(queueOf));
    queueArn = String(queue?.arn);
    urls = { queue: String(queue?.url), parked: String(parked?.url), deadLetters: String(deadLetters?.url) };

    const role = await clouds.create("aws:iam/role:Role", {
      name: "replicator",
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    });
    const policy = objectReplicatorPolicy({
      bucketArn: `arn:aws:s3:::${bucket}`,
      queueArn,
      parkedQueueArn: String(parked?.arn),
      deadLetterQueueArn: String(deadLetters?.arn),
      logGroupArn: clouds.aws().arn("logs", "log-group:replicator"),
    });
    await clouds.create("aws:iam/rolePolicy:RolePolicy", { role: role.id, name: "rights", policy });
    const { properties: federation } = await clouds.create(
      "aws:iam/outboundWebIdentityFederation:OutboundWebIdentityFederation",
      {},
    );
    await clouds.create("azure-native:managedidentity:FederatedIdentityCredential", {
      ...named,
      federatedIdentityCredentialResourceName: "replicator",
      issuer: federation.issuerIdentifier,
      subject: role.properties.arn,
      audiences: [TOKEN_EXCHANGE_AUDIENCE],
    });

    const { code } = await pulumi.runtime.serializeProperties("", { code: bundleFunction("objects/handler.ts") });
    const deploy = (name: string, target: TestContainer) =>
      clouds.create("aws:lambda/function:Function", {
        name,
        role: role.properties.arn,
        runtime: "nodejs24.x",
        handler: "index.handler",
        timeout: 60,
        memorySize: 512,
        code,
        environment: {
          variables: {
            SOURCE_BUCKET: bucket,
            COPY_BLOB_ENDPOINT: target.blobEndpoint,
            COPY_CONTAINER: target.name,
            AZURE_CLIENT_ID: identity.clientId,
            AZURE_TENANT_ID: identity.tenantId,
            MARKER_URL: `http://127.0.0.1:${(marker.address() as AddressInfo).port}/declared/content.json`,
            QUEUE_URL: urls.queue,
            PARKED_QUEUE_URL: urls.parked,
            DEAD_LETTER_QUEUE_URL: urls.deadLetters,
            SERVER_SIDE_COPY: "false",
          },
        },
      });
    await deploy("replicator", container);
    await deploy("stranger", await clouds.container());
  });
  after(() => {
    marker.closeAllConnections();
    marker.close();
  });
  beforeEach(() => {
    declared = false;
  });

  /** Invokes a function: the replicator, or one that has no right at its container. */
  async function invoke<T>(event: object, FunctionName = "replicator"): Promise<T> {
    const { Payload, FunctionError } = await clouds
      .aws()
      .lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
    const answer = Buffer.from(Payload ?? []).toString();
    expect(FunctionError, answer).to.equal(undefined);
    return JSON.parse(answer);
  }

  const receive = async (QueueUrl: string): Promise<Message[]> =>
    (
      await clouds.aws().sqs.send(
        new ReceiveMessageCommand({
          ...{ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 },
          ...{ MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["ApproximateReceiveCount"] },
        }),
      )
    ).Messages ?? [];

  /** Receives messages, and deletes them. */
  async function take(QueueUrl: string): Promise<Message[]> {
    const messages = await receive(QueueUrl);
    for (const { ReceiptHandle } of messages) {
      await clouds.aws().sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return messages;
  }

  /** Sends messages, and hands them to a function as the queue's poller does. @returns bodies of those it gives back */
  async function handle(bodies: string[], functionName?: string): Promise<(string | undefined)[]> {
    const { sqs } = clouds.aws();
    for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl: urls.queue, MessageBody }));
    const Records = (await receive(urls.queue)).map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
      ...{ messageId: MessageId, receiptHandle: ReceiptHandle, body: Body, attributes: Attributes },
    }));
    expect(Records.map(({ body }) => body)).to.have.members(bodies);
    const { batchItemFailures } = await invoke<SQSBatchResponse>({ Records }, functionName);
    const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    for (const { messageId, receiptHandle: ReceiptHandle } of Records) {
      if (failed.includes(messageId ?? "")) continue;
      await sqs.send(new DeleteMessageCommand({ QueueUrl: urls.queue, ReceiptHandle }));
    }
    return Records.filter(({ messageId = "" }) => failed.includes(messageId)).map(({ body }) => body);
  }

  const hint = (key: string) => writeHint({ bucket, key });
  const read = async (key: string) => String(await (await container.as("read")).getBlobClient(key).downloadToBuffer());

  it("copies what a message hints at, as itself and without a secret", async () => {
    await clouds.put(bucket, "one + one.txt", "two");
    expect(await handle([hint("one + one.txt")])).to.be.empty;
    expect(await read("one + one.txt")).to.equal("two");
  });

  it("takes the test message of S3 and the news of a key that is gone without complaint", async () => {
    const test = JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: bucket });
    expect(await handle([test, hint("gone.txt")])).to.be.empty;
    expect(await receive(urls.deadLetters)).to.be.empty;
  });

  it("sets aside the bad messages of a batch with their reasons, and copies the good ones", async () => {
    await clouds.put(bucket, "good-1.txt", "1");
    await clouds.put(bucket, "good-2.txt", "2");
    await clouds.put(bucket, "foreign.txt", "from the primary");
    const standby = await container.asWriter();
    await standby.getBlockBlobClient("foreign.txt").upload("of the standby", 14);

    const other = writeHint({ bucket: "another-bucket", key: "good-1.txt" });
    const bad = ["hello", other, hint("foreign.txt")];
    expect(await handle([hint("good-1.txt"), ...bad, hint("good-2.txt")])).to.be.empty;
    expect(await read("good-1.txt")).to.equal("1");
    expect(await read("good-2.txt")).to.equal("2");
    expect(await read("foreign.txt")).to.equal("of the standby");

    const letters = await take(urls.deadLetters);
    const reasons = Object.fromEntries(letters.map((each) => [each.Body, each.MessageAttributes?.Reason?.StringValue]));
    expect(reasons).to.deep.equal({
      hello: "expected an S3 event message, found hello",
      [other]: `expected events of bucket ${bucket}, found another-bucket`,
      [bad[2] ?? ""]:
        "the blob carries no source record, so it is not the replicator's to overwrite: bring it back by reconcile --back, or delete it",
    });
  });

  it("works through a full batch of messages on the same key", async () => {
    await clouds.put(bucket, "popular.txt", "one");
    const at = (index: number) => new Date(Date.UTC(2026, 10, 21, 10, index));
    const bodies = Array.from({ length: 10 }, (_, index) => writeHint({ bucket, key: "popular.txt", at: at(index) }));
    expect(await handle(bodies)).to.be.empty;
    expect(await read("popular.txt")).to.equal("one");
  });

  it("gives back what it may not write, and that comes again after a short wait, not after the queue's", async () => {
    await clouds.put(bucket, "denied.txt", "one");
    const body = hint("denied.txt");
    expect(await handle([body], "stranger")).to.deep.equal([body]);
    const begun = performance.now();
    const again: Message[] = [];
    await until(async () => again.push(...(await take(urls.queue))) > 0, "the message comes again");
    expect(performance.now() - begun).to.be.below(15_000);
    expect(again[0]).to.have.nested.property("Attributes.ApproximateReceiveCount", "2");
  });

  it("parks what it may not write while the content is declared lost, and resumes it afterwards", async () => {
    // Nobody knows yet what the marker said before: what is known is kept for five seconds.
    await delay(5100);
    await clouds.put(bucket, "later.txt", "one");
    const body = hint("later.txt");
    declared = true;
    expect(await handle([body])).to.be.empty;
    expect(await (await container.as("read")).getBlobClient("later.txt").exists()).to.equal(false);
    expect(await invoke({ resume: true })).to.deep.equal({ resumed: 0 });

    declared = false;
    await delay(5100);
    expect(await invoke({ resume: true })).to.deep.equal({ resumed: 1 });
    expect((await receive(urls.parked)).length).to.equal(0);
    const [message] = await take(urls.queue);
    expect(message?.Body).to.equal(body);
  });

  it("compares batches of a scan, and looks for extra copies", async () => {
    const item = { Key: "scanned.txt", Size: 3, Etag: '"0"', LastModified: 1_790_000_000, StorageClass: "STANDARD" };
    expect(await invoke({ Items: [item] })).to.deep.equal({ checked: 1, missing: 1, different: 0 });
    const [message] = await take(urls.queue);
    expect(message?.Body).to.contain("scanned.txt");
    expect(await invoke({ extra: true, after: null })).to.deep.include({ extra: 0, after: null });
  });

  it("says what it was sent when that is none of its events", async () => {
    const Payload = JSON.stringify({ something: "else" });
    const answer = await clouds.aws().lambda.send(new InvokeCommand({ FunctionName: "replicator", Payload }));
    expect(answer.FunctionError).to.be.a("string");
    expect(Buffer.from(answer.Payload ?? []).toString()).to.contain(
      "expected an event of the queue, the schedule or a scan, found something",
    );
  });

  it("is woken by the queue, and what it is done with is deleted from there", async () => {
    await clouds.create("aws:lambda/eventSourceMapping:EventSourceMapping", {
      eventSourceArn: queueArn,
      functionName: "replicator",
      batchSize: 10,
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
    await clouds.put(bucket, "woken.txt", "one");
    const message = new SendMessageCommand({ QueueUrl: urls.queue, MessageBody: hint("woken.txt") });
    await clouds.aws().sqs.send(message);
    const there = async () => (await container.as("read")).getBlobClient("woken.txt").exists();
    await until(there, "the copy is there", 60_000);
    const left = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    await until(async () => {
      const asked = new GetQueueAttributesCommand({ QueueUrl: urls.queue, AttributeNames: [...left] });
      const { Attributes = {} } = await clouds.aws().sqs.send(asked);
      return left.every((name) => Attributes[name] === "0");
    }, "the queue is empty");
  });

  it("logs keys, versions and metrics, and never a token", async () => {
    const logs = await Promise.all(
      ["replicator", "stranger"].map(async (name) => {
        const logGroupName = `/aws/lambda/${name}`;
        const { events = [] } = await clouds.aws().logs.send(new FilterLogEventsCommand({ logGroupName }));
        return events.map(({ message }) => message).join("\n");
      }),
    );
    const text = logs.join("\n");
    expect(text).to.contain('"LagMilliseconds"');
    expect(text).to.match(/"key":"good-1.txt","version":"[^"]+","outcome":"copied","bytes":1/);
    expect(text).to.contain("AuthorizationPermissionMismatch");
    expect(text).to.not.match(/Bearer|eyJ[A-Za-z0-9_-]{10}/);
  });
});
