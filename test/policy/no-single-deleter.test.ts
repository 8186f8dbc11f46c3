import type { PolicyResource, StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { expect } from "chai";
import type { AuditResource } from "../../policy/audit/resources.ts";
import { auditKnown, noSingleDeleter } from "../../policy/no-single-deleter.ts";
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

/** What a policy says of resources. */
function violations(policy: StackValidationPolicy, resources: PolicyResource[], config: object = {}): string[] {
  const messages: string[] = [];
  const args = { resources, getConfig: () => config } as unknown as StackValidationArgs;
  policy.validateStack(args, (message) => messages.push(message));
  return messages;
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
      expect(violations(noSingleDeleter, resources)).to.deep.equal([]);
    });
  }

  it("says nothing of a stack without copies", () => {
    const resources = [{ type: "aws:route53/record:Record", name: "x", urn: "urn:x", props: {} } as PolicyResource];
    expect(violations(noSingleDeleter, resources)).to.deep.equal([]);
  });

  it("stops a copy without a lock, and says what to write", async () => {
    const [message] = violations(
      noSingleDeleter,
      await seen("prod", (all) => all.filter(({ name }) => name !== "shop-content-lock")),
    );
    expect(message).to.include("shop-content-bucket has no lock; set multicloud-dr:objectLockMode");
  });

  it("stops a policy that does not parse", async () => {
    const resources = await seen(
      "link",
      edit("shop-dump-dump-rights", () => ({ policy: "no" })),
    );
    expect(violations(noSingleDeleter, resources).join()).to.include(
      "shop-dump-dump-rights in stack link could not be read",
    );
  });

  it("stops everything when the people file is not there to be read, or is wrong", async () => {
    const resources = await seen("prod");
    expect(() => violations(noSingleDeleter, resources, { people: "nobody.yaml" })).to.throw("nobody.yaml");
    expect(violations(noSingleDeleter, [...resources], { people: "Pulumi.yaml" }).join()).to.include("Pulumi.yaml:");
  });

  for (const stack of ["prod", "dr", "link"]) {
    it(`stops nobody before the first deployment of ${stack}, and says what is not known`, async () => {
      const resources = (await seen(stack)).map((each) => ({ ...each, props: early(each.props) }));
      expect(violations(noSingleDeleter, resources)).to.deep.equal([]);
      const [message] = violations(auditKnown, resources);
      expect(message).to.match(/^Nothing is proved yet of .*not known before the deployment.*; deploy the stack/s);
    });
  }
});
