import { expect } from "chai";
import { planStandbyAddresses } from "../../../components/standby/address-plan.ts";
import { Network, type NetworkArgs } from "../../../components/standby/network.ts";
import { planNetworkRules } from "../../../components/standby/network-rules.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";
import { rejection } from "../../support/rejection.ts";

const GROUP = `${SUBSCRIPTION}/resourceGroups/shop-group/providers/Microsoft.Network`;

function deployNetwork(args: Partial<NetworkArgs> = {}) {
  const defaults = { resourceGroupName: "shop-group", cidr: "10.32.0.0/16", outbound: false, tags: TAGS };
  return deploy(() => new Network("shop-standby", { ...defaults, ...args }));
}

interface Subnet {
  name: string;
  addressPrefix: string;
  defaultOutboundAccess?: boolean;
  delegations?: { name: string; serviceName: string }[];
  networkSecurityGroup?: { id: string };
  natGateway?: { id: string };
  serviceEndpoints?: { service: string }[];
}

function subnetsOf(resources: Registrations): Subnet[] {
  return resources.named("shop-standby-vnet").inputs.subnets as Subnet[];
}

describe("the standby site's Network", () => {
  let resources: Registrations;
  let network: Network;

  before(async () => {
    ({ resources, result: network } = await deployNetwork());
  });

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-standby", "multicloud-dr:standby:Network");
    expectProtected(resources, []);
  });

  it("is one virtual network of the given range, rules for its subnets, and a zone for the database's name", () => {
    expect(resources.names).to.deep.equal([
      "shop-standby-app-rules",
      "shop-standby-data-rules",
      "shop-standby-database-zone",
      "shop-standby-database-zone-link",
      "shop-standby-functions-rules",
      "shop-standby-resolver-rules",
      "shop-standby-vnet",
    ]);
    for (const { inputs } of resources.customs) expect(inputs.resourceGroupName).to.equal("shop-group");
    expect(resources.named("shop-standby-vnet").inputs).to.deep.include({
      virtualNetworkName: "shop-standby",
      addressSpace: { addressPrefixes: ["10.32.0.0/16"] },
    });
  });

  it("has its subnets inside, in the plan's ranges: an update of the network would drop others", () => {
    expect(subnetsOf(resources).map(({ name, addressPrefix }) => [name, addressPrefix])).to.deep.equal([
      ["app", "10.32.0.0/18"],
      ["data", "10.32.64.0/20"],
      ["functions", "10.32.80.0/20"],
      ["GatewaySubnet", "10.32.96.0/21"],
      ["resolver", "10.32.104.0/28"],
    ]);
  });

  it("lets only the gateways out by default", () => {
    const out = subnetsOf(resources).filter(({ defaultOutboundAccess }) => defaultOutboundAccess !== false);
    expect(out.map(({ name }) => name)).to.deep.equal(["GatewaySubnet"]);
  });

  it("delegates to MySQL, to functions and to the DNS resolver what is theirs", () => {
    const delegated = subnetsOf(resources).flatMap(({ name, delegations = [] }) =>
      delegations.map(({ serviceName }) => [name, serviceName]),
    );
    expect(delegated).to.deep.equal([
      ["data", "Microsoft.DBforMySQL/flexibleServers"],
      ["functions", "Microsoft.App/environments"],
      ["resolver", "Microsoft.Network/dnsResolvers"],
    ]);
  });

  it("guards every subnet by its planned rules, but for the gateways', which takes none", async () => {
    const { resources: joined } = await deployNetwork({ primary: { servers: "10.16.64.0/18" } });
    const rules = planNetworkRules(planStandbyAddresses("10.32.0.0/16"), { servers: "10.16.64.0/18" });
    const guards = subnetsOf(joined).map((subnet) => [subnet.name, subnet.networkSecurityGroup?.id]);
    expect(guards).to.deep.equal([
      ...(["app", "data", "functions"] as const).map((name) => [
        name,
        `${GROUP}/networkSecurityGroups/shop-standby-${name}`,
      ]),
      ["GatewaySubnet", undefined],
      ["resolver", `${GROUP}/networkSecurityGroups/shop-standby-resolver`],
    ]);
    for (const subnet of ["app", "data", "functions", "resolver"] as const) {
      expect(joined.named(`shop-standby-${subnet}-rules`).inputs.securityRules).to.deep.equal(rules[subnet]);
    }
  });

  it("lets app and functions reach storage and secrets without a gateway", () => {
    for (const { name, serviceEndpoints = [] } of subnetsOf(resources)) {
      const expected = ["app", "functions"].includes(name) ? ["Microsoft.Storage", "Microsoft.KeyVault"] : [];
      expect(
        serviceEndpoints.map(({ service }) => service),
        name,
      ).to.deep.equal(expected);
    }
  });

  describe("with a way out", () => {
    let outgoing: Registrations;

    before(async () => {
      ({ resources: outgoing } = await deployNetwork({ outbound: true }));
    });

    it("has a gateway and its address in all zones besides, and nothing less", () => {
      const more = outgoing.names.filter((name) => !resources.names.includes(name));
      expect(more).to.deep.equal(["shop-standby-nat", "shop-standby-nat-address"]);
      expect(outgoing.names).to.include.members(resources.names);
      expectHouseRules(outgoing, "shop-standby", "multicloud-dr:standby:Network");
      expect(outgoing.named("shop-standby-nat-address").inputs).to.deep.include({
        publicIpAddressName: "shop-standby-nat",
        sku: { name: "Standard" },
        publicIPAllocationMethod: "Static",
        zones: ["1", "2", "3"],
      });
      expect(outgoing.named("shop-standby-nat").inputs).to.deep.include({
        natGatewayName: "shop-standby",
        sku: { name: "Standard" },
        publicIpAddresses: [{ id: `${GROUP}/publicIPAddresses/shop-standby-nat` }],
      });
    });

    it("gives it to servers and functions, and to nobody else", () => {
      const id = `${GROUP}/natGateways/shop-standby`;
      const ways = subnetsOf(outgoing).map(({ name, natGateway }) => [name, natGateway?.id]);
      expect(ways).to.deep.equal([
        ["app", id],
        ["data", undefined],
        ["functions", id],
        ["GatewaySubnet", undefined],
        ["resolver", undefined],
      ]);
      expect(subnetsOf(resources).filter(({ natGateway }) => natGateway)).to.be.empty;
    });
  });

  it("links its zone, whose name ends as Azure wants it, and enters no servers into it", () => {
    const zone = "shop-standby.private.mysql.database.azure.com";
    expect(resources.named("shop-standby-database-zone").inputs).to.include({
      privateZoneName: zone,
      location: "global",
    });
    expect(resources.named("shop-standby-database-zone-link").inputs).to.deep.include({
      privateZoneName: zone,
      location: "global",
      registrationEnabled: false,
      virtualNetwork: { id: `${GROUP}/virtualNetworks/shop-standby` },
    });
  });

  it("tells its ids", async () => {
    expect(await settled(network.virtualNetworkId)).to.equal(`${GROUP}/virtualNetworks/shop-standby`);
    expect(await settled(network.subnetIds)).to.deep.equal({
      app: `${GROUP}/virtualNetworks/shop-standby/subnets/app`,
      data: `${GROUP}/virtualNetworks/shop-standby/subnets/data`,
      functions: `${GROUP}/virtualNetworks/shop-standby/subnets/functions`,
      resolver: `${GROUP}/virtualNetworks/shop-standby/subnets/resolver`,
    });
    expect(await settled(network.databaseZoneId)).to.equal(
      `${GROUP}/privateDnsZones/shop-standby.private.mysql.database.azure.com`,
    );
  });

  it("takes no range that is none", async () => {
    expect((await rejection(deployNetwork({ cidr: "10.32.0.1/16" }))).message).to.contain('found "10.32.0.1/16"');
  });
});
