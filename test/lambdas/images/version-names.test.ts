import { expect } from "chai";
import fc from "fast-check";
import { inOrder, surplus, versionName } from "../../../lambdas/images/version-names.ts";

const moments = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000));

describe("versions of the servers' image", () => {
  it("are named after when the image was made", () => {
    expect(versionName(new Date("2026-11-30T09:15:00.000Z"))).to.equal("2026.1130.91500");
    expect(versionName(new Date("2027-01-02T00:00:07Z"))).to.equal("2027.102.7");
  });

  it("have names that Azure takes, in the order in which the images were made", () => {
    fc.assert(
      fc.property(fc.uniqueArray(moments, { selector: Number, minLength: 1 }), (dates) => {
        const names = dates.map(versionName);
        for (const name of names) expect(name).to.match(/^(0|[1-9]\d{0,8})(\.(0|[1-9]\d{0,8})){2}$/);
        const sorted = [...dates].sort((one, other) => one.getTime() - other.getTime()).map(versionName);
        expect(inOrder(names)).to.deep.equal(sorted);
      }),
    );
  });

  it("are dropped beyond the newest few, but never the promoted one", () => {
    const names = ["2026.1130.1", "2026.2.3", "2026.1130.90000", "2025.1231.5"];
    expect(surplus(names, 2, "2026.1130.90000")).to.deep.equal(["2025.1231.5", "2026.2.3"]);
    expect(surplus(names, 2, "2025.1231.5")).to.deep.equal(["2026.2.3"]);
    expect(surplus(names, 9, "2026.1130.90000")).to.deep.equal([]);
  });
});
