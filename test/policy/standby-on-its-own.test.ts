import { expect } from "chai";
import { standbyOnItsOwn } from "../../policy/standby-on-its-own.ts";
import { judged } from "../support/judged.ts";
import { writtenStack } from "../support/written-stacks.ts";

/** What the policy says of dr without any resource of a type, or without the one of a name. */
async function without(typeOrName: string): Promise<string> {
  const written = await writtenStack("dr");
  const rest = written.filter(({ type, name }) => type !== typeOrName && name !== typeOrName);
  if (rest.length === written.length) throw new Error(`expected ${typeOrName} in dr, found none`);
  return judged(standbyOnItsOwn, rest).wrong.join("\n");
}

describe("policy standby-on-its-own", () => {
  it("takes dr as it comes, and says nothing of other stacks", async () => {
    for (const role of ["prod", "dr", "link", "traffic"] as const) {
      expect(judged(standbyOnItsOwn, await writtenStack(role)), role).to.deep.equal({ wrong: [], advice: [] });
    }
  });

  const mistakes: [what: string, type: string, says: string][] = [
    ["a database whose password is at the primary alone", "azure-native:keyvault:Secret", "has no secret in a vault"],
    ["names that are to be made on the day", "azure-native:cdn:AFDCustomDomain", "shop has no names that users know"],
    ["names that go with Route 53", "azure-native:dns:Zone", "has no zone of its own"],
    ["a standby that nobody sees", "azure-native:operationalinsights:Workspace", "has no logs of its own"],
    ["copies that are in no log", "shop-dumps-logs", "shop-dumps-account is in no log"],
  ];
  for (const [what, typeOrName, says] of mistakes) {
    it(`stops ${what}`, async () => {
      expect(await without(typeOrName)).to.include(says);
    });
  }
});
