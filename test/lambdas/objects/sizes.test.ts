import { expect } from "chai";
import fc from "fast-check";
import { Permanent } from "../../../lambdas/objects/failure.ts";
import { BLOB_MOST_BYTES, OBJECT_MOST_BYTES, ONE_PUT_BYTES, partBytesOf } from "../../../lambdas/objects/sizes.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const TIB = 1024 ** 4;

const SIDES = {
  "a blob": { parts: 50_000, bytes: BLOB_MOST_BYTES },
  "an object": { parts: 10_000, bytes: OBJECT_MOST_BYTES },
};

describe("the parts of a large object", () => {
  it("are of 4 MiB as long as these are few enough", () => {
    const { parts, bytes } = SIDES["a blob"];
    for (const size of [9 * MIB, GIB, 50 * GIB, 195 * GIB]) {
      expect(partBytesOf(size, parts, bytes), `${size} bytes`).to.equal(4 * MIB);
    }
  });

  it("grow by whole MiB with an object that is larger", () => {
    const { parts, bytes } = SIDES["a blob"];
    expect(partBytesOf(TIB, parts, bytes)).to.equal(21 * MIB);
    expect(partBytesOf(5 * TIB, parts, bytes), "the largest object of one upload to S3").to.equal(105 * MIB);
  });

  for (const [side, { parts, bytes: most }] of Object.entries(SIDES)) {
    it(`of ${side} are never too many, too small or too large, whatever its size`, () => {
      fc.assert(
        fc.property(fc.maxSafeInteger(), (any) => {
          const bytes = ONE_PUT_BYTES + (Math.abs(any) % (most - ONE_PUT_BYTES + 1));
          const part = partBytesOf(bytes, parts, most);
          expect(Math.ceil(bytes / part)).to.be.at.most(parts);
          expect(part).to.be.within(4 * MIB, 128 * MIB);
          expect(part % MIB).to.equal(0);
        }),
      );
    });

    it(`of the largest ${side.split(" ")[1]} that is copied fill it to the last one, and one byte more is too many`, () => {
      expect(partBytesOf(most, parts, most)).to.equal(128 * MIB);
      expect(() => partBytesOf(most + 1, parts, most)).to.throw(
        Permanent,
        `expected an object of at most ${most} bytes, found ${most + 1}: copy it by hand`,
      );
    });
  }

  it("cover every object that one upload to S3 can make", () => {
    expect(BLOB_MOST_BYTES).to.be.above(5 * TIB);
  });
});
