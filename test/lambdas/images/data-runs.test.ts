import { expect } from "chai";
import fc from "fast-check";
import { dataRuns } from "../../../lambdas/images/data-runs.ts";

const KIB = 1024;

describe("the stretches of a disk that hold something", () => {
  it("are none where all is zeros", () => {
    expect(dataRuns(Buffer.alloc(256 * KIB))).to.deep.equal([]);
  });

  it("are whole blocks of 4 KiB", () => {
    const content = Buffer.alloc(256 * KIB);
    content[100 * KIB + 5] = 1;
    expect(dataRuns(content)).to.deep.equal([{ offset: 100 * KIB, length: 4 * KIB }]);
  });

  it("are one across a gap for which no request of its own is worth while", () => {
    const content = Buffer.alloc(256 * KIB);
    content[0] = 1;
    content[20 * KIB] = 1;
    content[100 * KIB] = 1;
    expect(dataRuns(content)).to.deep.equal([
      { offset: 0, length: 24 * KIB },
      { offset: 100 * KIB, length: 4 * KIB },
    ]);
  });

  it("leave out nothing but zeros, and come in their order", () => {
    const pages = fc.array(fc.tuple(fc.nat(2047), fc.integer({ min: 1, max: 255 })), { maxLength: 40 });
    fc.assert(
      fc.property(pages, fc.integer({ min: 1, max: 2048 }), (written, sectors) => {
        const content = Buffer.alloc(sectors * 512);
        for (const [sector, value] of written) if (sector < sectors) content[sector * 512 + 7] = value;
        const copy = Buffer.alloc(content.length);
        let end = 0;
        for (const { offset, length } of dataRuns(content)) {
          expect(offset).to.be.at.least(end);
          expect(length % 512).to.equal(0);
          content.copy(copy, offset, offset, offset + length);
          end = offset + length;
        }
        expect(copy.equals(content)).to.equal(true);
      }),
    );
  });

  it("are asked for of whole pages only", () => {
    expect(() => dataRuns(Buffer.alloc(513))).to.throw(/whole pages/);
  });
});
