import { GetFunctionConfigurationCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { preparePolicy } from "../../../components/replication/dump-policies.ts";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { archive, asset, trustIn } from "./inline-function.ts";
import { failure, useLocalAws } from "./local-aws.ts";

const FUNCTION = "aws:lambda/function:Function";
const ROLE = "aws:iam/role:Role";

/** Ids of nothing. */
const NONE = { subnet: "subnet-0123456789abcdef0", group: "sg-0123456789abcdef0" };

describe("a function in a network of the local AWS", () => {
  const aws = useLocalAws();
  let role: string;
  let base: Properties;
  let subnet: string;
  let group: string;

  before(async () => {
    const vpc = await aws.deploy("aws:ec2/vpc:Vpc", { cidrBlock: "10.16.0.0/16" });
    subnet = (await aws.deploy("aws:ec2/subnet:Subnet", { vpcId: vpc.id, cidrBlock: "10.16.0.0/24" })).id;
    const description = "Functions";
    group = (await aws.deploy("aws:ec2/securityGroup:SecurityGroup", { vpcId: vpc.id, description })).id;
    role = await roleCalled("dumper");
    const policy = preparePolicy({
      secretArns: ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:a-AbCdEf"],
      logGroupArn: "arn:aws:logs:eu-central-1:111122223333:log-group:dumper",
    });
    await aws.deploy("aws:iam/rolePolicy:RolePolicy", { role: "dumper", policy });
    const code = archive({ assets: { "index.js": asset({ text: "exports.handler = async () => 'here';" }) } });
    base = { role, runtime: "nodejs24.x", handler: "index.handler", code };
  });

  const roleCalled = async (name: string) =>
    String((await aws.deploy(ROLE, { name, assumeRolePolicy: trustIn("lambda.amazonaws.com") })).properties.arn);
  const within = (subnetIds: string[], securityGroupIds: string[]) => ({ vpcConfig: { subnetIds, securityGroupIds } });

  it("is made with the dump's own rights, and runs", async () => {
    await aws.deploy(FUNCTION, { ...base, name: "inside", ...within([subnet], [group]) });
    const FunctionName = "inside";
    const { VpcConfig } = await aws.cloud.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(VpcConfig).to.deep.include({ SubnetIds: [subnet], SecurityGroupIds: [group] });
    const { Payload } = await aws.cloud.lambda.send(new InvokeCommand({ FunctionName }));
    expect(Payload?.transformToString()).to.equal('"here"');
  });

  it("is refused when its role may not join the network", async () => {
    const inputs = { ...base, role: await roleCalled("stranger"), ...within([subnet], [group]) };
    expect(await failure(aws.deploy(FUNCTION, inputs))).to.match(/permissions to call ec2:CreateNetworkInterface/);
  });

  it("is refused without a subnet or a group that stands", async () => {
    for (const config of [within([NONE.subnet], [group]), within([subnet], [NONE.group]), within([], [group])]) {
      expect(await failure(aws.deploy(FUNCTION, { ...base, ...config }))).to.match(/InvalidParameterValueException/);
    }
  });

  it("is refused between two networks", async () => {
    const other = await aws.deploy("aws:ec2/vpc:Vpc", { cidrBlock: "10.17.0.0/16" });
    const inputs = { vpcId: other.id, description: "Elsewhere" };
    const elsewhere = (await aws.deploy("aws:ec2/securityGroup:SecurityGroup", inputs)).id;
    expect(await failure(aws.deploy(FUNCTION, { ...base, ...within([subnet], [elsewhere]) }))).to.match(/of one VPC/);
  });
});
