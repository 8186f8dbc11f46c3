import { expect } from "chai";
import fc from "fast-check";
import { budgetNotices, monthOf } from "../../../components/standby/budget-plan.ts";

describe("a budget's notices", () => {
  it("come at 80 percent spent and at 100 percent foreseen", () => {
    const notices = budgetNotices(["ops@example.com"]);
    expect(Object.values(notices).map(({ threshold, thresholdType }) => [threshold, thresholdType])).to.deep.equal([
      [80, "Actual"],
      [100, "Forecasted"],
    ]);
    for (const notice of Object.values(notices)) {
      expect(notice).to.include({ enabled: true, operator: "GreaterThanOrEqualTo" });
    }
  });

  it("go to whom they are meant for, else to the owners", () => {
    for (const { contactEmails, contactRoles } of Object.values(budgetNotices(["ops@example.com"]))) {
      expect({ contactEmails, contactRoles }).to.deep.equal({ contactEmails: ["ops@example.com"], contactRoles: [] });
    }
    for (const { contactEmails, contactRoles } of Object.values(budgetNotices([]))) {
      expect({ contactEmails, contactRoles }).to.deep.equal({ contactEmails: [], contactRoles: ["Owner"] });
    }
  });
});

describe("a budget's beginning", () => {
  it("is the first of the month, wherever the day is", () => {
    expect(monthOf(new Date("2026-11-21T13:00:00Z"))).to.equal("2026-11-01T00:00:00Z");
    expect(monthOf(new Date("2028-02-29T23:59:59.999Z"))).to.equal("2028-02-01T00:00:00Z");
  });

  it("is never after the day, and always a first", () => {
    const days = fc.date({ min: new Date("2017-06-01T00:00:00Z"), max: new Date("2099-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(days, (day) => {
        const start = new Date(monthOf(day));
        expect(start.getTime()).to.be.at.most(day.getTime());
        expect([start.getUTCDate(), start.getUTCMonth()]).to.deep.equal([1, day.getUTCMonth()]);
      }),
    );
  });
});
