import { expect } from "chai";
import fc from "fast-check";
import { type Audit, audit } from "../../../policy/audit/audit.ts";
import type { PeopleFile } from "../../../policy/audit/people/schema.ts";
import type { AuditResource } from "../../../policy/audit/resources.ts";
import { defaultPeople } from "../../support/audited-stacks.ts";
import { allow, deployedDefaults, principalOf } from "../../support/estates.ts";

type Grant = (people: PeopleFile) => void;

const NAMES = Object.keys(defaultPeople().principals);
const name = fc.constantFrom(...NAMES);
const ACTIONS = [
  "s3:*",
  "s3:DeleteObjectVersion",
  "s3:BypassGovernanceRetention",
  "rds:*",
  "backup:*",
  "iam:*",
  "iam:PassRole",
  "sts:AssumeRole",
  "kms:*",
  "*",
];
const ROLES = [
  "Owner",
  "Contributor",
  "Reader",
  "User Access Administrator",
  "Storage Blob Data Owner",
  "Storage Account Contributor",
  "Managed Identity Contributor",
];
const SCOPES = ["standby", "standby/resourceGroups/shop-standby", "operations", "/"];

/** Anything that somebody can be given, and nothing that takes anything from them. */
const grant: fc.Arbitrary<Grant> = fc.oneof(
  fc.tuple(name, fc.subarray(ACTIONS, { minLength: 1 })).map(([who, actions]): Grant => {
    return (people) => void principalOf(people, who).aws.push({ account: "primary", policies: [allow(...actions)] });
  }),
  fc.tuple(name, fc.constantFrom(...ROLES), fc.constantFrom(...SCOPES)).map(([who, role, scope]): Grant => {
    return (people) => void principalOf(people, who).azure.push({ role, scope });
  }),
  fc.tuple(name, name).map(
    ([who, other]): Grant =>
      (people) =>
        void principalOf(people, who).canBecome.push(other),
  ),
  fc.tuple(name, name).map(
    ([who, other]): Grant =>
      (people) =>
        void principalOf(people, who).administeredBy.push(other),
  ),
  fc.tuple(name, fc.constantFrom("Global Administrator", "Application Administrator", "Helpdesk Administrator")).map(
    ([who, role]): Grant =>
      (people) =>
        void principalOf(people, who).directoryRoles.push(role),
  ),
  name.map(
    (who): Grant =>
      (people) =>
        void people.accounts.primary?.root.push(who),
  ),
  name.map(
    (who): Grant =>
      (people) =>
        void people.organization.administrators.push(who),
  ),
  name.map(
    (who): Grant =>
      (people) =>
        void people.identityProviders.entra?.administrators.push(who),
  ),
  name.map(
    (who): Grant =>
      (people) =>
        void people.states.all?.writers.push(who),
  ),
  fc.constant<Grant>((people) => void people.accounts.primary?.scps.pop()),
);

/** Who destroys what. */
const destroyed = ({ actors }: Audit) =>
  new Set(actors.flatMap((actor) => actor.destroys.map(({ copy }) => `${actor.name}\n${copy}`)));

describe("granting more", () => {
  let resources: AuditResource[];
  before(async () => {
    resources = await deployedDefaults();
  });

  function auditWith(grants: Grant[]): Audit {
    const people = defaultPeople();
    for (const each of grants) each(people);
    return audit({ people, resources });
  }

  it("never makes the verdict better, for nobody and for no copy", () => {
    fc.assert(
      fc.property(fc.array(grant, { maxLength: 3 }), grant, (grants, more) => {
        const before = auditWith(grants);
        const after = auditWith([...grants, more]);
        if (!before.passed) expect(after.passed).to.equal(false);
        const now = destroyed(after);
        for (const each of destroyed(before)) expect(now.has(each), each).to.equal(true);
        const pairs = new Set(after.pairs.flatMap(({ people, data }) => data.map((what) => `${people}\n${what}`)));
        for (const { people, data } of before.pairs)
          for (const what of data) expect(pairs.has(`${people}\n${what}`)).to.equal(true);
      }),
      { numRuns: 40 },
    );
  });
});
