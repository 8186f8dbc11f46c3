import { expect } from "chai";
import { audit } from "../../../policy/audit/audit.ts";
import { defaultPeople } from "../../support/audited-stacks.ts";
import { type Change, deployedDefaults, edit } from "../../support/estates.ts";

/** Places that cannot be read, when something is changed. */
async function unreadAfter({ people: changePeople, resources: change }: Change): Promise<string[]> {
  const people = defaultPeople();
  changePeople?.(people);
  const resources = await deployedDefaults();
  const { passed, unread } = audit({ people, resources: change?.(resources) ?? resources });
  expect(passed).to.equal(false);
  return unread.map(({ place, what }) => `${place}: ${what}`);
}

describe("the audit of what it cannot read", () => {
  it("names the role whose policy does not parse", async () => {
    const [found] = await unreadAfter({ resources: edit("shop-dump-dump-rights", () => ({ policy: "{ no policy" })) });
    expect(found).to.match(/^shop-dump-dump-rights in stack link: expected a policy document in JSON/);
  });

  it("names the policy that is attached and in no catalogue", async () => {
    const policyArn = "arn:aws:iam::aws:policy/AmazonBedrockFullAccess";
    const [found] = await unreadAfter({ resources: edit("shop-backups-backup-rights", () => ({ policyArn })) });
    expect(found).to.include("found arn:aws:iam::aws:policy/AmazonBedrockFullAccess");
  });

  it("names the role on Azure of which nobody said what it allows", async () => {
    const roleDefinitionId = "/providers/Microsoft.Authorization/roleDefinitions/00000000-0000-4000-8000-000000000000";
    const found = await unreadAfter({
      resources: edit("shop-controller-storage-assignment", () => ({ roleDefinitionId })),
    });
    expect(found.join()).to.include("expected a role of the catalogue or of the stacks");
  });

  it("names the right that is given to somebody whom nobody knows", async () => {
    const principalId = "deadbeef-0000-4000-8000-000000000000";
    const [found] = await unreadAfter({
      resources: edit("shop-controller-storage-assignment", () => ({ principalId })),
    });
    expect(found).to.include(`found ${principalId}`);
  });

  it("names the trust in somebody whom nobody knows", async () => {
    const subject = "repo:somebody/something:ref:refs/heads/main";
    const found = await unreadAfter({
      resources: (all) =>
        all.map((each) =>
          each.type.endsWith(":FederatedIdentityCredential") ? { ...each, props: { ...each.props, subject } } : each,
        ),
    });
    expect(found.join()).to.include(`found nobody; add it to the \`subjects\``);
  });

  it("names users and groups, whose rights it does not follow", async () => {
    const found = await unreadAfter({
      resources: (all) => [
        ...all,
        {
          stack: "prod",
          urn: "urn:user",
          type: "aws:iam/user:User",
          name: "friend",
          within: [],
          props: {},
          protect: false,
        },
      ],
    });
    expect(found).to.deep.equal([
      "friend in stack prod: expected roles, found aws:iam/user:User, whose rights are not followed; write them into the people file, and take it out of the stack",
    ]);
  });

  it("names the stack that is in no account of the people file", async () => {
    const found = await unreadAfter({ people: (people) => void people.accounts.primary?.stacks.shift() });
    expect(found.join()).to.include("add prod to its `stacks`");
  });
});
