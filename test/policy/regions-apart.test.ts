import { expect } from "chai";
import { FATES } from "../../policy/kit/fates.ts";
import { regionsApart } from "../../policy/regions-apart.ts";
import { judged, type Written } from "../support/judged.ts";
import { writtenStack } from "../support/written-stacks.ts";

const tags = { Workload: "shop" };

/** A site's stack in a region; the other site is in that of its stack file. */
const primary = (region: string): Written[] => [
  { type: "multicloud-dr:primary:PrimarySite", name: "shop" },
  { type: "aws:ec2/vpc:Vpc", name: "vpc", props: { region, tags } },
];
const standby = (location: string): Written[] => [
  { type: "multicloud-dr:standby:StandbySite", name: "shop" },
  { type: "azure-native:resources:ResourceGroup", name: "group", props: { location, tags } },
];

describe("policy regions-apart", () => {
  it("takes the regions that the project comes with", async () => {
    for (const role of ["prod", "dr", "link"] as const) {
      expect(judged(regionsApart, await writtenStack(role)), role).to.deep.equal({ wrong: [], advice: [] });
    }
  });

  it("stops a standby in the primary's city, seen from either stack", () => {
    expect(judged(regionsApart, standby("North Europe")).wrong.join()).to.include("both in Dublin; write another");
    expect(judged(regionsApart, primary("eu-central-1")).wrong.join()).to.include("both in Frankfurt");
  });

  it("goes by fates that are set rather than by its own", () => {
    const fates = { "one cable": ["eu-west-1", "germanywestcentral"] };
    expect(judged(regionsApart, primary("eu-west-1"), { fates }).wrong.join()).to.include("both in one cable");
    const apart = { "north of the river": ["northeurope"] };
    expect(judged(regionsApart, standby("northeurope"), { fates: apart }).wrong).to.be.empty;
  });

  it("says what it does not know: a region, or a stack file", () => {
    expect(judged(regionsApart, primary("xx-moon-1")).advice.join()).to.include("what xx-moon-1 shares its fate with");
    const { wrong, advice } = judged(regionsApart, primary("eu-west-1"), { folder: "docs" });
    expect(wrong).to.be.empty;
    expect(advice.join()).to.include("the standby's region, for Pulumi.dr.yaml does not say");
  });

  it("has each region once", () => {
    const regions = Object.values(FATES).flat();
    expect(new Set(regions).size).to.equal(regions.length);
  });
});
