import { expect } from "chai";
import { type Audit, audit } from "../../../policy/audit/audit.ts";
import { defaultPeople } from "../../support/audited-stacks.ts";
import { type Change, deployedDefaults } from "../../support/estates.ts";
import { FAULTS } from "./fault-mistakes.ts";
import type { Mistake } from "./mistake.ts";
import { REACHING } from "./reaching-mistakes.ts";

async function audited(...changes: (Change | undefined)[]): Promise<Audit> {
  const people = defaultPeople();
  let resources = await deployedDefaults();
  for (const change of changes) {
    change?.people?.(people);
    resources = change?.resources?.(resources) ?? resources;
  }
  return audit({ people, resources });
}

describe("the deletion-proof audit", () => {
  it("passes with the settings and the people that the project comes with", async () => {
    const { passed, problems, unread, data } = await audited();
    expect({ problems, unread }).to.deep.equal({ problems: [], unread: [] });
    expect(passed).to.equal(true);
    expect(data).to.deep.equal(["shop content", "shop database"]);
  });

  it("knows of forty mistakes at least", () => {
    const names = [...REACHING, ...FAULTS].map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length).and.to.be.at.least(40);
  });

  for (const mistake of [...REACHING, ...FAULTS]) {
    it(`tells: ${mistake.name}`, async () => {
      if (mistake.given) {
        const before = await audited(mistake.given);
        expect(before.problems, "what was so before").to.deep.equal([]);
      }
      const found = await audited(mistake.given, mistake);
      expect(found.passed).to.equal(false);
      expect(
        found.problems.filter((problem) => isIt(mistake, problem)),
        toText(found),
      ).to.not.be.empty;
      for (const { mend, what } of found.problems) expect(mend, what).to.match(/\w{3}/);
    });
  }
});

function isIt({ rule, subject, cause }: Mistake, problem: Audit["problems"][number]): boolean {
  return (
    problem.rule === rule &&
    (subject === undefined || problem.subject === subject) &&
    (!cause || problem.causes.includes(cause))
  );
}

const toText = ({ problems, unread }: Audit) =>
  JSON.stringify([problems.map(({ rule, subject, causes }) => [rule, subject, causes]), unread], undefined, 1);
