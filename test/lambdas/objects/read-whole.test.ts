import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { expect } from "chai";
import fc from "fast-check";
import { checksumOf } from "../../../lambdas/objects/checksum.ts";
import { Corrupted, readWhole } from "../../../lambdas/objects/read-whole.ts";
import type { Checksum } from "../../../lambdas/objects/store.ts";
import { rejection } from "../../support/rejection.ts";
import { stateWith } from "../../support/states.ts";

describe("reading a small object", () => {
  const hello = Buffer.from("hello");
  const read = (chunks: Buffer[], bytes: number, checksum?: Checksum) =>
    readWhole(Readable.from(chunks), stateWith({ bytes, checksum }));

  it("puts its pieces together, however they come", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1 })), async (pieces) => {
        const chunks = pieces.map((piece) => Buffer.from(piece));
        const whole = Buffer.concat(chunks);
        expect((await read(chunks, whole.length)).content.equals(whole)).to.equal(true);
      }),
    );
  });

  const right: Checksum[] = [
    { algorithm: "crc64nvme", value: checksumOf("crc64nvme", hello) },
    { algorithm: "crc32", value: checksumOf("crc32", hello) },
    { algorithm: "md5", value: createHash("md5").update(hello).digest("hex") },
  ];
  for (const checksum of right) {
    it(`confirms the ${checksum.algorithm} that the source tells`, async () => {
      expect((await read([hello], 5, checksum)).checksum).to.deep.equal(checksum);
      const error = await rejection(read([Buffer.from("jello")], 5, checksum));
      expect(error).to.be.instanceOf(Corrupted);
      expect(error.message).to.contain(`expected the ${checksum.algorithm} ${checksum.value} that the source tells`);
    });
  }

  it("takes a checksum itself where the source tells none", async () => {
    expect((await read([hello], 5)).checksum).to.deep.equal(right[1]);
  });

  it("is not content with less than the source promised, nor with more", async () => {
    for (const [bytes, found] of [
      [6, "found 5"],
      [4, "found 5 and more"],
      [0, "found 5 and more"],
    ] as const) {
      const error = await rejection(read([hello], bytes));
      expect(error).to.be.instanceOf(Corrupted);
      expect(error.message).to.equal(`expected ${bytes} bytes, ${found}`);
    }
  });
});
