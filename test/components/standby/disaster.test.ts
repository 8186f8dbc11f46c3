import { expect } from "chai";
import { DISASTERS, servesContent } from "../../../components/standby/disaster.ts";

describe("a declared disaster", () => {
  it("is one of four words, the first of which says that there is none", () => {
    expect(DISASTERS).to.deep.equal(["none", "database", "content", "site"]);
  });

  it("hands the content to the standby when the content is lost, or the whole site", () => {
    expect(DISASTERS.filter(servesContent)).to.deep.equal(["content", "site"]);
  });
});
