import { expect } from "chai";
import { awsRemains } from "../../../rehearsal/aws/remains.ts";
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
});
