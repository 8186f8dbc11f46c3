import { expect } from "chai";
import { FORWARDED_DOMAIN, NameWays } from "../../../components/vpn/name-ways.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { outputsOf, SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const NETWORK = `${SUBSCRIPTION}/resourceGroups/shop-standby/providers/Microsoft.Network/virtualNetworks/shop-standby`;

describe("NameWays", () => {
  let resources: Registrations;
  let ways: NameWays;
  const inputsOf = (name: string) => resources.named(`shop-names-${name}`).inputs;
  const idOf = (suffix: string) => {
    const { type, name, inputs } = resources.named(`shop-names-${suffix}`);
    return outputsOf(type, name, inputs).id;
  };

  before(async () => {
    ({ resources, result: ways } = await deploy(
      () =>
        new NameWays("shop-names", {
          primary: { vpcId: "vpc-1", subnetIds: ["subnet-a", "subnet-b", "subnet-c"] },
          standby: { resourceGroupName: "shop-standby", virtualNetworkId: NETWORK, resolverAddress: "10.32.104.4" },
          tags: TAGS,
        }),
    ));
  });

  it("keeps the rules of the house, in words that EC2 takes, and protects nothing: none of it is data", () => {
    expectHouseRules(resources, "shop-names", "multicloud-dr:vpn:NameWays");
    expectProtected(resources, []);
    // "Security group rules", description.
    for (const { inputs } of resources.customs) {
      if (inputs.description) expect(inputs.description).to.match(/^[\w .:/()#,@[\]+=&;{}!$*-]+$/);
    }
  });

  it("has Azure answer in the standby's network, at the address of the plan", () => {
    expect(inputsOf("resolver")).to.deep.include({
      resourceGroupName: "shop-standby",
      dnsResolverName: "shop-names",
      virtualNetwork: { id: NETWORK },
    });
    expect(inputsOf("answering")).to.deep.include({
      dnsResolverName: "shop-names",
      ipConfigurations: [
        {
          privateIpAllocationMethod: "Static",
          privateIpAddress: "10.32.104.4",
          subnet: { id: `${NETWORK}/subnets/resolver` },
        },
      ],
    });
  });

  it("asks from two of the servers' subnets, the fewest that Route 53 takes and each paid by the hour", () => {
    expect(inputsOf("asking")).to.deep.include({
      direction: "OUTBOUND",
      resolverEndpointType: "IPV4",
      protocols: ["Do53"],
      securityGroupIds: [idOf("asking-group")],
      ipAddresses: [{ subnetId: "subnet-a" }, { subnetId: "subnet-b" }],
    });
  });

  it("may ask that one address, over UDP and TCP, and is asked by nobody", () => {
    const rules = resources.customs.filter(({ type }) => /securityGroup\w+Rule/.test(type));
    const told = rules.map(({ type, inputs }) => {
      const { securityGroupId, cidrIpv4, ipProtocol, fromPort, toPort } = inputs;
      expect(type).to.equal("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule");
      expect(securityGroupId).to.equal(idOf("asking-group"));
      return `${ipProtocol} to ${cidrIpv4}:${fromPort}-${toPort}`;
    });
    expect(told).to.deep.equal(["udp to 10.32.104.4/32:53-53", "tcp to 10.32.104.4/32:53-53"]);
  });

  it("forwards what the primary's network asks of the names of Azure's MySQL servers, and no other names", async () => {
    expect(inputsOf("rule")).to.deep.include({
      ruleType: "FORWARD",
      domainName: "mysql.database.azure.com",
      resolverEndpointId: idOf("asking"),
      targetIps: [{ ip: "10.32.104.4", port: 53, protocol: "Do53" }],
    });
    expect(inputsOf("association")).to.include({ resolverRuleId: idOf("rule"), vpcId: "vpc-1" });
    expect(await settled(ways.ruleId)).to.equal(idOf("rule"));
  });

  it("forwards both names of a server: the one that dr tells, and the one below the network's own zone", () => {
    for (const host of [
      "shop-standby-1a2b.mysql.database.azure.com",
      "x.shop-standby.private.mysql.database.azure.com",
    ]) {
      expect(host.endsWith(`.${FORWARDED_DOMAIN}`)).to.equal(true);
    }
  });
});
