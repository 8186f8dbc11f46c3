import { randomBytes } from "node:crypto";
import { buffer, text } from "node:stream/consumers";
import { HeadObjectCommand, ListMultipartUploadsCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { S3DumpStore } from "../../../lambdas/database/s3-dump-store.ts";
import { MissingError } from "../../../lambdas/database/store.ts";
import { useLocalAws } from "../../rehearsal/aws/local-aws.ts";
import { rejection } from "../../support/rejection.ts";

const BUCKET = "dumps";
const MEGABYTE = 2 ** 20;

describe("a bucket of dumps", () => {
  const aws = useLocalAws();
  const { signal } = new AbortController();
  let store: S3DumpStore;

  before(async () => {
    await aws.deploy("aws:s3/bucket:Bucket", { bucket: BUCKET });
    store = new S3DumpStore(aws.cloud.s3, BUCKET);
  });

  async function* blocks(...all: Buffer[]): AsyncGenerator<Buffer> {
    yield* all;
  }

  it("is called what people call it", () => {
    expect(store.place).to.equal("s3://dumps");
  });

  it("gives what was written, tells its size, and writes over what is there", async () => {
    expect(await store.write("daily/a", blocks(Buffer.from("one"), Buffer.from(" two")), signal)).to.equal(7);
    expect(await text(await store.read("daily/a", signal))).to.equal("one two");
    expect(await store.write("daily/a", blocks(Buffer.from("three")), signal)).to.equal(5);
    expect(await text(await store.read("daily/a", signal))).to.equal("three");
  });

  it("writes what is larger than a part in parts, and what is empty as nothing", async () => {
    const large = Array.from({ length: 20 }, () => randomBytes(MEGABYTE));
    expect(await store.write("daily/large", blocks(...large), signal)).to.equal(20 * MEGABYTE);
    const { ETag } = await aws.cloud.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "daily/large" }));
    expect(ETag).to.match(/-3"$/);
    expect((await buffer(await store.read("daily/large", signal))).equals(Buffer.concat(large))).to.equal(true);
    expect(await store.write("daily/empty", blocks(), signal)).to.equal(0);
    expect(await text(await store.read("daily/empty", signal))).to.equal("");
  });

  it("takes no more than it sends: what is written waits for the bucket", async () => {
    let made = 0;
    let most = 0;
    let sent = 0;
    async function* endless() {
      for (; made < 64; made++) {
        most = Math.max(most, made - sent);
        yield Buffer.alloc(MEGABYTE);
      }
    }
    const { s3 } = aws.cloud;
    const send = async (command: UploadPartCommand, ...rest: []) => {
      const answer = await s3.send(command, ...rest);
      if (command instanceof UploadPartCommand) sent += 8;
      return answer;
    };
    await new S3DumpStore(Object.create(s3, { send: { value: send } }), BUCKET).write("daily/long", endless(), signal);
    expect(sent).to.equal(64);
    expect(most).to.be.at.most(3 * 8 + 1);
  });

  it("lists everything under a prefix with its size, in order", async () => {
    for (const name of ["list/b", "list/a", "list/ü", "other/c"]) {
      await store.write(name, blocks(Buffer.from(name)), signal);
    }
    expect(await store.list("list/", signal)).to.deep.equal([
      { name: "list/a", size: 6 },
      { name: "list/b", size: 6 },
      { name: "list/ü", size: 7 },
    ]);
    expect(await store.list("none/", signal)).to.deep.equal([]);
  });

  it("says which one is missing", async () => {
    const error = await rejection(store.read("daily/none", signal));
    expect(error).to.be.instanceOf(MissingError);
    expect(error.message).to.equal("s3://dumps has no daily/none");
  });

  it("has nothing of what failed while it was written, and keeps no parts of it", async () => {
    async function* failing() {
      for (let block = 0; block < 20; block++) yield Buffer.alloc(MEGABYTE);
      throw new Error("the server is gone");
    }
    expect((await rejection(store.write("daily/cut", failing(), signal))).message).to.equal("the server is gone");
    expect(await rejection(store.read("daily/cut", signal))).to.be.instanceOf(MissingError);
    const { Uploads = [] } = await aws.cloud.s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
    expect(Uploads).to.deep.equal([]);
  });

  it("stops at once when it is told to, also when nothing comes", async () => {
    const stop = new AbortController();
    async function* stalling() {
      yield Buffer.alloc(9 * MEGABYTE);
      setTimeout(() => stop.abort(new Error("the time is over")), 50);
      await new Promise((_, reject) => stop.signal.addEventListener("abort", () => reject(stop.signal.reason)));
    }
    const error = await rejection(store.write("daily/late", stalling(), stop.signal));
    expect(error.message).to.equal("the time is over");
    expect(await rejection(store.read("daily/late", signal))).to.be.instanceOf(MissingError);
    await rejection(store.read("daily/large", AbortSignal.abort()));
    await rejection(store.list("", AbortSignal.abort()));
  });
});
