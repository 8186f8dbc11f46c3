import { expect } from "chai";
import type { Settings } from "../../stacks/settings.ts";
import { deployDr, difference } from "../support/dr-stack.ts";

const LOCK = "azure-native:authorization:ManagementLockByScope";
const ASSIGNMENT = "azure-native:authorization:RoleAssignment";

/** All that there can be at once. */
const ALL: Partial<Settings<"dr">> = { imageReplication: "on", containerRepositories: ["shop/web"] };

// A lock keeps the assignments below it, too ("Protect your Azure resources with a lock"): whatever takes one away would
// fail on the worst day.
describe("what stack dr takes away", () => {
  const changes: [what: string, change: Partial<Settings<"dr">>][] = [
    ["the loss of the site", { declareDisaster: "site" }],
    ["the loss of the content", { declareDisaster: "content" }],
    ["the loss of the database", { declareDisaster: "database" }],
    ["a drill", { drill: true }],
    ["another web tier", { webTier: "containers", containerImage: "shop/web:v1" }],
  ];
  for (const [what, change] of changes) {
    it(`is kept by no lock: with ${what}, and when that is taken back`, async () => {
      const { resources: before } = await deployDr(ALL);
      const { resources: after } = await deployDr({ ...ALL, ...change });
      const locks = before.customs.filter(({ type }) => type === LOCK).map(({ inputs }) => String(inputs.scope));
      expect(locks).to.have.length(2);
      const { come, go } = difference(before, after);
      const taken = [...go.map((name) => before.named(name)), ...come.map((name) => after.named(name))];
      const kept = taken
        .filter(({ type }) => type === ASSIGNMENT)
        .filter(({ inputs }) => locks.some((scope) => String(inputs.scope).startsWith(scope)));
      expect(kept.map(({ name }) => name)).to.deep.equal([]);
    });
  }
});
