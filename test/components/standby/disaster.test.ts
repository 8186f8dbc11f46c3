import { expect } from "chai";
import { DISASTERS, switchedBy } from "../../../components/standby/disaster.ts";

describe("a declared disaster", () => {
  it("is one of four words, the first of which says that there is none", () => {
    expect(DISASTERS).to.deep.equal(["none", "database", "content", "site"]);
  });

  it("moves what its word names, and the whole site all of it", () => {
    expect(DISASTERS.map(switchedBy)).to.deep.equal([[], ["database"], ["content"], ["database", "content", "site"]]);
  });
});
