import { expect } from "chai";
import { AMI } from "../../../lambdas/images/ami.ts";
import { choose } from "../../../lambdas/images/choice.ts";

const ami = (id: string, created: string, State = "available") =>
  AMI.parse({ ImageId: id, CreationDate: created, State });
const standby = (created: string) => ({ image: "ami-0", created, version: "2026.1.1", promotedAt: created });
const now = new Date("2026-11-30T12:00:00Z");
const HOUR = 3_600_000;

describe("which image is carried", () => {
  const monday = ami("ami-1", "2026-11-23T08:00:00Z");
  const today = ami("ami-2", "2026-11-30T10:00:00.000Z");
  const chosen = { image: { id: "ami-2", created: "2026-11-30T10:00:00.000Z" }, waiting: 2 * HOUR };

  it("is the newest that there is, in whatever order they are listed", () => {
    expect(choose([monday, today], undefined, now).choice).to.deep.equal(chosen);
    expect(choose([today, monday], standby("2026-11-23T08:00:00Z"), now).choice).to.deep.equal(chosen);
  });

  it("is none when the standby has it, or a newer one", () => {
    for (const created of ["2026-11-30T10:00:00Z", "2026-11-30T11:00:00Z"]) {
      expect(choose([monday, today], standby(created), now).choice).to.deep.equal({ image: null, waiting: 0 });
    }
  });

  it("is none where there is none", () => {
    expect(choose([], undefined, now).choice).to.deep.equal({ image: null, waiting: 0 });
  });

  it("is never one that is still being made, or has failed", () => {
    const pending = ami("ami-3", "2026-11-30T11:00:00Z", "pending");
    expect(choose([monday, today, pending], undefined, now).choice).to.deep.equal(chosen);
  });
});
