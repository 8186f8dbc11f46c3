import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { S3File } from "../../../lambdas/images/s3-file.ts";
import { S3Reader } from "../../../lambdas/objects/s3-reader.ts";
import { Overtaken, type State } from "../../../lambdas/objects/store.ts";
import { useLocalClouds } from "../../support/local-clouds.ts";
import { rejection } from "../../support/rejection.ts";

const KEY = "exports/export-ami-0123456789abcdef0.vhd";

describe("a disk's file in S3", () => {
  const clouds = useLocalClouds();
  const content = randomBytes(100_000);
  let bucket: string;
  let reader: S3Reader;

  before(async () => {
    bucket = await clouds.bucket();
    await clouds.put(bucket, KEY, content);
    reader = new S3Reader(clouds.aws().s3.config, bucket);
  });
  const open = async () => new S3File(reader, `s3://${bucket}`, KEY, (await reader.look(KEY)) as State);

  it("tells its size, and what its content can be known by", async () => {
    const file = await open();
    expect(file).to.deep.include({ bytes: 100_000, name: `s3://${bucket}/${KEY}` });
    expect(file.etag).to.match(/^[0-9a-f]{32}$/);
  });

  it("is read in any part, into the room that is given", async () => {
    const file = await open();
    const room = Buffer.alloc(70_000);
    const read = await file.read(12_345, 60_000, room);
    expect(read.equals(content.subarray(12_345, 72_345))).to.equal(true);
    expect(read.buffer).to.equal(room.buffer);
    expect((await file.read(99_999, 1)).equals(content.subarray(99_999))).to.equal(true);
  });

  it("is not read once something else stands in its place", async () => {
    const file = await open();
    await clouds.put(bucket, KEY, randomBytes(100_000));
    expect(await rejection(file.read(0, 512))).to.be.instanceOf(Overtaken);
  });
});
