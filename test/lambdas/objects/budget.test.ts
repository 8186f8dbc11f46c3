import { setImmediate as turn } from "node:timers/promises";
import { expect } from "chai";
import fc from "fast-check";
import { Budget } from "../../../lambdas/objects/budget.ts";
import { rejection } from "../../support/rejection.ts";

describe("a budget of memory", () => {
  it("lets everybody in for whom there is room, and the next one when room is made", async () => {
    const budget = new Budget(10);
    const [one] = await Promise.all([budget.take(6), budget.take(4)]);
    let inside = false;
    const third = budget.take(5).then((share) => {
      inside = true;
      return share;
    });
    await turn();
    expect(inside).to.equal(false);
    one();
    await third;
    expect(inside).to.equal(true);
  });

  it("lets work that is larger than all there is go alone", async () => {
    const budget = new Budget(10);
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await turn();
      order.push(`${name} ends`);
    };
    await Promise.all([
      budget.within(1, work("small")),
      budget.within(1000, work("huge")),
      budget.within(1, work("next")),
    ]);
    expect(order).to.deep.equal(["small begins", "small ends", "huge begins", "huge ends", "next begins", "next ends"]);
  });

  it("lets nobody overtake: small work that comes late does not starve large work that waits", async () => {
    const budget = new Budget(10);
    const first = await budget.take(8);
    const order: string[] = [];
    const waiting = [
      budget.within(9, async () => void order.push("large")),
      budget.within(1, async () => void order.push("small")),
    ];
    await turn();
    expect(order, "there would be room for the small one").to.be.empty;
    first();
    await Promise.all(waiting);
    expect(order).to.deep.equal(["large", "small"]);
  });

  it("gets its share back from work that fails", async () => {
    const budget = new Budget(10);
    const failing = budget.within(10, async () => {
      throw new Error("broken");
    });
    expect((await rejection(failing)).message).to.equal("broken");
    expect(await budget.within(10, async () => "in")).to.equal("in");
  });

  it("is never overdrawn, keeps the order, and everybody has his turn", async () => {
    const works = fc.array(fc.record({ bytes: fc.nat(30), turns: fc.nat(5) }), { maxLength: 40, size: "max" });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), works, async (total, all) => {
        const budget = new Budget(total);
        const begun: number[] = [];
        let out = 0;
        const run = async ({ bytes, turns }: { bytes: number; turns: number }, index: number) => {
          const share = Math.min(bytes, total);
          out += share;
          begun.push(index);
          expect(out).to.be.at.most(total);
          for (let count = 0; count < turns; count++) await turn();
          out -= share;
        };
        await Promise.all(all.map((work, index) => budget.within(work.bytes, () => run(work, index))));
        expect(begun).to.deep.equal(all.map((_, index) => index));
      }),
      { numRuns: 50 },
    );
  });
});
