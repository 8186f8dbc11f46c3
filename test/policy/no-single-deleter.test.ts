import type { PolicyResource, ReportViolation, StackValidationArgs } from "@pulumi/policy";
import { expect } from "chai";
import type { AuditResource } from "../../policy/audit/resources.ts";
import { noSingleDeleter } from "../../policy/no-single-deleter.ts";
import { deployedDefaults, edit } from "../support/estates.ts";

/** Resources of one stack as a policy sees them. */
async function seen(stack: string, change = (resources: AuditResource[]) => resources): Promise<PolicyResource[]> {
  const resources = change(await deployedDefaults()).filter((each) => each.stack === stack);
  // The engine tells a policy everything but the ids.
  return resources.map(
    ({ urn, type, name, props: { id: _, ...props }, protect }) =>
      ({ urn, type, name, props, opts: { protect } }) as unknown as PolicyResource,
  );
}

/** What the policy finds wrong with resources, and what it could not know. */
function verdictOn(resources: PolicyResource[], config: object = {}): { wrong: string[]; advice: string[] } {
  const found = { wrong: [] as string[], advice: [] as string[] };
  const args = { resources, getConfig: () => config } as unknown as StackValidationArgs;
  const report = (said: string | { message: string }) =>
    typeof said === "string" ? found.wrong.push(said) : found.advice.push(said.message);
  noSingleDeleter.validateStack(args, report as ReportViolation);
  return found;
}

/** What the clouds tell only once something is there, and what is made of it. */
const LATER = [
  "arn",
  "id",
  "bucket",
  "policy",
  "assumeRolePolicy",
  "role",
  "resources",
  "principalId",
  "scope",
  "subject",
];

/** Properties as they are before a deployment: reading what is not known throws. */
const early = (props: object) =>
  new Proxy(props, {
    get: (target, key) => {
      if (!LATER.includes(String(key))) return Reflect.get(target, key);
      throw new Error("can't run policy 'x' during preview: string value at .x can't be known during preview");
    },
  }) as Record<string, unknown>;

describe("policy no-single-deleter", () => {
  for (const stack of ["prod", "dr", "link"]) {
    it(`is content with stack ${stack} as it comes, with the worst assumed of the others`, async () => {
      const resources = await seen(stack);
      expect(verdictOn(resources)).to.deep.equal({ wrong: [], advice: [] });
    });
  }

  it("says nothing of a stack without copies", () => {
    const resources = [{ type: "aws:route53/record:Record", name: "x", urn: "urn:x", props: {} } as PolicyResource];
    expect(verdictOn(resources)).to.deep.equal({ wrong: [], advice: [] });
  });

  it("stops a copy without a lock, and says what to write", async () => {
    const { wrong } = verdictOn(await seen("prod", (all) => all.filter(({ name }) => name !== "shop-content-lock")));
    expect(wrong.join()).to.include("shop-content-bucket has no lock; set multicloud-dr:objectLockMode");
  });

  it("stops a policy that does not parse", async () => {
    const resources = await seen(
      "link",
      edit("shop-dump-dump-rights", () => ({ policy: "no" })),
    );
    expect(verdictOn(resources).wrong.join()).to.include("shop-dump-dump-rights in stack link could not be read");
  });

  it("stops everything when the people file is not there to be read, or is wrong", async () => {
    const resources = await seen("prod");
    expect(() => verdictOn(resources, { people: "nobody.yaml" })).to.throw("nobody.yaml");
    expect(verdictOn([...resources], { people: "Pulumi.yaml" }).wrong.join()).to.include("Pulumi.yaml:");
  });

  for (const stack of ["prod", "dr", "link"]) {
    it(`stops nobody before the first deployment of ${stack}, and says what is not known`, async () => {
      const resources = (await seen(stack)).map((each) => ({ ...each, props: early(each.props) }));
      const { wrong, advice } = verdictOn(resources);
      expect(wrong).to.deep.equal([]);
      expect(advice.join()).to.match(/^Not known before the deployment, and so not proved: .*could not be read/s);
    });
  }
});
