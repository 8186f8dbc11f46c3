import { expect } from "chai";
import { useLocalAws } from "./local-aws.ts";

const GATEWAY = "aws:ec2/vpnGateway:VpnGateway";
const PROPAGATION = "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation";
const CUSTOMER = "aws:ec2/customerGateway:CustomerGateway";
const CONNECTION = "aws:ec2/vpnConnection:VpnConnection";

const TUNNELS = {
  ...{ tunnel1InsideCidr: "169.254.21.0/30", tunnel2InsideCidr: "169.254.22.0/30" },
  ...{ tunnel1PresharedKey: "abcdefgh.1", tunnel2PresharedKey: "abcdefgh_2" },
};

describe("the local AWS's VPN", () => {
  const aws = useLocalAws();

  it("is a gateway of a VPC that hands its routes on, and connections to other gateways", async () => {
    const vpcId = (await aws.deploy("aws:ec2/vpc:Vpc", { cidrBlock: "10.31.0.0/16" })).id;
    const gateway = await aws.deploy(GATEWAY, { vpcId, amazonSideAsn: "64600", tags: { Name: "a" } });
    expect(gateway.id).to.match(/^vgw-/);
    expect(await gateway.refresh()).to.deep.equal({ vpcId, amazonSideAsn: "64600", tags: { Name: "a" } });
    expect(await aws.refusals(GATEWAY, { vpcId })).to.match(/^vpcId: .* a VPC has one at most/);

    const routeTableId = (await aws.deploy("aws:ec2/routeTable:RouteTable", { vpcId })).id;
    const propagation = await aws.deploy(PROPAGATION, { vpnGatewayId: gateway.id, routeTableId });
    expect(await propagation.refresh()).to.deep.equal({ vpnGatewayId: gateway.id, routeTableId });

    const customer = await aws.deploy(CUSTOMER, { type: "ipsec.1", bgpAsn: "65000", ipAddress: "203.0.113.4" });
    expect(await customer.refresh()).to.deep.include({ bgpAsn: "65000", ipAddress: "203.0.113.4" });

    const ends = { type: "ipsec.1", customerGatewayId: customer.id, vpnGatewayId: gateway.id };
    const connection = await aws.deploy(CONNECTION, { ...ends, ...TUNNELS, tags: { Name: "a" } });
    const { tunnel1Address, tunnel2Address, ...told } = connection.properties;
    expect(told).to.include({
      ...{ tunnel1VgwInsideAddress: "169.254.21.1", tunnel1CgwInsideAddress: "169.254.21.2", tunnel1BgpAsn: "64600" },
      ...{ tunnel2VgwInsideAddress: "169.254.22.1", tunnel2CgwInsideAddress: "169.254.22.2" },
    });
    for (const address of [tunnel1Address, tunnel2Address]) expect(address).to.match(/^198\.1[89]\.\d+\.\d+$/);
    expect(tunnel1Address).to.not.equal(tunnel2Address);

    const rotated = { ...ends, ...TUNNELS, tunnel2PresharedKey: "another.key", tags: { Name: "b" } };
    expect(await connection.update(rotated)).to.include({ tunnel1Address, tunnel2PresharedKey: "another.key" });
    expect(await connection.refresh()).to.deep.equal(rotated);

    for (const resource of [connection, customer, propagation, gateway]) {
      await resource.delete();
      await resource.delete();
      expect(await resource.refresh()).to.equal(undefined);
    }
  });

  it("refuses tunnels that AWS would, and connections without one end", async () => {
    const inputs = { type: "ipsec.1", customerGatewayId: "cgw-1", vpnGatewayId: "vgw-1", ...TUNNELS };
    const refused = (more: object) => aws.refusals(CONNECTION, { ...inputs, ...more });
    expect(await refused({})).to.equal("");
    for (const range of ["169.254.4.0/30", "169.254.169.252/30", "169.254.21.0/29", "10.0.0.0/30", "169.254.21.1/30"]) {
      expect(await refused({ tunnel1InsideCidr: range }), range).to.match(/^tunnel1InsideCidr: /);
    }
    expect(await refused({ tunnel2InsideCidr: "169.254.21.0/30" })).to.match(
      /^tunnel2InsideCidr: .*the other tunnel's/,
    );
    for (const key of ["0abcdefgh", "short", "with-a-hyphen", "a".repeat(65)]) {
      expect(await refused({ tunnel2PresharedKey: key }), key).to.match(/^tunnel2PresharedKey: /);
    }
    expect(await refused({ tunnel1Phase1DhGroupNumbers: [5] })).to.match(/^tunnel1Phase1DhGroupNumbers: found 5/);
    expect(await refused({ tunnel1Phase2LifetimeSeconds: 3601 })).to.match(/expected 900 to 3600/);
    expect(await refused({ tunnel1DpdTimeoutSeconds: 29 })).to.match(/^tunnel1DpdTimeoutSeconds: /);
    expect(await refused({ transitGatewayId: "tgw-1" })).to.match(/^vpnGatewayId: exactly one of/);
    expect(await refused({ vpnGatewayId: undefined })).to.match(/found none/);
    expect(await aws.refusals(CUSTOMER, { type: "ipsec.1", bgpAsn: "0", ipAddress: "203.0.113.4" })).to.match(
      /^bgpAsn: /,
    );
  });
});
