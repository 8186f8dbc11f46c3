import { expect } from "chai";
import { TAGGABLE, UNTAGGABLE } from "../../policy/kit/taggable.ts";
import { tagged } from "../../policy/tagged.ts";
import { judged, LATER, type Written } from "../support/judged.ts";

const TAGS = { Purpose: "primary", Environment: "production", Workload: "shop", Owner: "platform-team" };
const bucket = (tags: unknown): Written => ({ type: "aws:s3/bucket:Bucket", name: "content", props: { tags } });
const wrong = (written: Written, config: object = {}) => judged(tagged, [written], config).wrong;

describe("policy tagged", () => {
  it("stops what lacks a tag, and names all that it lacks", () => {
    expect(wrong(bucket(TAGS))).to.be.empty;
    expect(wrong(bucket({ ...TAGS, Owner: "" })).join()).to.include("content has no tag Owner; write tags");
    expect(wrong(bucket(undefined)).join()).to.include("Purpose, Environment, Workload, Owner");
  });

  it("reads the list of an auto-scaling group", () => {
    const group = (tags: object[]): Written => ({ type: "aws:autoscaling/group:Group", props: { tags } });
    const list = Object.entries(TAGS).map(([key, value]) => ({ key, value, propagateAtLaunch: true }));
    expect(wrong(group(list))).to.be.empty;
    expect(wrong(group(list.slice(1))).join()).to.include("has no tag Purpose");
  });

  it("asks for other tags where they are set", () => {
    expect(wrong(bucket(TAGS), { tags: ["CostCentre"] }).join()).to.include("has no tag CostCentre");
  });

  it("leaves parts and settings, components, and what is in no cloud", () => {
    for (const type of [
      "aws:route53/record:Record",
      "multicloud-dr:primary:Network",
      "random:index/randomUuid:RandomUuid",
    ]) {
      expect(judged(tagged, [{ type }])).to.deep.equal({ wrong: [], advice: [] });
    }
  });

  it("says that it does not know a type, or a tag", () => {
    expect(judged(tagged, [{ type: "aws:new/thing:Thing" }]).advice.join()).to.include("whether aws:new/thing:Thing");
    expect(judged(tagged, [bucket({ ...TAGS, Owner: LATER })])).to.deep.include({ wrong: [] });
    expect(judged(tagged, [bucket({ ...TAGS, Owner: LATER })]).advice.join()).to.include("content: tag Owner");
  });

  it("has each type once", () => {
    expect([...TAGGABLE].filter((type) => UNTAGGABLE.has(type))).to.be.empty;
  });
});
