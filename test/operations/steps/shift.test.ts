import { expect } from "chai";
import { renderShift, shiftBack } from "../../../operations/steps/shift.ts";
import { useAnsweringPrimary } from "../../support/answering-primary.ts";
import { FakeOperation, watching } from "../../support/fake-operation.ts";
import { rejection } from "../../support/rejection.ts";

const stage = (share: number) => [`set traffic standbyShare=${share}`, "up traffic"];

describe("moving users back bit by bit", () => {
  const primary = useAnsweringPrimary();
  let operation: FakeOperation;

  beforeEach(() => {
    operation = new FakeOperation({ disaster: "site" });
  });

  it("gives the standby one share after the other, and tells which", async () => {
    const { watch, said } = watching();
    await shiftBack(operation.real, { shares: [90, 50, 10], dwell: 0 }, watch);
    expect(operation.done).to.deep.equal([...stage(90), ...stage(50), ...stage(10)]);
    expect(said).to.deep.equal([90, 50, 10].map((share) => `the standby gets ${share} % of the users`));
  });

  it("asks the primary at each stage, only once its users are there", async () => {
    const asked: (string | undefined)[] = [];
    primary.onAsked = () => asked.push(operation.done.at(-2));
    await shiftBack(operation.real, { shares: [50, 10], dwell: 0 }, watching().watch);
    expect(asked).to.deep.equal(["set traffic standbyShare=50", "set traffic standbyShare=10"]);
  });

  it("looks for as long as it is told", async () => {
    const begun = performance.now();
    await shiftBack(operation.real, { shares: [50], dwell: 0.3 }, watching().watch);
    expect(performance.now() - begun).to.be.at.least(299);
  });

  it("sends everybody to the standby again at the first answer that is not good, and says which", async () => {
    operation.onUp = () => {
      if (operation.done.includes("set traffic standbyShare=50")) primary.health = 503;
    };
    const shifted = shiftBack(operation.real, { shares: [90, 50, 10], dwell: 0 }, watching().watch);
    expect((await rejection(shifted)).message).to.equal(
      "expected a primary that is well with 50 % of its users, found that it is not (the app, by its health: expected " +
        "status 200, found 503 (well)); all users are sent to the standby again. Mend that, and run this again",
    );
    expect(operation.done).to.deep.equal([...stage(90), ...stage(50), ...stage(100)]);
  });

  it("goes no further once it is broken off", async () => {
    const { watch, interruption } = watching();
    primary.onAsked = () => interruption.abort(new Error("interrupted"));
    const shifted = shiftBack(operation.real, { shares: [90, 50], dwell: 60 }, watch);
    expect((await rejection(shifted)).message).to.equal("interrupted");
    expect(operation.done).to.deep.equal(stage(90));
  });

  it("is told with its stages", () => {
    expect(renderShift({ shares: [90, 50, 10], dwell: 300 })).to.equal(
      "90 %, 50 %, 10 % of the users for 300 s each, with good answers",
    );
  });
});
