import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import { SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, list } from "./common.ts";

/** What Lambda does with a function's role to give it an address in a network. */
const NEEDED = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"];

/**
 * Refuses a function whose network is not there, or whose role may not join it: AWS makes no such function, and the
 * emulator makes any, outside of all networks.
 */
export async function requireNetwork(cloud: AwsCloud, inputs: Properties): Promise<void> {
  if (inputs.vpcConfig === undefined) return;
  const { subnetIds, securityGroupIds } = fields(inputs.vpcConfig);
  await requireRights(cloud, String(inputs.role));
  const subnetsGiven = list(subnetIds).map(String);
  const groupsGiven = list(securityGroupIds).map(String);
  // All of them: asked for one by its id, the emulator takes some good ids for malformed ones.
  const [{ Subnets: subnets = [] }, { SecurityGroups: groups = [] }] = await Promise.all([
    cloud.ec2.send(new DescribeSubnetsCommand({})),
    cloud.ec2.send(new DescribeSecurityGroupsCommand({})),
  ]);
  const ourSubnets = subnets.filter(({ SubnetId = "" }) => subnetsGiven.includes(SubnetId));
  const ourGroups = groups.filter(({ GroupId = "" }) => groupsGiven.includes(GroupId));
  if (ourSubnets.length === 0 || ourSubnets.length < subnetsGiven.length) throw missing("subnets", subnetsGiven);
  if (ourGroups.length === 0 || ourGroups.length < groupsGiven.length) {
    throw missing("security groups", groupsGiven);
  }
  const networks = [...ourSubnets, ...ourGroups].map(({ VpcId }) => VpcId);
  if (new Set(networks).size === 1) return;
  throw new Error(
    "InvalidParameterValueException: the subnets and the security groups of a function are of one VPC, these of " +
      `${[...new Set(networks)].join(", ")} (CreateFunction)`,
  );
}

async function requireRights(cloud: AwsCloud, role: string): Promise<void> {
  const { EvaluationResults = [] } = await cloud.iam.send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn: role, ActionNames: NEEDED, ResourceArns: ["*"] }),
  );
  const refused = EvaluationResults.find(({ EvalDecision }) => EvalDecision !== "allowed");
  if (!refused) return;
  throw new Error(
    "InvalidParameterValueException: the provided execution role does not have permissions to call " +
      `${refused.EvalActionName} (CreateFunction): give ${role} the right before the function is made`,
  );
}

function missing(what: string, ids: string[]): Error {
  return new Error(
    `InvalidParameterValueException: expected one or more ${what} that stand, found one that does not among ` +
      `${ids.join(", ") || "none"} (CreateFunction)`,
  );
}
