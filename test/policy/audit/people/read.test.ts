import { expect } from "chai";
import { audit } from "../../../../policy/audit/audit.ts";
import { readPeople } from "../../../../policy/audit/people/read.ts";
import { PEOPLE_TEXT } from "../../../support/audited-stacks.ts";
import { deployedDefaults } from "../../../support/estates.ts";

/** What is wrong with the project's people file once a part of it is another. */
function wrong(before: string, after: string): string[] {
  expect(PEOPLE_TEXT, "the text that is replaced").to.include(before);
  const { unread } = readPeople(PEOPLE_TEXT.replace(before, after), "people.yaml");
  return unread.map(({ place, what }) => `${place} ${what}`);
}

/** The line of the project's people file on which a text stands, from 1. */
const lineOf = (text: string) => PEOPLE_TEXT.slice(0, PEOPLE_TEXT.indexOf(text)).split("\n").length;

describe("a people file", () => {
  it("that the project comes with can be read", () => {
    expect(readPeople(PEOPLE_TEXT, "people.yaml").unread).to.deep.equal([]);
  });

  it("with a name that nobody has is wrong at that line, with the name that was meant", () => {
    const [found = ""] = wrong("root: [aws-administrator]", "root: [aws-adminstrator]");
    expect(found).to.match(new RegExp(`^people.yaml:${lineOf("root: [")}:\\d+ accounts.primary.root.0: `));
    expect(found).to.include("found aws-adminstrator; did you mean aws-administrator?");
  });

  it("with a role that is not in the catalogue is wrong", () => {
    expect(wrong("{ role: Reader, scope: standby }", "{ role: Redaer, scope: standby }").join()).to.include(
      "did you mean Reader?",
    );
    expect(wrong("{ role: Reader, scope: standby }", "{ role: Cosmos DB Operator, scope: standby }").join()).to.include(
      "or define it under `roles`",
    );
    expect(wrong("[Global Administrator]", "[Galactic Administrator]").join()).to.include(
      "expected a role of the directory",
    );
  });

  it("with a policy that is not in the catalogue, or does not parse, is wrong", () => {
    expect(wrong("policies: [ReadOnlyAccess]", "policies: [AmazonBedrockFullAccess]").join()).to.include(
      "or write it in full",
    );
    const [effect = ""] = wrong("Effect: Deny\n        Action:", "Effect: Denied\n        Action:");
    expect(effect).to.match(
      /^people\.yaml:\d+:\d+ policies\.keep-copies: expected a policy document of IAM's, found something else at Statement/,
    );
    expect(wrong("Condition: { ArnNotLike:", "Condition: { ArnUnlike:").join()).to.include(
      "expected a policy document of IAM's",
    );
  });

  it("with a ring of people who become one another is wrong", () => {
    const ring = wrong(
      "    description: Writes the app and the program.\n",
      "    description: Writes the app and the program.\n    canBecome: [ci-administrator]\n",
    );
    expect(ring).to.deep.equal([]);
    const text = PEOPLE_TEXT.replace(
      "    description: Writes the app",
      "    canBecome: [ci-administrator]\n    description: Writes the app",
    ).replace(
      "    description: Administers the service",
      "    canBecome: [developer]\n    description: Administers the service",
    );
    const [found] = readPeople(text, "people.yaml").unread;
    expect(found?.what).to.include("developer → ci-administrator → developer");
  });

  it("with a scope, an account, a provider or a place of a state that is not there is wrong", () => {
    expect(
      wrong("{ role: Reader, scope: standby }", "{ role: Reader, scope: stanby/resourceGroups/a }").join(),
    ).to.include("did you mean standby?");
    expect(
      wrong(
        "account: primary, policies: [AdministratorAccess]",
        "account: primry, policies: [AdministratorAccess]",
      ).join(),
    ).to.include("did you mean primary?");
    expect(wrong("directory: entra", "directory: okta").join()).to.include(
      "expected an identity provider of this file",
    );
    expect(wrong("    scope: operations/resourceGroups/state\n    locked", "    locked").join()).to.include(
      "expected where the state is kept",
    );
  });

  it("with an unknown key, or that is no YAML, is not read at all", () => {
    const text = PEOPLE_TEXT.replace("canBecome", "canBecme");
    expect(readPeople(`${text}\nfriends: []\n`, "people.yaml").people).to.equal(undefined);
    const { people, unread } = readPeople("version: [1\n", "people.yaml");
    expect(people).to.equal(undefined);
    expect(unread[0]?.place).to.match(/^people\.yaml:\d+:\d+$/);
  });

  it("never passes while something of it could not be read", async () => {
    const { people, unread } = readPeople(
      PEOPLE_TEXT.replace("{ role: Reader, scope: standby }", "{ role: Redaer, scope: standby }"),
      "people.yaml",
    );
    if (!people) throw new Error("expected people");
    const { passed, problems } = audit({ people, resources: await deployedDefaults(), unread });
    expect({ passed, problems }).to.deep.equal({ passed: false, problems: [] });
  });
});
