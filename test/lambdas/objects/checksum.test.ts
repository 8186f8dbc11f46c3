import { expect } from "chai";
import fc from "fast-check";
import { checksumOf, partChecks } from "../../../lambdas/objects/checksum.ts";

const ALGORITHMS = ["crc32", "crc64nvme"] as const;

describe("the checksum of an object", () => {
  it("is the one that S3 would tell", () => {
    // Both catalogued with the check value of this text ("Catalogue of parametrised CRC algorithms").
    expect(checksumOf("crc32", Buffer.from("123456789"))).to.equal("cbf43926");
    expect(checksumOf("crc64nvme", Buffer.from("123456789"))).to.equal("ae8b14860a799888");
  });

  it("of nothing is nothing", () => {
    expect(checksumOf("crc32", Buffer.alloc(0))).to.equal("00000000");
    expect(checksumOf("crc64nvme", Buffer.alloc(0))).to.equal("0000000000000000");
  });

  it("keeps the zeros that it begins with", () => {
    // Found by counting up: a text whose CRC-32 begins with a zero.
    const text = Array.from({ length: 1000 }, (_, index) => `text ${index}`).find(
      (each) => checksumOf("crc32", Buffer.from(each))[0] === "0",
    );
    expect(checksumOf("crc32", Buffer.from(text ?? ""))).to.match(/^0[0-9a-f]{7}$/);
  });

  for (const algorithm of ALGORITHMS) {
    const { of, combine } = partChecks(algorithm);

    it(`comes out the same from the parts as from the whole (${algorithm})`, () => {
      fc.assert(
        fc.property(
          fc.uint8Array({ minLength: 1, maxLength: 500, size: "max" }),
          fc.integer({ min: 1, max: 200 }),
          (bytes, part) => {
            const content = Buffer.from(bytes);
            const parts = Array.from({ length: Math.ceil(content.length / part) }, (_, number) =>
              of(content.subarray(number * part, (number + 1) * part)),
            );
            expect(combine(parts, part, content.length)).to.equal(checksumOf(algorithm, content));
          },
        ),
      );
    });

    it(`of a part has 16 digits, which is the place that it has in the part's name (${algorithm})`, () => {
      fc.assert(
        fc.property(fc.uint8Array(), (bytes) => void expect(of(Buffer.from(bytes))).to.match(/^[0-9a-f]{16}$/)),
      );
    });

    it(`is another one when two parts are exchanged, or a bit is (${algorithm})`, () => {
      const [one, two] = [Buffer.alloc(8, "one"), Buffer.alloc(8, "two")] as const;
      const right = combine([of(one), of(two)], 8, 16);
      expect(combine([of(two), of(one)], 8, 16)).to.not.equal(right);
      one[3] = (one[3] ?? 0) ^ 1;
      expect(combine([of(one), of(two)], 8, 16)).to.not.equal(right);
    });
  }
});
