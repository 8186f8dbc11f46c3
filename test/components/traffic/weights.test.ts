import { expect } from "chai";
import { type Site, weightsFor } from "../../../components/traffic/weights.ts";

describe("the weights of the two sites", () => {
  it("send everybody to the site that serves", () => {
    expect(weightsFor("primary")).to.deep.equal({ primary: 100, standby: 0 });
    expect(weightsFor("standby")).to.deep.equal({ primary: 0, standby: 100 });
  });

  for (const site of ["primary", "standby"] satisfies Site[]) {
    it(`are Route 53's, and never both 0, when the ${site} serves`, () => {
      const weights = Object.values(weightsFor(site));
      for (const weight of weights) expect(weight).to.be.within(0, 255);
      expect(Math.max(...weights)).to.be.greaterThan(0);
    });
  }
});
