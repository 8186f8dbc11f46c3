import { expect } from "chai";
import type { Rule } from "../../policy/kit/policy.ts";
import { POLICIES } from "../../policy/policies.ts";
import { ROLES } from "../../stacks/fields.ts";
import { judged, type Written } from "../support/judged.ts";
import { earlyStack, writtenStack, writtenWithContainers } from "../support/written-stacks.ts";

describe("the policies", () => {
  const saidOf = (written: Written[]) =>
    POLICIES.flatMap((policy) => {
      const { wrong, advice } = judged(policy as Rule, written);
      return [...wrong, ...advice].map((message) => `${policy.name}: ${message}`);
    })
      // Nobody has drilled what was never deployed.
      .filter((message) => !message.startsWith("drills-not-stale"));

  for (const role of ROLES) {
    it(`are content with stack ${role} as it comes, and know all of it`, async () => {
      expect(saidOf(await writtenStack(role))).to.deep.equal([]);
    });
  }

  for (const role of ["dr", "link"] as const) {
    it(`are content with stack ${role} where containers' images are copied`, async () => {
      expect(saidOf(await writtenWithContainers(role))).to.deep.equal([]);
    });
  }

  for (const role of ROLES) {
    it(`stop nobody before stack ${role} stands, when hardly anything is known`, async () => {
      const written = await earlyStack(role);
      const stopping = POLICIES.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
      const wrong = stopping.flatMap((policy) =>
        judged(policy as Rule, written).wrong.map((message) => `${policy.name}: ${message}`),
      );
      expect(wrong).to.deep.equal([]);
    });
  }

  it("have names of their own", () => {
    const names = POLICIES.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
  });
});
