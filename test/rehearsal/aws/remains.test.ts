import { expect } from "chai";
import { awsRemains } from "../../../rehearsal/aws/remains.ts";
import { allowing, deployHandler, trustIn } from "./inline-function.ts";
import { useLocalAws } from "./local-aws.ts";
import { deployCertificate, deployNetwork, deployServerRole, userData } from "./site.ts";

describe("what remains in the local AWS", () => {
  const aws = useLocalAws();

  it("is nothing at first", async () => {
    expect(await awsRemains(aws.cloud)).to.deep.equal([]);
  });

  it("is every part of a web tier and of what is before it", async () => {
    const { vpcId, subnetIds } = await deployNetwork(aws);
    await aws.deploy("aws:ec2/securityGroup:SecurityGroup", { vpcId });
    const address = await aws.deploy("aws:ec2/eip:Eip", {});
    await aws.deploy("aws:ec2/natGateway:NatGateway", { subnetId: subnetIds[0], allocationId: address.id });
    await aws.deploy("aws:ec2/vpcEndpoint:VpcEndpoint", { vpcId, serviceName: "com.amazonaws.eu-central-1.s3" });
    await deployCertificate(aws, "app.shop.example", "us-east-1");
    const profile = await deployServerRole(aws, []);
    const iamInstanceProfile = { name: profile.id };
    const template = await aws.deploy("aws:ec2/launchTemplate:LaunchTemplate", {
      userData: userData({}),
      iamInstanceProfile,
    });
    const launchTemplate = { id: template.id };
    const sizes = { minSize: 1, maxSize: 1, vpcZoneIdentifiers: subnetIds };
    await aws.deploy("aws:autoscaling/group:Group", { ...sizes, launchTemplate });
    const balancer = await aws.deploy("aws:lb/loadBalancer:LoadBalancer", { name: "shop", subnets: subnetIds });
    const targets = await aws.deploy("aws:lb/targetGroup:TargetGroup", { name: "shop", port: 80, vpcId });
    const defaultActions = [{ type: "forward", targetGroupArn: targets.id }];
    await aws.deploy("aws:lb/listener:Listener", { loadBalancerArn: balancer.id, port: 80, defaultActions });
    await aws.deploy("aws:cloudfront/originAccessControl:OriginAccessControl", {
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    await aws.deploy("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", {
      customHeadersConfig: { items: [] },
    });

    const kinds = (await awsRemains(aws.cloud)).map((each) => each.slice(0, each.lastIndexOf(" ")));
    expect(new Set(kinds)).to.deep.equal(
      new Set([
        ...["VPC", "security group", "address", "NAT gateway", "VPC endpoint", "hosted zone", "certificate for"],
        ...["role", "instance profile", "launch template", "server group", "machine", "load balancer", "target group"],
        ...["origin access control", "response headers policy", "host"],
      ]),
    );
  });

  it("is what starts functions, until it is deleted", async () => {
    const arn = await deployHandler(aws, "started", "async () => {}");
    const roleFor = async (service: string) => {
      const inputs = { name: service, assumeRolePolicy: trustIn(service) };
      const { properties } = await aws.deploy("aws:iam/role:Role", inputs);
      const policy = allowing("lambda:InvokeFunction", arn);
      await aws.deploy("aws:iam/rolePolicy:RolePolicy", { role: service, policy });
      return properties.arn;
    };
    const schedule = await aws.deploy("aws:scheduler/schedule:Schedule", {
      name: "starts",
      scheduleExpression: "rate(1 day)",
      flexibleTimeWindow: { mode: "OFF" },
      target: { arn, roleArn: await roleFor("scheduler.amazonaws.com") },
    });
    const machine = await aws.deploy("aws:sfn/stateMachine:StateMachine", {
      name: "steps",
      roleArn: await roleFor("states.amazonaws.com"),
      definition: JSON.stringify({ StartAt: "Done", States: { Done: { Type: "Succeed" } } }),
    });
    expect(await awsRemains(aws.cloud)).to.include.members(["schedule starts", "state machine steps"]);
    await schedule.delete();
    await machine.delete();
    expect(await awsRemains(aws.cloud)).to.not.include.members(["schedule starts", "state machine steps"]);
  });
});
