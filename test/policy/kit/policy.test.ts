import { expect } from "chai";
import { type Finding, unknown, wrong } from "../../../policy/kit/finding.ts";
import { policy } from "../../../policy/kit/policy.ts";
import { at, names, ofType, type Resource, UNKNOWN } from "../../../policy/kit/resource.ts";
import { judged, LATER, type Written } from "../../support/judged.ts";

const ABOUT = {
  name: "test",
  description: "It is so.",
  enforcementLevel: "mandatory",
  severity: "low",
  mend: "Write it.",
} as const;
const value = (resource: Resource): Finding[] => {
  const found = at(resource, "value");
  if (found === UNKNOWN) return [unknown(resource, "value")];
  return found === "good" ? [] : [wrong(resource, "is bad; write good")];
};

describe("a policy of the pack", () => {
  it("tells what is wrong with each resource, with a full stop", () => {
    const rule = policy(ABOUT, { resource: value });
    expect(judged(rule, [{ type: "t", name: "x", props: { value: "bad" } }]).wrong).to.deep.equal([
      "x is bad; write good.",
    ]);
  });

  it("tells once, as advice, what it does not know, and how much more there is", () => {
    const written = [..."abcde"].map((name): Written => ({ type: "t", name, props: { value: LATER } }));
    const { wrong, advice } = judged(policy(ABOUT, { resource: value }), written);
    expect(wrong).to.be.empty;
    expect(advice).to.deep.equal([
      "Not known before the deployment, and so not proved: a: value; b: value; c: value; and 2 more. Preview again once it is deployed.",
    ]);
  });

  it("goes by its defaults where nothing is set, and by what is set", () => {
    const config = { schema: { limit: { type: "integer" as const } }, defaults: { limit: 1 } };
    const rule = policy(
      { ...ABOUT, config },
      {
        stack: (all, { limit }) =>
          all.length > limit ? all.slice(0, 1).map((each) => wrong(each, `limit ${limit}`)) : [],
      },
    );
    const two: Written[] = [
      { type: "t", name: "a" },
      { type: "t", name: "b" },
    ];
    expect(judged(rule, two).wrong).to.deep.equal(["a limit 1."]);
    expect(judged(rule, two, { limit: 2 }).wrong).to.be.empty;
  });

  describe("knows what names what", () => {
    const naming = policy(ABOUT, {
      stack: (all) => {
        const [target] = ofType(all, "target") as [Resource];
        return ofType(all, "part")
          .filter((each) => names(each, "of", target))
          .map((each) => wrong(each, "is named"));
      },
    });
    const target: Written = { type: "target", name: "target", props: { id: "t-1" } };
    const named = (...parts: Written[]) => judged(naming, [target, ...parts]).wrong;

    it("by a value that somebody wrote out", () => {
      expect(named({ type: "part", props: { of: "t-1" } })).to.have.length(1);
      expect(named({ type: "part", props: { of: "t-2" } })).to.be.empty;
    });

    it("by where a value is taken from, which the cloud may leave out of its answer", () => {
      expect(named({ type: "part", props: { of: LATER }, takenFrom: { of: ["target"] } })).to.have.length(1);
      expect(named({ type: "part", takenFrom: { of: ["target"] } })).to.have.length(1);
      expect(named({ type: "part", takenFrom: { other: ["target"] } })).to.be.empty;
    });

    it("also where it is handed on by another one", () => {
      const first: Written = { type: "other", name: "first", takenFrom: { of: ["target"] } };
      expect(named(first, { type: "part", props: { of: LATER }, takenFrom: { of: ["first"] } })).to.have.length(1);
    });
  });
});
