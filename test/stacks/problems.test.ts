import { expect } from "chai";
import fc from "fast-check";
import { nearest, renderProblems } from "../../stacks/problems.ts";

describe("the report on a stack's configuration", () => {
  it("shows each problem with its key, what was expected and found, and the command that mends it", () => {
    const report = renderProblems("dr", [
      { key: "multicloud-dr:zones", expected: "a whole number from 2 to 6", found: "nine", example: "3" },
      { key: "multicloud-dr:owner", expected: "the Owner tag", found: undefined, example: "platform-team" },
      { key: "multicloud-dr:zone", expected: "a key of this project", found: "3" },
    ]);
    expect(report).to.equal(
      [
        "3 problems in the configuration of stack dr (Pulumi.dr.yaml):",
        "  multicloud-dr:zones",
        "    expected a whole number from 2 to 6",
        '    found    "nine"',
        "    mend     pulumi config set --stack dr multicloud-dr:zones 3",
        "  multicloud-dr:owner",
        "    expected the Owner tag",
        "    found    nothing",
        "    mend     pulumi config set --stack dr multicloud-dr:owner platform-team",
        "  multicloud-dr:zone",
        "    expected a key of this project",
        '    found    "3"',
        "    mend     pulumi config rm --stack dr multicloud-dr:zone",
      ].join("\n"),
    );
  });

  it("counts a single problem as one", () => {
    const [heading] = renderProblems("prod", [{ key: "k", expected: "e", found: "" }]).split("\n");
    expect(heading).to.equal("1 problem in the configuration of stack prod (Pulumi.prod.yaml):");
  });
});

describe("the word that was probably meant", () => {
  const words = ["zones", "owner", "declareDisaster"];

  it("is the nearest, whatever the case", () => {
    expect(nearest("zone", words)).to.equal("zones");
    expect(nearest("declaredisaster", words)).to.equal("declareDisaster");
    expect(nearest("onwer", words)).to.equal("owner");
  });

  it("is none when all are more than three edits away", () => {
    expect(nearest("zonesabc", words)).to.equal("zones");
    expect(nearest("zonesabcd", words)).to.equal(undefined);
    expect(nearest("anything", [])).to.equal(undefined);
  });

  it("is always the word itself when it is one of them", () => {
    fc.assert(
      fc.property(fc.constantFrom(...words), fc.shuffledSubarray(words, { minLength: 3 }), (word, candidates) => {
        expect(nearest(word, candidates)).to.equal(word);
      }),
    );
  });
});
