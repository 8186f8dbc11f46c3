import { expect } from "chai";
import fc from "fast-check";
import { cidr, contains, overlap, renderCidr } from "../../components/cidr.ts";

/** A range that a site may be given, /16 to /22, anywhere in IPv4. */
export const anySiteRange: fc.Arbitrary<string> = fc
  .record({
    place: fc.nat({ max: 2 ** 16 - 1 }),
    prefix: fc.integer({ min: 16, max: 22 }),
    offset: fc.nat({ max: 63 }),
  })
  .map(({ place, prefix, offset }) => {
    const size = 2 ** (32 - prefix);
    return renderCidr({ address: place * 2 ** 16 + ((offset * size) % 2 ** 16), prefix });
  });

/** Fails unless every range lies in `outer`, and no two of them share an address. */
export function expectToFitSideBySide(outer: string, inner: string[]): void {
  const ranges = inner.map(cidr);
  for (const [index, range] of ranges.entries()) {
    expect(contains(cidr(outer), range), `${inner[index]} lies in ${outer}`).to.equal(true);
    for (const other of ranges.slice(index + 1)) {
      expect(overlap(range, other), `${inner[index]} overlaps ${renderCidr(other)}`).to.equal(false);
    }
  }
}
