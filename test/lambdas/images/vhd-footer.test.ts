import { expect } from "chai";
import fc from "fast-check";
import { BadDiskError } from "../../../lambdas/images/bad-disk.ts";
import { fixedFooter, readFooter } from "../../../lambdas/images/vhd-footer.ts";
import { geometryOf } from "../../../lambdas/images/vhd-geometry.ts";

const MIB = 2 ** 20;
const ID = Buffer.from("00112233445566778899aabbccddeeff", "hex");
const made = new Date("2026-11-30T00:00:00Z");

describe("the footer of a VHD", () => {
  it("is read as it was written, whatever the disk's size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 * 2 ** 20 }), (mebibytes) => {
        const bytes = mebibytes * MIB;
        expect(readFooter(fixedFooter(bytes, ID, made))).to.deep.include({ kind: "fixed", bytes });
      }),
    );
  });

  it("stands in 512 bytes, with its cookie, its type and the maker that readers take the exact size of", () => {
    const footer = fixedFooter(8 * 2 ** 30, ID, made);
    expect(footer).to.have.length(512);
    expect(footer.toString("latin1", 0, 8)).to.equal("conectix");
    expect(footer.readUInt32BE(60)).to.equal(2);
    expect(footer.toString("latin1", 28, 32)).to.equal("win ");
    expect(footer.subarray(68, 84)).to.deep.equal(ID);
  });

  it("is refused with any of its bytes changed", () => {
    fc.assert(
      fc.property(fc.nat(511), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const footer = fixedFooter(MIB, ID, made);
        footer[at] = (footer[at] ?? 0) ^ change;
        expect(() => readFooter(footer)).to.throw(BadDiskError);
      }),
    );
  });

  it("is said to be missing where a file was cut off", () => {
    expect(() => readFooter(Buffer.alloc(512))).to.throw(BadDiskError, /found none: it is cut off, or no VHD/);
    expect(() => readFooter(fixedFooter(MIB, ID, made).subarray(0, 100))).to.throw(BadDiskError, /cut off/);
  });
});

describe("the geometry of a disk", () => {
  // Worked through by hand along the specification's appendix.
  const examples: [bytes: number, cylinders: number, heads: number, sectorsPerTrack: number][] = [
    [MIB, 30, 4, 17],
    [512 * MIB, 1040, 16, 63],
    [8 * 1024 * MIB, 16_644, 16, 63],
    [100 * 1024 * MIB, 51_400, 16, 255],
    [4 * 1024 * 1024 * MIB, 65_535, 16, 255],
  ];
  for (const [bytes, cylinders, heads, sectorsPerTrack] of examples) {
    it(`of ${bytes / MIB} MiB has ${cylinders} cylinders, ${heads} heads and ${sectorsPerTrack} sectors in a track`, () => {
      expect(geometryOf(bytes / 512)).to.deep.equal({ cylinders, heads, sectorsPerTrack });
    });
  }

  it("has never more sectors than the disk, and fits into the footer", () => {
    fc.assert(
      fc.property(fc.integer({ min: 68, max: 2 ** 34 }), (sectors) => {
        const { cylinders, heads, sectorsPerTrack } = geometryOf(sectors);
        expect(cylinders * heads * sectorsPerTrack).to.be.at.most(sectors);
        expect(cylinders).to.be.within(1, 65_535);
        expect(heads).to.be.within(4, 16);
      }),
    );
  });
});
