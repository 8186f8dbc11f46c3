import { expect } from "chai";
import fc from "fast-check";
import type { Run } from "../../../lambdas/images/data-runs.ts";
import { isSame, NOTHING, withRun } from "../../../lambdas/images/written.ts";

/** Stretches in their order, each after a gap, which may be none. */
const runs = fc
  .array(fc.record({ gap: fc.nat(3), length: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 20 })
  .map((parts) => {
    let at = 0;
    return parts.map(({ gap, length }): Run => {
      const offset = at + gap;
      at = offset + length;
      return { offset, length };
    });
  });

const all = (stretches: Run[]) => stretches.reduce(withRun, NOTHING);

describe("what has been written of a disk", () => {
  it("is the same however its stretches are cut", () => {
    fc.assert(
      fc.property(runs, (stretches) => {
        const cut = stretches.flatMap(({ offset, length }) =>
          Array.from({ length }, (_, index) => ({ offset: offset + index, length: 1 })),
        );
        expect(isSame(all(cut), all(stretches))).to.equal(true);
      }),
    );
  });

  it("is another one with a stretch missing, moved or longer", () => {
    fc.assert(
      fc.property(runs, fc.nat(), (stretches, choice) => {
        const index = choice % stretches.length;
        const without = stretches.filter((_, each) => each !== index);
        expect(isSame(all(without), all(stretches))).to.equal(false);
        const longer = [...stretches, { offset: 1000, length: 1 }];
        expect(isSame(all(longer), all(stretches))).to.equal(false);
        const moved = stretches.map((run, each) => (each >= index ? { ...run, offset: run.offset + 1 } : run));
        expect(isSame(all(moved), all(stretches))).to.equal(false);
      }),
    );
  });

  it("survives being written down", () => {
    const written = all([
      { offset: 0, length: 4096 },
      { offset: 8192, length: 512 },
    ]);
    expect(isSame(JSON.parse(JSON.stringify(written)), written)).to.equal(true);
    expect(JSON.stringify(written).length).to.be.below(200);
  });
});
