import { expect } from "chai";
import fc from "fast-check";
import { type Cidr, cidr, contains, overlap, parseCidr, part, renderCidr } from "../../components/cidr.ts";

/** Any range at all, from one address to the whole of IPv4. */
const anyRange: fc.Arbitrary<Cidr> = fc
  .record({ address: fc.nat({ max: 2 ** 32 - 1 }), prefix: fc.integer({ min: 0, max: 32 }) })
  .map(({ address, prefix }) => ({ address: address - (address % 2 ** (32 - prefix)), prefix }));

describe("an IPv4 range", () => {
  it("is read from the form in which both clouds write it", () => {
    expect(parseCidr("10.16.0.0/16")).to.deep.equal({ address: 0x0a100000, prefix: 16 });
    expect(parseCidr("0.0.0.0/0")).to.deep.equal({ address: 0, prefix: 0 });
    expect(parseCidr("255.255.255.255/32")).to.deep.equal({ address: 0xffffffff, prefix: 32 });
  });

  it("survives being rendered and read again", () => {
    fc.assert(
      fc.property(anyRange, (range) => {
        expect(parseCidr(renderCidr(range))).to.deep.equal(range);
      }),
    );
  });

  const none: Record<string, string> = {
    "an address without a prefix": "10.16.0.0",
    "too few octets": "10.16.0/16",
    "too many octets": "10.16.0.0.0/16",
    "an octet over 255": "10.256.0.0/16",
    "a prefix over 32": "10.16.0.0/33",
    "bits below the prefix": "10.16.0.1/16",
    "a negative octet": "-10.16.0.0/16",
    "blanks around it": " 10.16.0.0/16 ",
    IPv6: "fd00::/8",
    nothing: "",
  };
  for (const [what, text] of Object.entries(none)) {
    it(`is not ${what}`, () => {
      expect(parseCidr(text)).to.equal(undefined);
    });
  }

  it("is demanded with an error that shows what was found", () => {
    expect(cidr("10.16.0.0/16")).to.deep.equal({ address: 0x0a100000, prefix: 16 });
    expect(() => cidr("10.16.0.1/16")).to.throw(RangeError, 'such as 10.16.0.0/16, found "10.16.0.1/16"');
  });
});

describe("two ranges", () => {
  const overlapping = (one: string, other: string) => overlap(cidr(one), cidr(other));

  it("overlap when one lies in the other, and not when they only touch", () => {
    expect(overlapping("10.16.0.0/16", "10.16.4.0/22")).to.equal(true);
    expect(overlapping("10.16.0.0/16", "10.16.0.0/16")).to.equal(true);
    expect(overlapping("10.16.0.0/16", "10.17.0.0/16")).to.equal(false);
    expect(overlapping("255.255.255.255/32", "0.0.0.0/32")).to.equal(false);
  });

  it("overlap just when one contains the other, whichever is named first", () => {
    fc.assert(
      fc.property(anyRange, anyRange, (one, other) => {
        expect(overlap(one, other)).to.equal(contains(one, other) || contains(other, one));
        expect(overlap(one, other)).to.equal(overlap(other, one));
      }),
    );
  });
});

describe("the parts of a range", () => {
  /** A range, and a cut of it that is possible. */
  const anyCut = anyRange.chain((range) =>
    fc.record({ range: fc.constant(range), bits: fc.integer({ min: 0, max: Math.min(6, 32 - range.prefix) }) }),
  );

  it("are counted from 0", () => {
    expect(renderCidr(part(cidr("10.16.0.0/16"), 2, 0))).to.equal("10.16.0.0/18");
    expect(renderCidr(part(cidr("10.16.0.0/16"), 2, 3))).to.equal("10.16.192.0/18");
    expect(renderCidr(part(cidr("0.0.0.0/0"), 1, 1))).to.equal("128.0.0.0/1");
  });

  it("fill it without a gap and without sharing an address", () => {
    fc.assert(
      fc.property(anyCut, ({ range, bits }) => {
        const parts = Array.from({ length: 2 ** bits }, (_, index) => part(range, bits, index));
        let next = range.address;
        for (const { address, prefix } of parts) {
          expect(address).to.equal(next);
          next = address + 2 ** (32 - prefix);
        }
        expect(next).to.equal(range.address + 2 ** (32 - range.prefix));
      }),
    );
  });

  it("are refused when there is none of that number, or it would be finer than an address", () => {
    expect(() => part(cidr("10.16.0.0/16"), 2, 4)).to.throw(RangeError, "part 4 of 4 of 10.16.0.0/16 does not exist");
    expect(() => part(cidr("10.16.0.0/16"), 2, -1)).to.throw(RangeError, "part -1 of 4");
    expect(() => part(cidr("10.16.0.0/31"), 2, 0)).to.throw(RangeError, "part 0 of 4 of 10.16.0.0/31");
  });
});
