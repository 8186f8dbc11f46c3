import { crc32 } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { Crc64Nvme, combineCrc32, combineCrc64, crc64nvme } from "../../../lambdas/objects/crc.ts";

const check = Buffer.from("123456789");
const anyBytes = fc.uint8Array({ maxLength: 300 });

describe("a CRC-64/NVME", () => {
  it("is what the catalogue of CRCs says of the digits from 1 to 9", () => {
    expect(crc64nvme(check)).to.equal("ae8b14860a799888");
  });

  it("is zero for nothing", () => {
    expect(new Crc64Nvme().digest()).to.equal("0000000000000000");
    expect(crc64nvme(new Uint8Array())).to.equal("0000000000000000");
  });

  it("is that of the definition, bit after bit", () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(crc64nvme(bytes)).to.equal(bitAfterBit(bytes));
      }),
    );
  });

  it("is the same in whatever pieces the bytes come, and wherever they lie in memory", () => {
    fc.assert(
      fc.property(fc.array(anyBytes), fc.nat(7), (pieces, offset) => {
        const crc = new Crc64Nvme();
        for (const piece of pieces) crc.update(Buffer.concat([Buffer.alloc(offset), piece]).subarray(offset));
        expect(crc.digest()).to.equal(crc64nvme(Buffer.concat(pieces)));
      }),
    );
  });

  it("can be asked for in between", () => {
    const crc = new Crc64Nvme().update(check.subarray(0, 4));
    expect(crc.digest()).to.equal(crc64nvme(check.subarray(0, 4)));
    expect(crc.update(check.subarray(4)).digest()).to.equal("ae8b14860a799888");
  });
});

describe("the CRC of two pieces", () => {
  it("is that of the whole, wherever it is cut: CRC-64/NVME", () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (one, other) => {
        const whole = crc64nvme(Buffer.concat([one, other]));
        expect(combineCrc64(crc64nvme(one), crc64nvme(other), other.length)).to.equal(whole);
      }),
    );
  });

  it("is that of the whole, wherever it is cut: CRC-32", () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (one, other) => {
        const whole = crc32(Buffer.concat([one, other]));
        expect(combineCrc32(crc32(one), crc32(other), other.length)).to.equal(whole);
      }),
    );
  });

  it("is that of the whole for large pieces too", () => {
    const zeros = Buffer.alloc(2 ** 24 + 3);
    const whole = Buffer.concat([check, zeros]);
    expect(combineCrc64(crc64nvme(check), crc64nvme(zeros), zeros.length)).to.equal(crc64nvme(whole));
    expect(combineCrc32(crc32(check), crc32(zeros), zeros.length)).to.equal(crc32(whole));
  });

  const anyLength = fc.maxSafeNat().map((length) => Math.floor(length / 2));
  const anyCrc64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((crc) => crc.toString(16).padStart(16, "0"));
  const anyCrc32 = fc.nat(2 ** 32 - 1);

  it("is the same for three pieces from the left and from the right, of any length a number holds", () => {
    fc.assert(
      fc.property(anyCrc64, anyCrc64, anyCrc64, anyLength, anyLength, (a, b, c, lengthB, lengthC) => {
        const fromLeft = combineCrc64(combineCrc64(a, b, lengthB), c, lengthC);
        const fromRight = combineCrc64(a, combineCrc64(b, c, lengthC), lengthB + lengthC);
        expect(fromLeft).to.equal(fromRight);
      }),
    );
    fc.assert(
      fc.property(anyCrc32, anyCrc32, anyCrc32, anyLength, anyLength, (a, b, c, lengthB, lengthC) => {
        const fromLeft = combineCrc32(combineCrc32(a, b, lengthB), c, lengthC);
        const fromRight = combineCrc32(a, combineCrc32(b, c, lengthC), lengthB + lengthC);
        expect(fromLeft).to.equal(fromRight);
      }),
    );
  });
});

/** CRC-64/NVME by its definition: slow, and plain to see. */
function bitAfterBit(bytes: Uint8Array): string {
  const ones = 2n ** 64n - 1n;
  let crc = ones;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x9a6c9329ac4bc9b5n : crc >> 1n;
  }
  return (crc ^ ones).toString(16).padStart(16, "0");
}
