import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { type LongWork, Pause, TimeUp, workLong } from "../../../lambdas/standby/long-work.ts";
import { rejection } from "../../support/rejection.ts";

function worked<T>(work: (signal: AbortSignal) => Promise<T>, more: Partial<LongWork> = {}): Promise<T> {
  return workLong({ most: 5000, pause: 10, look: async () => {}, ...more }, work);
}

/** Work that ends only when it is told to. */
const endless = (signal: AbortSignal) => delay(60_000, undefined, { signal });

describe("long work", () => {
  it("is looked at while it goes on, and not after it", async () => {
    let looks = 0;
    const look = async () => {
      looks += 1;
    };
    expect(await worked(() => delay(100, "done"), { look })).to.equal("done");
    expect(looks).to.be.greaterThan(2);
    const then = looks;
    await delay(50);
    expect(looks).to.equal(then);
  });

  it("ends at once when a look fails, by that reason", async () => {
    const lost = new Error("the lease is lost");
    const look = () => Promise.reject(lost);
    expect(await rejection(worked(endless, { look }))).to.equal(lost);
  });

  it("is put off when its time is up", async () => {
    expect(await rejection(worked(endless, { most: 30 })))
      .to.be.instanceOf(TimeUp)
      .and.instanceOf(Pause);
  });

  it("fails as itself when it is its own failure", async () => {
    const own = new Error("the dump is corrupt");
    expect(await rejection(worked(() => Promise.reject(own)))).to.equal(own);
  });
});
