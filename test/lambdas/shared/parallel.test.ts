import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { forEachOf } from "../../../lambdas/shared/parallel.ts";
import { rejection } from "../../support/rejection.ts";

/** Numbers from 0, and how many of them were asked for. */
function counting(most: number) {
  const asked = { count: 0 };
  async function* numbers() {
    for (let number = 0; number < most; number++) {
      asked.count += 1;
      yield number;
    }
  }
  return { asked, numbers: numbers() };
}

describe("working on a long list", () => {
  it("works on each item once, so many at once and no more", async () => {
    const { numbers } = counting(50);
    const done: number[] = [];
    let now = 0;
    let most = 0;
    await forEachOf(numbers, 7, async (number) => {
      most = Math.max(most, ++now);
      await delay(number % 3);
      now -= 1;
      done.push(number);
    });
    expect(most).to.equal(7);
    expect(done.sort((one, other) => one - other)).to.deep.equal(Array.from({ length: 50 }, (_, index) => index));
  });

  it("begins nothing more when one fails, and waits for what had begun", async () => {
    const { asked, numbers } = counting(1000);
    let ended = 0;
    const failure = await rejection(
      forEachOf(numbers, 4, async (number) => {
        if (number === 5) throw new Error("the fifth fails");
        await delay(5);
        ended += 1;
      }),
    );
    expect(failure.message).to.equal("the fifth fails");
    expect(ended).to.equal(asked.count - 1);
    expect(asked.count).to.be.below(12);
  });

  it("fails when the list does", async () => {
    async function* broken() {
      yield 1;
      throw new Error("the list ends here");
    }
    expect((await rejection(forEachOf(broken(), 4, async () => {}))).message).to.equal("the list ends here");
  });
});
