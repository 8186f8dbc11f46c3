import { expect } from "chai";
import { useLocalAws } from "./local-aws.ts";
import { deployNetwork } from "./site.ts";

const EIP = "aws:ec2/eip:Eip";
const NAT = "aws:ec2/natGateway:NatGateway";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

describe("the local AWS's ways out of a VPC", () => {
  const aws = useLocalAws();
  let vpcId: string;
  let subnetId: string;

  before(async () => {
    const network = await deployNetwork(aws);
    vpcId = network.vpcId;
    subnetId = String(network.subnetIds[0]);
  });

  it("are NAT gateways with an address each", async () => {
    const address = await aws.deploy(EIP, { domain: "vpc", tags: { Name: "a" } });
    expect(address.id).to.match(/^eipalloc-/);
    expect(address.properties.publicIp).to.match(/^\d+\.\d+\.\d+\.\d+$/);
    expect(await address.refresh()).to.deep.equal({ domain: "vpc", tags: { Name: "a" } });

    const inputs = { subnetId, allocationId: address.id, tags: { Name: "b" } };
    const gateway = await aws.deploy(NAT, inputs);
    expect(gateway.id).to.match(/^nat-/);
    expect(gateway.properties.publicIp).to.equal(address.properties.publicIp);
    await gateway.update({ ...inputs, tags: { Name: "c" } });
    expect(await gateway.refresh()).to.deep.equal({ ...inputs, tags: { Name: "c" } });

    for (const resource of [gateway, address]) {
      await resource.delete();
      await resource.delete();
      expect(await resource.refresh()).to.equal(undefined);
    }
  });

  it("are gateway endpoints on route tables", async () => {
    const tables = await Promise.all([1, 2].map(() => aws.deploy("aws:ec2/routeTable:RouteTable", { vpcId })));
    const [one, two] = tables.map(({ id }) => id);
    const inputs = { vpcId, serviceName: "com.amazonaws.eu-central-1.s3", vpcEndpointType: "Gateway" };
    const endpoint = await aws.deploy(ENDPOINT, { ...inputs, routeTableIds: [one] });
    expect(endpoint.id).to.match(/^vpce-/);
    await endpoint.update({ ...inputs, routeTableIds: [two] });
    expect(await endpoint.refresh()).to.deep.equal({ ...inputs, routeTableIds: [two] });
    await endpoint.delete();
    await endpoint.delete();
    expect(await endpoint.refresh()).to.equal(undefined);
  });

  it("refuse what EC2 would, and what they do not carry out", async () => {
    expect(await aws.refusals(NAT, { subnetId: "subnet-0", allocationId: "a" })).to.match(/InvalidSubnetID\.NotFound/);
    expect(await aws.refusals(NAT, { subnetId })).to.match(/needs the allocation of an Elastic IP/);
    expect(await aws.refusals(EIP, { instance: "i-1" })).to.match(/instance: .* leave the address free/);
    const elsewhere = { vpcId, serviceName: "com.amazonaws.eu-west-1.s3" };
    expect(await aws.refusals(ENDPOINT, elsewhere)).to.match(/no gateway endpoint in eu-central-1/);
    expect(await aws.refusals(ENDPOINT, { vpcId: "vpc-0" })).to.match(/InvalidVpcID\.NotFound/);
  });
});
