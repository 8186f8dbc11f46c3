import { expect } from "chai";
import fc from "fast-check";
import { planStandbyAddresses } from "../../../../components/standby/address-plan.ts";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import { NETWORK, useLocalAzure } from "../../../support/local-azure.ts";
import { anySiteRange } from "../../../support/ranges.ts";

describe("the local Azure's virtual network", () => {
  const azure = useLocalAzure();
  let resourceGroupName: string;
  before(async () => {
    resourceGroupName = await azure.group();
  });

  const network = (subnets: Properties[], addressPrefixes = ["10.32.0.0/16"]): Properties => ({
    resourceGroupName,
    addressSpace: { addressPrefixes },
    subnets,
  });

  it("is made with its subnets, whose ids only the outputs have, and a refresh finds no drift", async () => {
    const inputs = {
      ...network([
        { name: "app", addressPrefix: "10.32.0.0/18" },
        { name: "data", addressPrefix: "10.32.64.0/20" },
      ]),
      virtualNetworkName: "made",
    };
    const made = await azure.deploy(NETWORK, inputs);
    expect(made.id).to.equal(
      azure.local.resources.id(`resourceGroups/${resourceGroupName}/providers/Microsoft.Network/virtualNetworks/made`),
    );
    expect(made.properties).to.have.nested.property("subnets[1].id", `${made.id}/subnets/data`);
    expect(made.properties).to.include({ name: "made", location: "westeurope" });
    expect(await made.refresh()).to.deep.equal(inputs);
  });

  it("follows its inputs, keeps its guid, and loses subnets that are no longer given", async () => {
    const subnets = [{ name: "app", addressPrefix: "10.32.0.0/18" }];
    const inputs: Properties = { ...network(subnets), virtualNetworkName: "changed" };
    const made = await azure.deploy(NETWORK, inputs);
    const { resourceGuid } = made.properties;
    const wider = await made.update({ ...inputs, subnets: [{ name: "app", addressPrefix: "10.32.0.0/17" }] });
    expect(wider).to.have.nested.property("subnets[0].addressPrefix", "10.32.0.0/17");
    const { subnets: _gone, ...without } = inputs;
    const bare = await made.update(without);
    expect(bare.subnets).to.equal(undefined);
    expect(bare.resourceGuid).to.equal(resourceGuid);
    await made.delete();
    expect(await made.refresh()).to.equal(undefined);
  });

  it("is made anew in another place, and only then", async () => {
    const inputs = { ...network([]), virtualNetworkName: "placed" };
    const made = await azure.deploy(NETWORK, inputs);
    expect(made.replacedBy({ ...inputs, resourceGroupName: "another" })).to.deep.equal(["resourceGroupName"]);
    expect(made.replacedBy({ ...inputs, location: "northeurope" })).to.deep.equal(["location"]);
    expect(made.replacedBy({ ...inputs, virtualNetworkName: "renamed" })).to.deep.equal(["virtualNetworkName"]);
    expect(made.replacedBy({ ...inputs, ...network([], ["10.0.0.0/8"]) })).to.deep.equal([]);
  });

  it("takes whatever the standby's address plan lays into any range", async () => {
    await fc.assert(
      fc.asyncProperty(anySiteRange, async (range) => {
        // Outside the ranges that Azure forbids, as the settings are too.
        fc.pre(!/^(127|169\.254|168\.63|22[4-9]|2[34]\d|25\d)\./.test(range));
        const { app, data, functions, gateway } = planStandbyAddresses(range);
        const subnets = Object.entries({ app, data, functions, GatewaySubnet: gateway });
        const inputs = network(
          subnets.map(([name, addressPrefix]) => ({ name, addressPrefix })),
          [range],
        );
        expect(await azure.refusals(NETWORK, inputs)).to.equal("");
      }),
    );
  });

  const one = (name: string, addressPrefix: string, more: Properties = {}) => [{ name, addressPrefix, ...more }];
  const delegation = (serviceName: string) => ({ name: serviceName, serviceName });

  const taken: [what: string, inputs: () => Properties][] = [
    ["several ranges side by side", () => network(one("a", "10.1.0.0/24"), ["10.0.0.0/16", "10.1.0.0/16"])],
    [
      "IPv6 beside IPv4",
      () => network([{ name: "a", addressPrefixes: ["10.0.0.0/24", "fd00::/64"] }], ["10.0.0.0/16", "fd00::/48"]),
    ],
    [
      "the smallest subnet, and reserved ones of their least size",
      () =>
        network([
          ...one("a", "10.32.0.0/29"),
          ...one("GatewaySubnet", "10.32.1.0/27"),
          ...one("AzureBastionSubnet", "10.32.2.0/26"),
        ]),
    ],
    [
      "one delegation",
      () => network(one("a", "10.32.0.0/24", { delegations: [delegation("Microsoft.DBforMySQL/flexibleServers")] })),
    ],
    [
      "subnets without a word on the network's range, which is not known yet",
      () => ({ resourceGroupName, subnets: one("a", "10.9.0.0/24") }),
    ],
  ];
  for (const [what, inputs] of taken) {
    it(`takes ${what}`, async () => {
      expect(await azure.refusals(NETWORK, inputs())).to.equal("");
    });
  }

  const space =
    (...prefixes: string[]) =>
    () =>
      network([], prefixes);
  const subnets =
    (...each: Properties[][]) =>
    () =>
      network(each.flat());
  const refused: [what: string, inputs: () => Properties, reason: RegExp][] = [
    ["a name of one character", () => ({ ...network([]), virtualNetworkName: "a" }), /^virtualNetworkName: .*2 to 64/],
    ["a name that ends with a hyphen", () => ({ ...network([]), virtualNetworkName: "ab-" }), /^virtualNetworkName: /],
    [
      "a group that is not there",
      () => ({ resourceGroupName: "nowhere" }),
      /^resourceGroupName: .*ResourceGroupNotFound/,
    ],
    ["a range off its boundary", space("10.0.0.1/16"), /^addressSpace\.addressPrefixes: .*InvalidCIDRNotation/],
    ["a range that is too large", space("0.0.0.0/1"), /^addressSpace\.addressPrefixes: .*\/2 to \/29/],
    ["a range that is too small", space("10.0.0.0/30"), /^addressSpace\.addressPrefixes: .*\/2 to \/29/],
    ["ranges that overlap", space("10.0.0.0/16", "10.0.128.0/17"), /^addressSpace\.addressPrefixes: .*overlap/],
    ...["127.0.0.0/16", "169.254.1.0/24", "224.0.0.0/8", "168.63.129.0/24", "128.0.0.0/2"].map(
      (range): [string, () => Properties, RegExp] =>
        range === "128.0.0.0/2"
          ? ["a range around forbidden addresses", space(range), /shares addresses with 168\.63\.129\.16\/32/]
          : [`the forbidden range ${range}`, space(range), /shares addresses with/],
    ),
    [
      "a DNS server by name",
      () => ({ ...network([]), dhcpOptions: { dnsServers: ["10.0.0.4", "dns.example.com"] } }),
      /^dhcpOptions\.dnsServers: "dns\.example\.com"/,
    ],
    ["a subnet's name with a blank", subnets(one("my app", "10.32.0.0/24")), /^subnets\[0\]\.name: /],
    ["a subnet's name that ends with a period", subnets(one("app.", "10.32.0.0/24")), /^subnets\[0\]\.name: /],
    ["a subnet without a range", () => network([{ name: "a" }]), /^subnets\[0\]\.addressPrefix: "a" has no range/],
    ["a subnet that is too small", subnets(one("a", "10.32.0.0/30")), /^subnets\[0\]\.addressPrefix: .*\/29 or larger/],
    [
      "a subnet outside the network",
      subnets(one("a", "10.33.0.0/24")),
      /^subnets\[0\]\.addressPrefix: .*NetcfgInvalidSubnet/,
    ],
    [
      "a subnet of several ranges, one of them outside",
      () => network([{ name: "a", addressPrefixes: ["10.32.0.0/24", "10.33.0.0/24"] }]),
      /^subnets\[0\]\.addressPrefix: "10\.33\.0\.0\/24"/,
    ],
    [
      "subnets that overlap",
      subnets(one("a", "10.32.0.0/24"), one("b", "10.32.0.128/25")),
      /^subnets\[1\]: "b" .*NetcfgSubnetRangesOverlap/,
    ],
    ["subnets of one name", subnets(one("a", "10.32.0.0/24"), one("A", "10.32.1.0/24")), /^subnets\[1\]: "A"/],
    [
      "two delegations",
      subnets(
        one("a", "10.32.0.0/24", { delegations: [delegation("Microsoft.Web/x"), delegation("Microsoft.App/y")] }),
      ),
      /^subnets\[0\]\.delegations: .*one service/,
    ],
    [
      "a reserved subnet delegated",
      subnets(one("GatewaySubnet", "10.32.0.0/24", { delegations: [delegation("Microsoft.Web/x")] })),
      /^subnets\[0\]\.delegations: .*cannot be delegated/,
    ],
    [
      "a security group on the gateways' subnet",
      subnets(one("GatewaySubnet", "10.32.0.0/24", { networkSecurityGroup: { id: "x" } })),
      /^subnets\[0\]\.networkSecurityGroup: /,
    ],
    ...Object.entries({
      GatewaySubnet: 28,
      AzureBastionSubnet: 27,
      AzureFirewallSubnet: 27,
      AzureFirewallManagementSubnet: 27,
      RouteServerSubnet: 27,
    }).map(([name, prefix]): [string, () => Properties, RegExp] => [
      `${name} of a /${prefix}`,
      subnets(one(name, `10.32.0.0/${prefix}`)),
      new RegExp(`^subnets\\[0\\]\\.addressPrefix: .*smaller than /${prefix - 1}, which ${name} needs`),
    ]),
  ];
  for (const [what, inputs, reason] of refused) {
    it(`refuses ${what}`, async () => {
      expect(await azure.refusals(NETWORK, inputs())).to.match(reason);
    });
  }
});
