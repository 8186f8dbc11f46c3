import { InvokeCommand } from "@aws-sdk/client-lambda";
import * as pulumi from "@pulumi/pulumi";
import type { SQSBatchResponse } from "aws-lambda";
import { expect } from "chai";
import { bundleFunction } from "../../../components/function-bundle.ts";
import { objectReplicatorPolicy } from "../../../components/replication/policies.ts";
import { TOKEN_EXCHANGE_AUDIENCE } from "../../../lambdas/shared/audience.ts";
import { type TestContainer, useLocalClouds } from "../../support/local-clouds.ts";

const GROUP = "tests";

/** An S3 event message about one key of a bucket. */
function eventOf(bucket: string, key: string): string {
  const encoded = new URLSearchParams({ key }).toString().slice("key=".length);
  return JSON.stringify({ Records: [{ s3: { bucket: { name: bucket }, object: { key: encoded } } }] });
}

// The real path: the bundle as a function of the local AWS, with the rights of the product's policy and a
// token that the local Entra exchanges for one of the writer's identity.
describe("the replicator's handler", () => {
  const clouds = useLocalClouds();
  const FunctionName = "replicator";
  let bucket: string;
  let container: TestContainer;

  before(async () => {
    bucket = await clouds.bucket();
    container = await clouds.container();

    const writer = { resourceGroupName: GROUP, resourceName: "writer" };
    const { properties: identity } = await clouds.create("azure-native:managedidentity:UserAssignedIdentity", writer);
    await clouds.grant(String(identity.principalId), container.id);

    const role = await clouds.create("aws:iam/role:Role", {
      name: "replicator",
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    });
    const policy = objectReplicatorPolicy({
      bucketArn: `arn:aws:s3:::${bucket}`,
      queueArn: clouds.aws().arn("sqs", "queue"),
      logGroupArn: clouds.aws().arn("logs", "log-group:replicator"),
    });
    await clouds.create("aws:iam/rolePolicy:RolePolicy", { role: role.id, name: "rights", policy });
    const { properties: federation } = await clouds.create(
      "aws:iam/outboundWebIdentityFederation:OutboundWebIdentityFederation",
      {},
    );
    await clouds.create("azure-native:managedidentity:FederatedIdentityCredential", {
      ...writer,
      federatedIdentityCredentialResourceName: "replicator",
      issuer: federation.issuerIdentifier,
      subject: role.properties.arn,
      audiences: [TOKEN_EXCHANGE_AUDIENCE],
    });

    const { code } = await pulumi.runtime.serializeProperties("", { code: bundleFunction("objects/handler.ts") });
    await clouds.create("aws:lambda/function:Function", {
      name: FunctionName,
      role: role.properties.arn,
      runtime: "nodejs24.x",
      handler: "index.handler",
      timeout: 60,
      memorySize: 512,
      code,
      environment: {
        variables: {
          SOURCE_BUCKET: bucket,
          COPY_BLOB_ENDPOINT: container.blobEndpoint,
          COPY_CONTAINER: container.name,
          AZURE_CLIENT_ID: identity.clientId,
          AZURE_TENANT_ID: identity.tenantId,
        },
      },
    });
  });

  /** Hands a batch of messages to the function, as the queue does; returns the ids of those that it gives back. */
  async function handle(messages: Record<string, string>): Promise<string[]> {
    const Records = Object.entries(messages).map(([messageId, body]) => ({ messageId, body }));
    const { Payload, FunctionError } = await clouds
      .aws()
      .lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify({ Records }) }));
    const answer = Buffer.from(Payload ?? []).toString();
    expect(FunctionError, answer).to.equal(undefined);
    return (JSON.parse(answer) as SQSBatchResponse).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }

  async function read(key: string): Promise<string> {
    return String(await (await container.as("read")).getBlobClient(key).downloadToBuffer());
  }

  it("copies what a message hints at, as itself and without a secret", async () => {
    await clouds.put(bucket, "one + one.txt", "two");
    expect(await handle({ "message-1": eventOf(bucket, "one + one.txt") })).to.be.empty;
    expect(await read("one + one.txt")).to.equal("two");
  });

  it("takes the test message of S3 and the news of a key that is gone without complaint", async () => {
    const test = JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: bucket });
    expect(await handle({ test, gone: eventOf(bucket, "gone.txt") })).to.be.empty;
  });

  it("gives back only what failed: the bad messages of a batch, never the good ones", async () => {
    await clouds.put(bucket, "good-1.txt", "1");
    await clouds.put(bucket, "good-2.txt", "2");
    await clouds.put(bucket, "foreign.txt", "from the primary");
    const standby = await container.asWriter();
    await standby.getBlockBlobClient("foreign.txt").upload("of the standby", 14);

    const failed = await handle({
      "good-1": eventOf(bucket, "good-1.txt"),
      malformed: "hello",
      "other bucket": eventOf("another-bucket", "good-1.txt"),
      refused: eventOf(bucket, "foreign.txt"),
      "good-2": eventOf(bucket, "good-2.txt"),
    });
    expect(failed).to.have.members(["malformed", "other bucket", "refused"]);
    expect(await read("good-1.txt")).to.equal("1");
    expect(await read("good-2.txt")).to.equal("2");
    expect(await read("foreign.txt")).to.equal("of the standby");
  });

  it("gives back a message of which only a part failed: it is copied again, and that does no harm", async () => {
    await clouds.put(bucket, "part.txt", "1");
    const both = [eventOf(bucket, "part.txt"), eventOf("another-bucket", "part.txt")].map(
      (body) => JSON.parse(body) as { Records: object[] },
    );
    const body = JSON.stringify({ Records: both.flatMap(({ Records }) => Records) });
    expect(await handle({ both: body })).to.deep.equal(["both"]);
    expect(await read("part.txt")).to.equal("1");
  });

  it("works through a full batch of messages on the same key", async () => {
    await clouds.put(bucket, "popular.txt", "one");
    const messages = Array.from({ length: 10 }, (_, index) => [`message-${index}`, eventOf(bucket, "popular.txt")]);
    expect(await handle(Object.fromEntries(messages))).to.be.empty;
    expect(await read("popular.txt")).to.equal("one");
  });
});
