import { expect } from "chai";
import { Network } from "../../../components/standby/network.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";
import { rejection } from "../../support/rejection.ts";

function deployNetwork(cidr = "10.32.0.0/16") {
  return deploy(() => new Network("shop-standby", { resourceGroupName: "shop-standby", cidr, tags: TAGS }));
}

interface Subnet {
  name: string;
  addressPrefix: string;
  defaultOutboundAccess?: boolean;
  delegations?: { name: string; serviceName: string }[];
}

describe("the standby site's Network", () => {
  let resources: Registrations;
  let network: Network;
  let subnets: Subnet[];

  before(async () => {
    ({ resources, result: network } = await deployNetwork());
    subnets = resources.named("shop-standby-vnet").inputs.subnets as Subnet[];
  });

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-standby", "multicloud-dr:standby:Network");
    expectProtected(resources, []);
  });

  it("is one virtual network of the given range, in the given group", () => {
    expect(resources.names).to.deep.equal(["shop-standby-vnet"]);
    expect(resources.named("shop-standby-vnet").inputs).to.deep.include({
      resourceGroupName: "shop-standby",
      addressSpace: { addressPrefixes: ["10.32.0.0/16"] },
    });
  });

  it("has its subnets inside, in the plan's ranges: an update of the network would drop others", () => {
    expect(subnets.map(({ name, addressPrefix }) => [name, addressPrefix])).to.deep.equal([
      ["app", "10.32.0.0/18"],
      ["data", "10.32.64.0/20"],
      ["functions", "10.32.80.0/20"],
      ["GatewaySubnet", "10.32.96.0/21"],
    ]);
  });

  it("lets only the gateways out by default", () => {
    const out = subnets.filter(({ defaultOutboundAccess }) => defaultOutboundAccess !== false);
    expect(out.map(({ name }) => name)).to.deep.equal(["GatewaySubnet"]);
  });

  it("delegates to MySQL and to functions what is theirs", () => {
    const delegated = subnets.flatMap(({ name, delegations = [] }) =>
      delegations.map(({ serviceName }) => [name, serviceName]),
    );
    expect(delegated).to.deep.equal([
      ["data", "Microsoft.DBforMySQL/flexibleServers"],
      ["functions", "Microsoft.App/environments"],
    ]);
  });

  it("tells its id", async () => {
    expect(await settled(network.virtualNetworkId)).to.match(
      /^\/subscriptions\/.*\/resourceGroups\/shop-standby\/providers\/Microsoft.Network\/virtualNetworks\//,
    );
  });

  it("takes no range that is none", async () => {
    expect((await rejection(deployNetwork("10.32.0.1/16"))).message).to.contain('found "10.32.0.1/16"');
  });
});
