import { expect } from "chai";
import { Pace } from "../../../rehearsal/azure/pace.ts";
import { Clock } from "../../../rehearsal/local/clock.ts";

describe("the pace of the local Azure", () => {
  /** How long an operation of 120 s takes here, in milliseconds. */
  async function timeOf(pace: Pace): Promise<number> {
    const started = performance.now();
    await pace.take("databaseStart");
    return performance.now() - started;
  }

  it("is Azure's own, by the clock of the run", async () => {
    // A timer may be a little early.
    expect(await timeOf(new Pace(new Clock(1000)))).to.be.at.least(118);
  });

  it("takes no time without a clock, or while it is skipped", async () => {
    await new Pace().take("databaseStart");
    const pace = new Pace(new Clock(1));
    pace.isSkipped = true;
    await pace.take("databaseStart");
    pace.isSkipped = false;
    const ending = new AbortController();
    let over = false;
    const running = pace.take("databaseStart", ending.signal).then(() => {
      over = true;
    });
    await new Promise(setImmediate);
    expect(over, "once it is not skipped any more, it takes its time again").to.equal(false);
    ending.abort();
    await running;
  });

  it("ends early by its signal, without an error", async () => {
    const pace = new Pace(new Clock(1));
    const ending = new AbortController();
    const running = pace.take("databaseStart", ending.signal);
    ending.abort(new Error("the machine is gone"));
    await running;
    await pace.take("databaseStart", AbortSignal.abort());
  });
});
