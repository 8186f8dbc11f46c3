import { expect } from "chai";
import { defaultLock } from "../../components/object-lock.ts";

describe("the lock of every new version", () => {
  it("is S3's retention of that mode, for that many days", () => {
    expect(defaultLock({ mode: "governance", days: 30 })).to.deep.equal({ mode: "GOVERNANCE", days: 30 });
    expect(defaultLock({ mode: "compliance", days: 365 })).to.deep.equal({ mode: "COMPLIANCE", days: 365 });
  });

  it("is none for none, whatever the days", () => {
    for (const days of [0, 30]) expect(defaultLock({ mode: "none", days })).to.equal(undefined);
  });
});
