import {
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { allowing } from "./inline-function.ts";
import { failure, useLocalAws } from "./local-aws.ts";

/** What replication relies on of S3; some of it the emulator's own start adds. */
describe("the local AWS's objects", () => {
  const aws = useLocalAws();
  const Bucket = "objects";

  before(async () => {
    await aws.deploy("aws:s3/bucket:Bucket", { bucket: Bucket });
    const versioningConfiguration = { status: "Enabled" };
    await aws.deploy("aws:s3/bucketVersioning:BucketVersioning", { bucket: Bucket, versioningConfiguration });
  });

  const put = (Key: string, given = {}) =>
    aws.cloud.s3.send(new PutObjectCommand({ Bucket, Key, Body: "text", ...given }));
  const head = (Key: string, given = {}) => aws.cloud.s3.send(new HeadObjectCommand({ Bucket, Key, ...given }));
  const get = (Key: string, given = {}) => aws.cloud.s3.send(new GetObjectCommand({ Bucket, Key, ...given }));

  it("say how many tags they have, to a look as to a read, of every version", async () => {
    await put("plain");
    expect((await head("plain")).TagCount).to.equal(undefined);
    const { VersionId } = await put("tagged", { Tagging: "a=1&b=2" });
    await put("tagged", { Tagging: "a=1" });
    for (const read of [head, get]) {
      expect((await read("tagged")).TagCount).to.equal(1);
      expect((await read("tagged", { VersionId })).TagCount).to.equal(2);
    }
    expect((await get("tagged", { Range: "bytes=0-1" })).TagCount).to.equal(1);
  });

  it("tell the checksum of all their bytes to whoever asks for it", async () => {
    await put("summed", { ChecksumAlgorithm: "CRC64NVME" });
    for (const read of [head, get]) {
      const found = await read("summed", { ChecksumMode: "ENABLED" });
      expect(found).to.include({ ChecksumType: "FULL_OBJECT" });
      expect(found.ChecksumCRC64NVME).to.match(/^[\w+/]{11}=$/);
    }
  });

  it("are known to be deleted once they are, rather than never to have been", async () => {
    await put("gone");
    await aws.cloud.s3.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
    const error = await get("gone").catch((reason) => reason);
    expect(error.name).to.equal("NoSuchKey");
    expect(error.$response.headers).to.include({ "x-amz-delete-marker": "true" });
  });

  it("are written on condition", async () => {
    const { ETag } = await put("guarded");
    expect(await failure(put("guarded", { IfNoneMatch: "*" }))).to.match(/PreconditionFailed/);
    await put("guarded", { IfMatch: ETag, Body: "new" });
    expect(await failure(put("guarded", { IfMatch: ETag }))).to.match(/PreconditionFailed/);
    expect(await failure(put("never", { IfMatch: ETag }))).to.match(/NoSuchKey/);
  });

  it("tell the queue when their tags change", async () => {
    const queue = await aws.deploy("aws:sqs/queue:Queue", { name: "changes" });
    const queueArn = String(queue.properties.arn);
    const { Version, Statement } = allowing("sqs:SendMessage", queueArn);
    const Principal = { Service: "s3.amazonaws.com" };
    const policy = JSON.stringify({ Version, Statement: Statement.map((each) => ({ ...each, Principal })) });
    await aws.deploy("aws:sqs/queuePolicy:QueuePolicy", { queueUrl: queue.id, policy });
    await put("retagged");
    const queues = [{ queueArn, events: ["s3:ObjectTagging:*"] }];
    await aws.deploy("aws:s3/bucketNotification:BucketNotification", { bucket: Bucket, queues });

    const Tagging = { TagSet: [{ Key: "a", Value: "1" }] };
    await aws.cloud.s3.send(new PutObjectTaggingCommand({ Bucket, Key: "retagged", Tagging }));
    await aws.cloud.s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: "retagged" }));
    const names: string[] = [];
    while (names.length < 3) {
      const command = new ReceiveMessageCommand({ QueueUrl: queue.id, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 });
      const { Messages = [] } = await aws.cloud.sqs.send(command);
      expect(Messages, "messages").to.not.be.empty;
      const bodies = Messages.map(({ Body = "" }) => JSON.parse(Body));
      names.push(...bodies.map(({ Event, Records }) => Event ?? Records[0].eventName));
    }
    expect(names).to.have.members(["s3:TestEvent", "ObjectTagging:Put", "ObjectTagging:Delete"]);
  });
});
