import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DeleteBucketCommand, DeleteObjectCommand, PutObjectTaggingCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { judge } from "../../../lambdas/objects/failure.ts";
import { S3Store } from "../../../lambdas/objects/s3-store.ts";
import { type Description, Overtaken, type State } from "../../../lambdas/objects/store.ts";
import { useLocalClouds } from "../../support/local-clouds.ts";
import { rejection } from "../../support/rejection.ts";
import { recordOf, stateWith } from "../../support/states.ts";

const KEY = "a folder/ü+1.txt";

describe("a bucket", () => {
  const clouds = useLocalClouds();
  let bucket: string;
  let store: S3Store;

  beforeEach(async () => {
    bucket = await clouds.bucket();
    store = new S3Store(clouds.aws().s3, bucket);
  });

  const blob = stateWith({ etag: "0x8DC0" });
  const described = (more: Partial<Description> = {}): Description => ({
    ...{ headers: {}, metadata: {}, tags: {}, record: recordOf(blob) },
    ...more,
  });
  const now = async () => (await store.look(KEY)) as State;

  describe("is looked at", () => {
    it("and tells what stands under a key, to the second, with its tags", async () => {
      await clouds.put(bucket, KEY, "one", {
        ContentType: "text/plain",
        Metadata: { "cache-id": "7" },
        Tagging: "a=1&b=%C3%BC",
      });
      const state = await now();
      expect(state).to.deep.include({ bytes: 3, metadata: { "cache-id": "7" }, tags: { a: "1", b: "ü" }, gone: false });
      expect(state.headers.contentType).to.equal("text/plain");
      expect(state.modified.getMilliseconds()).to.equal(0);
      expect(state.etag).to.match(/^[0-9a-f]{32}$/);
      expect(state.record).to.equal(undefined);
    });

    it("and tells of tags that change without a new version", async () => {
      await clouds.put(bucket, KEY, "one");
      const { version } = await now();
      const Tagging = { TagSet: [{ Key: "team", Value: "shop" }] };
      await clouds.aws().s3.send(new PutObjectTaggingCommand({ Bucket: bucket, Key: KEY, Tagging }));
      expect(await now()).to.deep.include({ version, tags: { team: "shop" } });
    });

    it("and tells nothing of a key that never was, or is deleted", async () => {
      expect(await store.look(KEY)).to.equal(undefined);
      await clouds.put(bucket, KEY, "one");
      await clouds.aws().s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: KEY }));
      expect(await store.look(KEY)).to.equal(undefined);
      expect(await store.open(KEY)).to.equal(undefined);
    });

    it("and is not taken for empty when it is gone itself: else every copy would be hidden", async () => {
      await clouds.aws().s3.send(new DeleteBucketCommand({ Bucket: bucket }));
      for (const ask of [() => store.look(KEY), () => store.open(KEY)]) {
        const error = await rejection(ask());
        expect(error).to.have.property("code", "NoSuchBucket");
        expect(judge(error).fault).to.equal("denied");
      }
    });

    it("and reads an object from an offset on, of exactly the state that was seen", async () => {
      await clouds.put(bucket, KEY, "hello");
      const state = await now();
      expect((await (await store.openAt(KEY, state, 2)).toArray()).join("")).to.equal("llo");
      await clouds.put(bucket, KEY, "world");
      const other = { ...state, version: "" };
      expect(await rejection(store.openAt(KEY, other, 2))).to.be.instanceOf(Overtaken);
    });

    it("and lists every key as it is, whatever XML thinks of it", async () => {
      const keys = ["a/b", "a/ü 🙂+%20&<>", "a/\u0001", "b"];
      for (const key of keys) await clouds.put(bucket, key, key);
      const found = await Array.fromAsync(store.list("a/"));
      expect(found.map(({ key }) => key)).to.have.members(keys.slice(0, 3));
      for (const { key, etag, bytes, modified } of found) {
        expect(await store.look(key)).to.deep.include({ etag, bytes, modified });
      }
    });
  });

  describe("is written to", () => {
    it("with the record of what it is a copy of, its headers and its tags", async () => {
      const headers = { contentType: "text/html", cacheControl: "no-store", contentLanguage: "de" };
      const description = described({ headers, metadata: { owner: "ü" }, tags: { team: "a b" } });
      await store.put(KEY, Buffer.from("hello"), description, "nothing");
      const state = await now();
      expect(state.record).to.deep.include({ etag: "0x8DC0", bytes: 3 });
      expect(state).to.deep.include({ metadata: { owner: "ü" }, tags: { team: "a b" } });
      expect(state.headers).to.include(headers);
    });

    it("only where there is nothing, when that is what was seen", async () => {
      await clouds.put(bucket, KEY, "of a user");
      expect(await rejection(store.put(KEY, Buffer.from("x"), described(), "nothing"))).to.be.instanceOf(Overtaken);
    });

    it("only over the object that was seen", async () => {
      await clouds.put(bucket, KEY, "one");
      const { etag } = await now();
      await store.put(KEY, Buffer.from("two"), described(), { etag });
      expect(await rejection(store.put(KEY, Buffer.from("three"), described(), { etag }))).to.be.instanceOf(Overtaken);
      expect((await now()).bytes).to.equal(3);
    });

    it("in parts, which show when all are there, and only where they were expected", async () => {
      const content = Buffer.alloc(6 * 1024 * 1024, "part");
      const parts = await store.parts(KEY, blob, described({ headers: { contentType: "text/plain" } }));
      await parts.write(1, content.subarray(5 * 1024 * 1024), "0");
      await parts.write(0, content.subarray(0, 5 * 1024 * 1024), "0");
      expect(await store.look(KEY)).to.equal(undefined);
      await parts.commit(["0", "0"], { algorithm: "crc32", value: "00000000" }, "nothing");
      const opened = await store.open(KEY);
      expect(Buffer.concat((await opened?.body.toArray()) ?? []).equals(content)).to.equal(true);
      expect(opened?.state.record?.etag).to.equal("0x8DC0");

      const late = await store.parts(KEY, blob, described());
      await late.write(0, content, "0");
      const commit = late.commit(["0"], { algorithm: "crc32", value: "00000000" }, "nothing");
      expect(await rejection(commit)).to.be.instanceOf(Overtaken);
    });

    it("by a removal, of the object that was seen only, and nothing of it is lost", async () => {
      await clouds.put(bucket, KEY, "one");
      const { etag } = await now();
      await clouds.put(bucket, KEY, "two");
      expect(await rejection(store.hide(KEY, undefined, { etag }))).to.be.instanceOf(Overtaken);
      await store.hide(KEY, undefined, { etag: (await now()).etag });
      expect(await store.look(KEY)).to.equal(undefined);
    });
  });
});

