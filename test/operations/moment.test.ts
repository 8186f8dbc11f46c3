import { expect } from "chai";
import { WrongUsage } from "../../operations/command.ts";
import { readMoment } from "../../operations/moment.ts";

const NOW = new Date("2026-11-21T16:30:00Z");

describe("a moment on the command line", () => {
  for (const text of [
    "2026-11-21T14:05:00Z",
    "2026-11-21T14:05Z",
    "2026-11-21T15:05:00+01:00",
    "2026-11-21T14:05:00.000Z",
  ]) {
    it(`is read from ${text}`, () => {
      expect(readMoment("at", text, NOW).toISOString()).to.equal("2026-11-21T14:05:00.000Z");
    });
  }

  for (const text of [
    "yesterday",
    "2026-11-21",
    "2026-11-21T14:05:00",
    "2026-11-21 14:05:00Z",
    "2026-13-21T14:05:00Z",
    "",
  ]) {
    it(`is refused when it is "${text}", with what is expected`, () => {
      expect(() => readMoment("at", text, NOW))
        .to.throw(WrongUsage, "--at: expected a moment in the past with its zone, as 2026-11-21T15:30:00Z, found")
        .with.property("message")
        .that.matches(new RegExp(`found ${text}$`));
    });
  }

  it("is refused when it is still to come", () => {
    expect(() => readMoment("at", "2026-11-21T17:00:00Z", NOW)).to.throw("still to come");
  });
});
