import { expect } from "chai";
import fc from "fast-check";
import { contentOf, keyOf, workloads } from "../../../bench/objects/workloads.ts";

describe("the workloads", () => {
  it("are many small objects, more that are tiny, and few large ones", () => {
    expect(workloads({ quick: false }).map(({ name }) => name)).to.deep.equal([
      "2000x16KiB-versitygw",
      "20000x1KiB-versitygw",
      "4x256MiB-versitygw",
      "2000x16KiB-ministack",
    ]);
  });

  it("are a tenth when it has to be quick: of the objects, or of their bytes", () => {
    expect(workloads({ quick: true }).map(({ name }) => name)).to.deep.equal([
      "200x16KiB-versitygw",
      "2000x1KiB-versitygw",
      "4x25MiB-versitygw",
      "200x16KiB-ministack",
    ]);
  });

  it("give each object a key of its own, a hundred to a folder", () => {
    expect([0, 99, 100, 19_999].map(keyOf)).to.deep.equal([
      "content/0000/000000.bin",
      "content/0000/000099.bin",
      "content/0001/000100.bin",
      "content/0199/019999.bin",
    ]);
  });

  it("give each object bytes of its own, which can be told from any place on", () => {
    const place = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(fc.nat(20_000), place, fc.nat(500), (number, block, length) => {
        const whole = contentOf(number, 0, block * 16 + length);
        expect(contentOf(number, block * 16, length)).to.deep.equal(whole.subarray(block * 16));
      }),
    );
    expect(contentOf(1, 0, 64)).to.not.deep.equal(contentOf(2, 0, 64));
    expect(contentOf(1, 0, 64)).to.not.deep.equal(contentOf(1, 64, 64));
  });

  it("give an object bytes that cannot be packed into fewer", () => {
    expect(new Set(contentOf(0, 0, 4096)).size).to.equal(256);
  });
});