// What the local AWS does not do, as S3's documents have it.
describe("an object, by its headers", () => {
  let server: Server;
  let store: S3Store;
  let headers: Record<string, string>;
  let get: { status: number; body: string };

  before(async () => {
    server = createServer((request, response) => {
      if (request.method === "HEAD") response.writeHead(200, headers).end();
      else response.writeHead(get.status, get.status === 200 ? headers : {}).end(get.body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    store = new S3Store(
      new S3Client({ endpoint, credentials, region: "eu-central-1", forcePathStyle: true }),
      "bucket",
    );
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    headers = { etag: '"5d41402abc4b2a76b9719d911017c592"', "content-length": "5" };
    get = { status: 200, body: "hello" };
  });

  it("that is archived can be looked at, but not read: a fault for somebody to mend", async () => {
    const code = "InvalidObjectState";
    get = { status: 403, body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>` };
    expect(await store.look("a")).to.deep.include({ bytes: 5 });
    expect(judge(await rejection(store.open("a")))).to.deep.equal({
      fault: "permanent",
      reason: "the object is archived; restore it at S3, and its restore brings it here (InvalidObjectState)",
    });
  });

  const whole: [what: string, more: Record<string, string>, checksum: object | undefined][] = [
    [
      "CRC-64, which S3 gives every new object",
      { "x-amz-checksum-crc64nvme": "rosUhgp5mIg=" },
      { algorithm: "crc64nvme", value: "ae8b14860a799888" },
    ],
    [
      "CRC-32, where its writer chose that",
      { "x-amz-checksum-crc32": "y/Q5Jg==" },
      { algorithm: "crc32", value: "cbf43926" },
    ],
    ["MD5, which is the ETag of older ones", {}, { algorithm: "md5", value: "5d41402abc4b2a76b9719d911017c592" }],
    [
      "no checksum, when that is one of checksums of parts",
      { etag: '"5d41402abc4b2a76b9719d911017c592-2"', "x-amz-checksum-crc32": "y/Q5Jg==-2" },
      undefined,
    ],
    [
      "no checksum, when a key of KMS encrypts it and the ETag is no MD5",
      { "x-amz-server-side-encryption": "aws:kms" },
      undefined,
    ],
    [
      "no checksum, when the customer's key encrypts it",
      { "x-amz-server-side-encryption-customer-algorithm": "AES256" },
      undefined,
    ],
  ];
  for (const [what, more, checksum] of whole) {
    it(`tells of all its bytes the ${what}`.replace("the no", "no"), async () => {
      Object.assign(headers, more);
      expect((await store.look("a"))?.checksum).to.deep.equal(checksum);
    });
  }

  it("has no version in a bucket that keeps none, or kept none when it was written", async () => {
    expect((await store.look("a"))?.version).to.equal("");
    headers["x-amz-version-id"] = "null";
    expect((await store.look("a"))?.version).to.equal("");
    headers["x-amz-version-id"] = "3sL4kqtJlcpXroDTDmJ";
    expect((await store.look("a"))?.version).to.equal("3sL4kqtJlcpXroDTDmJ");
  });
});
