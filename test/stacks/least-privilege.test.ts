import { expect } from "chai";
import { link } from "../../stacks/link.ts";
import { prod } from "../../stacks/prod.ts";
import { settingsOf } from "../support/config.ts";
import { ACCOUNT } from "../support/mock-outputs.ts";
import { deploy, type Registrations } from "../support/mocks.ts";
import { DR_OUTPUTS, PROD_OUTPUTS } from "../support/other-stacks.ts";

interface Statement {
  Effect: string;
  Action?: string | string[];
  Resource?: string | string[];
  Principal?: unknown;
}

/** Statements that allow on "*", each with the reason; the policy that has it says so too. */
const REASONS: Record<string, string> = {
  "ec2:AssignPrivateIpAddresses,ec2:CreateNetworkInterface,ec2:DeleteNetworkInterface,ec2:DescribeNetworkInterfaces,ec2:DescribeSubnets,ec2:UnassignPrivateIpAddresses":
    "some of them know no resource, an address to be has no id yet, and the function's code is denied them",
  "kms:*": "without it the account's own policies could say nothing of the key; in a key's policy * is that key alone",
  "kms:Decrypt,kms:GenerateDataKey": "in a key's policy * is that key alone",
  "secretsmanager:ListSecrets": "a list of secrets knows no resource, and tells no value",
  "sts:GetWebIdentityToken": "the action knows no resource; the audience bounds it",
};

/** Every statement that allows something, of every policy that a stack registers. */
function allowances(resources: Registrations): Statement[] {
  return resources.customs.flatMap(({ inputs }) =>
    [inputs.policy, inputs.assumeRolePolicy]
      .filter((policy): policy is string => typeof policy === "string" && policy.startsWith("{"))
      .flatMap((policy) => (JSON.parse(policy) as { Statement: Statement[] }).Statement)
      .filter(({ Effect }) => Effect === "Allow"),
  );
}

const listOf = (value: string | string[] = []) => [value].flat();

describe("what the stacks allow on AWS", () => {
  const found: Statement[] = [];
  before(async () => {
    const functions = {
      "aws:index/getAvailabilityZones:getAvailabilityZones": { names: ["a", "b", "c"] },
      "aws:index/getCallerIdentity:getCallerIdentity": { accountId: ACCOUNT },
    };
    const stacks = {
      "organization/multicloud-dr/prod": { outputs: PROD_OUTPUTS },
      "organization/multicloud-dr/dr": { outputs: DR_OUTPUTS },
    };
    found.push(...allowances((await deploy(() => prod([settingsOf("prod")]), { functions })).resources));
    found.push(...allowances((await deploy(() => link([settingsOf("link")]), { stacks })).resources));
  });

  it("names every action and every resource, but where there is a reason", () => {
    expect(found).to.have.length.greaterThan(10);
    const wild = found.filter(
      ({ Action, Resource }) => listOf(Action).some((action) => action.includes("*")) || listOf(Resource).includes("*"),
    );
    const actions = new Set(wild.map(({ Action }) => listOf(Action).sort().join()));
    expect([...actions]).to.have.members(Object.keys(REASONS));
  });

  it("allows nobody in the world anything", () => {
    for (const { Principal } of found) {
      expect(JSON.stringify(Principal ?? ""), JSON.stringify(Principal)).to.not.match(/^"\*"$|"AWS":"\*"/);
    }
  });
});
