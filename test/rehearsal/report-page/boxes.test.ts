import { expect } from "chai";
import fc from "fast-check";
import { type Box, stack } from "../../../rehearsal/report-page/boxes.ts";

const box = (left: number, right: number, height = 10): Box => ({ left, right, height });

describe("boxes in a stack", () => {
  it("have the highest place that is free, also below a gap", () => {
    const boxes = [box(0, 50), box(40, 90), box(60, 99), box(0, 30, 20), box(85, 99)];
    expect(stack(boxes)).to.deep.equal({ tops: [0, 10, 0, 10, 20], height: 30 });
  });

  it("may touch at their sides", () => {
    expect(stack([box(0, 50), box(50, 90)])).to.deep.equal({ tops: [0, 0], height: 10 });
  });

  it("take no room when there are none", () => {
    expect(stack([])).to.deep.equal({ tops: [], height: 0 });
  });

  it("cover none of the others, and could not be higher, whatever they are", () => {
    const boxes = fc.array(
      fc
        .record({ left: fc.nat(60), width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 9 }) })
        .map(({ left, width, height }) => ({ left, right: left + width, height })),
      { maxLength: 15 },
    );
    fc.assert(
      fc.property(boxes, (given) => {
        const { tops, height } = stack(given);
        const placed = given.map((each, index) => ({ ...each, top: tops[index] as number }));
        for (const [index, one] of placed.entries()) {
          const beside = placed.slice(0, index).filter(({ left, right }) => left < one.right && one.left < right);
          const covers = (top: number) =>
            beside.some((other) => other.top < top + one.height && top < other.top + other.height);
          expect(covers(one.top)).to.equal(false);
          for (let higher = 0; higher < one.top; higher += 1) expect(covers(higher)).to.equal(true);
          expect(one.top + one.height).to.be.at.most(height);
        }
      }),
    );
  });
});
