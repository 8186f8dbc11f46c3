import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { reasonOf } from "../../operations/interruption.ts";

describe("the reason why something broke off", () => {
  const broken = new Error("the engine was killed with SIGINT");
  const interrupted = new Error("interrupted");

  it("is what broke it", async () => {
    expect(await reasonOf(broken, new AbortController().signal)).to.equal(broken);
  });

  it("is the interruption, of which that only came", async () => {
    expect(await reasonOf(broken, AbortSignal.abort(interrupted))).to.equal(interrupted);
  });

  it("is the interruption also where it is heard of a moment later", async () => {
    const interruption = new AbortController();
    const reason = reasonOf(broken, interruption.signal);
    await delay(20);
    interruption.abort(interrupted);
    expect(await reason).to.equal(interrupted);
  });
});
