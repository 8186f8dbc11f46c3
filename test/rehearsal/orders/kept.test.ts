import { expect } from "chai";
import fc from "fast-check";
import { compareKept } from "../../../rehearsal/orders/kept.ts";

const written = (key: string, endedAt: number, sha256?: string) => ({ key, endedAt, well: true, sha256 });
const tried = (key: string, endedAt: number) => ({ key, endedAt, well: false });

const NOTHING = {
  confirmed: 0,
  found: 0,
  missing: 0,
  different: 0,
  oldestMissing: 0,
  lostLater: 0,
  duplicated: 0,
  neverConfirmed: 0,
  examples: [],
};

describe("what was confirmed, compared with what is there", () => {
  it("is all there when every key is, once and with its bytes", () => {
    const writings = [written("a", 1, "aa"), written("b", 2, "bb")];
    const found = [
      { key: "b", sha256: "bb" },
      { key: "a", sha256: "aa" },
    ];
    expect(compareKept(writings, found, 10)).to.deep.equal({ ...NOTHING, confirmed: 2, found: 2 });
  });

  it("lacks what is missing, by the age that the oldest one had when the site was lost", () => {
    const writings = [written("a", 1000), written("b", 4000), written("c", 9000)];
    expect(compareKept(writings, [{ key: "a" }], 10_000)).to.deep.equal({
      ...NOTHING,
      ...{ confirmed: 3, found: 1, missing: 2, oldestMissing: 6000, examples: ["b", "c"] },
    });
  });

  it("counts what was lost though it was confirmed later than the loss, which no age excuses", () => {
    const lost = compareKept([written("a", 9000), written("b", 10_001)], [], 10_000);
    expect(lost).to.deep.equal({
      ...NOTHING,
      ...{ confirmed: 2, missing: 2, oldestMissing: 1000, lostLater: 1, examples: ["a", "b"] },
    });
  });

  it("counts other bytes as lost, too", () => {
    const compared = compareKept([written("a", 7000, "aa")], [{ key: "a", sha256: "xx" }], 10_000);
    expect(compared).to.deep.equal({
      ...NOTHING,
      ...{ confirmed: 1, found: 1, different: 1, oldestMissing: 3000, examples: ["a"] },
    });
  });

  it("is the age of the first confirmation, when one order was confirmed again later", () => {
    const writings = [written("a", 8000), written("a", 2000), tried("a", 1000)];
    expect(compareKept(writings, [], 10_000).oldestMissing).to.equal(8000);
  });

  it("shows what is there twice, and allows what is there though the answer was lost on its way", () => {
    const found = [{ key: "a" }, { key: "a" }, { key: "b" }, { key: "not ours" }];
    expect(compareKept([written("a", 1), tried("b", 2)], found, 10)).to.deep.equal({
      ...NOTHING,
      ...{ confirmed: 1, found: 2, duplicated: 1, neverConfirmed: 1, examples: ["a"] },
    });
  });

  it("does not miss an order that failed each time", () => {
    expect(compareKept([tried("a", 1), tried("a", 2)], [], 10)).to.deep.equal(NOTHING);
  });

  it("names ten keys at most, each once", () => {
    const many = Array.from({ length: 12 }, (_, index) => written(`key-${index}`, index));
    expect(compareKept(many, [], 100).examples).to.have.length(10);
    const twice = [
      { key: "a", sha256: "xx" },
      { key: "a", sha256: "xx" },
    ];
    expect(compareKept([written("a", 1, "aa")], twice, 10).examples).to.deep.equal(["a"]);
  });

  describe("whatever was written and whatever is there", () => {
    const key = fc.constantFrom(..."abcdefgh");
    const sha256 = fc.constantFrom("aa", "bb");
    const writing = fc.record({ key, endedAt: fc.nat(20), well: fc.boolean(), sha256: fc.constant("aa") });
    const writings = fc.array(writing, { maxLength: 20 });
    const found = fc.array(fc.record({ key, sha256 }), { maxLength: 12 });

    it("adds up", () => {
      fc.assert(
        fc.property(writings, found, (sent, there) => {
          const all = compareKept(sent, there, 10);
          expect(all.found).to.equal(all.confirmed - all.missing + all.neverConfirmed);
          expect(all.different).to.be.at.most(all.confirmed - all.missing);
          expect(all.lostLater).to.be.at.most(all.missing + all.different);
          expect(all.duplicated).to.be.at.most(all.found);
          expect(all.oldestMissing).to.be.within(0, 10);
        }),
      );
    });

    it("does not depend on the order in which it was written down", () => {
      const count = ({ examples: _, ...counts }: ReturnType<typeof compareKept>) => counts;
      fc.assert(
        fc.property(writings, found, (sent, there) => {
          const turned = compareKept(sent.toReversed(), there.toReversed(), 10);
          expect(count(turned)).to.deep.equal(count(compareKept(sent, there, 10)));
        }),
      );
    });

    it("says that all is kept just when each confirmed key is there with its bytes", () => {
      fc.assert(
        fc.property(writings, found, (sent, there) => {
          const { missing, different } = compareKept(sent, there, 10);
          const kept = (own: string) => {
            const those = there.filter((each) => each.key === own);
            return those.length > 0 && those.every((each) => each.sha256 === "aa");
          };
          const all = sent.filter(({ well }) => well).every((each) => kept(each.key));
          expect(missing + different === 0).to.equal(all);
        }),
      );
    });
  });
});
