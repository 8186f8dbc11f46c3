import { expect } from "chai";
import fc from "fast-check";
import { shortageOf, usableGib } from "../../../lambdas/standby/room.ts";

const GIB = 2 ** 30;

/** All in GiB. */
const shortage = (dump: number, former: number, standing: number, storageGib: number) =>
  shortageOf({ dump: dump * GIB, former: former * GIB, standing: standing * GIB, storageGib });

describe("the room for a new copy", () => {
  it("ends where Azure makes a server read-only", () => {
    expect([20, 100, 110, 1000].map(usableGib)).to.deep.equal([19, 95, 105, 995]);
  });

  it("is refused to what does not fit, with the storage that it needs", () => {
    expect(shortage(55, 50, 50, 100)).to.equal(
      "expected room beside the former copy in 95.0 GiB of storage, found 50.0 taken, and a dump of about 55.0: " +
        "at least 110 GiB are needed",
    );
  });

  const fits: [what: string, dump: number, former: number, standing: number][] = [
    ["fits", 40, 40, 40],
    ["takes less on the disk than as text", 60, 60, 40],
    ["is as large as a copy that grew since it was loaded", 40, 10, 40],
  ];
  for (const [what, dump, former, standing] of fits) {
    it(`is given to what ${what}`, () => expect(shortage(dump, former, standing, 100)).to.equal(undefined));
  }

  it("is there with the storage that is asked for", () => {
    const gib = fc.double({ min: 0, max: 5000, noNaN: true });
    fc.assert(
      fc.property(gib, gib, gib, fc.integer({ min: 20, max: 16_384 }), (dump, former, standing, storage) => {
        const found = shortage(dump, former, standing, storage);
        if (found === undefined) return;
        const needed = Number(/at least (\d+)/.exec(found)?.[1]);
        expect(needed).to.be.above(storage);
        expect(shortage(dump, former, standing, needed)).to.equal(undefined);
      }),
    );
  });
});
