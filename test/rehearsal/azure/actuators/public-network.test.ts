import { expect } from "chai";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import {
  BALANCER,
  type Deployed,
  NAT_GATEWAY,
  NETWORK,
  PUBLIC_ADDRESS,
  SECURITY_GROUP,
  useLocalAzure,
  ZONE,
  ZONE_LINK,
} from "../../../support/local-azure.ts";
import { rejection } from "../../../support/rejection.ts";

describe("the local Azure's addresses, gateways, rules and zones", () => {
  const azure = useLocalAzure();
  let resourceGroupName: string;
  beforeEach(async () => {
    resourceGroupName = await azure.group();
  });

  const address = (more: Properties = {}): Properties => ({
    resourceGroupName,
    publicIpAddressName: "app",
    sku: { name: "Standard" },
    publicIPAllocationMethod: "Static",
    ...more,
  });
  const rule = (more: Properties = {}): Properties => ({
    name: "https",
    priority: 100,
    direction: "Inbound",
    access: "Allow",
    protocol: "Tcp",
    sourceAddressPrefix: "Internet",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
    destinationPortRange: "8443",
    ...more,
  });
  const group = (...securityRules: Properties[]): Properties => ({
    resourceGroupName,
    networkSecurityGroupName: "app",
    securityRules,
  });
  const network = (subnet: Properties): Properties => ({
    resourceGroupName,
    virtualNetworkName: "standby",
    addressSpace: { addressPrefixes: ["10.32.0.0/16"] },
    subnets: [{ name: "app", addressPrefix: "10.32.0.0/18", ...subnet }],
  });
  const refusal = async (resource: Deployed) => (await rejection(resource.delete())).message;

  it("give every public address a number and a name of its own, for good", async () => {
    const dnsSettings = { domainNameLabel: `shop-${crypto.randomUUID().slice(0, 8)}` };
    const one = await azure.deploy(PUBLIC_ADDRESS, address({ dnsSettings }));
    const two = await azure.deploy(PUBLIC_ADDRESS, address({ publicIpAddressName: "nat" }));
    expect(one.properties.ipAddress).to.match(/^203\.0\.113\.\d+$/);
    expect(two.properties.ipAddress).to.not.equal(one.properties.ipAddress);
    const fqdn = `${dnsSettings.domainNameLabel}.westeurope.cloudapp.azure.com`;
    expect(one.properties).to.have.nested.property("dnsSettings.fqdn", fqdn);
    const { ipAddress } = one.properties;
    expect((await one.update(address({ dnsSettings, tags: { a: "b" } }))).ipAddress).to.equal(ipAddress);
    const twin = address({ publicIpAddressName: "other", dnsSettings });
    expect(await azure.refusals(PUBLIC_ADDRESS, twin)).to.match(/^dnsSettings\.domainNameLabel: .*DnsRecordInUse/);
    expect(one.replacedBy(address({ dnsSettings, zones: ["1"] }))).to.deep.equal(["zones"]);
  });

  it("keep what is in use: an address by a gateway, a gateway and a group of rules by a subnet", async () => {
    const used = await azure.deploy(PUBLIC_ADDRESS, address());
    const gateway = await azure.deploy(NAT_GATEWAY, {
      resourceGroupName,
      natGatewayName: "out",
      sku: { name: "Standard" },
      publicIpAddresses: [{ id: used.id }],
    });
    const rules = await azure.deploy(SECURITY_GROUP, group(rule()));
    const guarded = { natGateway: { id: gateway.id }, networkSecurityGroup: { id: rules.id } };
    const made = await azure.deploy(NETWORK, network(guarded));
    expect(await refusal(used)).to.match(/in use by .*\/natGateways\/out \(PublicIPAddressCannotBeDeleted\)/);
    expect(await refusal(gateway)).to.match(/InUseNatGatewayCannotBeDeleted/);
    expect(await refusal(rules)).to.match(/InUseNetworkSecurityGroupCannotBeDeleted/);
    await made.update(network({ networkSecurityGroup: { id: rules.id } }));
    await gateway.delete();
    await used.delete();
    expect(await refusal(rules)).to.match(/in use by .*\/virtualNetworks\/standby/);
  });

  it("know nothing that is not there", async () => {
    const id = azure.local.resources.id("resourceGroups/g/providers/Microsoft.Network/natGateways/none");
    expect(await azure.refusals(NETWORK, network({ natGateway: { id } }))).to.match(
      /^subnets\[0\]\.natGateway: there is no/,
    );
    const inputs = { resourceGroupName, natGatewayName: "out", publicIpAddresses: [{ id }] };
    expect(await azure.refusals(NAT_GATEWAY, inputs)).to.match(/^publicIpAddresses\[0\]: there is no/);
  });

  it("give a gateway's subnet no NAT gateway", async () => {
    const gateway = await azure.deploy(NAT_GATEWAY, { resourceGroupName, natGatewayName: "out" });
    const inputs = network({ name: "GatewaySubnet", natGateway: { id: gateway.id } });
    expect(await azure.refusals(NETWORK, inputs)).to.match(
      /^subnets\[0\]\.natGateway: a gateway's subnet takes no NAT/,
    );
  });

  it("link a private zone to a network once, and keep it while it is linked", async () => {
    const inputs = { resourceGroupName, privateZoneName: "shop.private.mysql.database.azure.com", location: "Global" };
    const zone = await azure.deploy(ZONE, inputs);
    const made = await azure.deploy(NETWORK, network({}));
    const link = (more: Properties = {}) => ({
      ...inputs,
      virtualNetworkLinkName: "standby",
      virtualNetwork: { id: made.id },
      registrationEnabled: false,
      ...more,
    });
    const linked = await azure.deploy(ZONE_LINK, link());
    const again = link({ virtualNetworkLinkName: "again" });
    expect(await azure.refusals(ZONE_LINK, again)).to.match(/^virtualNetwork: .*links the same network/);
    expect(await refusal(zone)).to.match(/is linked by .*virtualNetworkLinks\/standby/);
    await linked.delete();
    await zone.delete();
    expect(await zone.refresh()).to.equal(undefined);
    expect(await azure.refusals(ZONE, { ...inputs, location: undefined })).to.match(/^location: .*expected "global"/);
  });

  const refused: [what: string, token: string, inputs: () => Properties, reason: RegExp][] = [
    ["a Basic address", PUBLIC_ADDRESS, () => address({ sku: undefined }), /^sku\.name: .*Basic was retired/],
    [
      "a dynamic address",
      PUBLIC_ADDRESS,
      () => address({ publicIPAllocationMethod: undefined }),
      /^publicIPAllocationMethod: found none, which is Dynamic/,
    ],
    [
      "a label with capital letters",
      PUBLIC_ADDRESS,
      () => address({ dnsSettings: { domainNameLabel: "Shop" } }),
      /InvalidDomainNameLabel/,
    ],
    [
      "a NAT gateway in two zones",
      NAT_GATEWAY,
      () => ({ natGatewayName: "out", sku: { name: "Standard" }, zones: ["1", "2"] }),
      /^zones: /,
    ],
    ["a rule of priority 99", SECURITY_GROUP, () => group(rule({ priority: 99 })), /priority: 99; expected 100/],
    ["a rule that is no protocol's", SECURITY_GROUP, () => group(rule({ protocol: "TCP" })), /protocol: "TCP" is no/],
    [
      "a port that is none",
      SECURITY_GROUP,
      () => group(rule({ destinationPortRange: "0-70000" })),
      /is no port, range/,
    ],
    ["no port", SECURITY_GROUP, () => group(rule({ sourcePortRange: undefined })), /sourcePortRange: no port is given/],
    ["no address", SECURITY_GROUP, () => group(rule({ sourceAddressPrefix: undefined })), /no address is given/],
    [
      "two rules of one priority",
      SECURITY_GROUP,
      () => group(rule(), rule({ name: "other" })),
      /two rules have the priority Inbound 100/,
    ],
    ["two rules of one name", SECURITY_GROUP, () => group(rule(), rule({ priority: 101 })), /is the name of two rules/],
    ["a zone of one label", ZONE, () => ({ privateZoneName: "local", location: "global" }), /^privateZoneName: /],
  ];
  for (const [what, token, inputs, reason] of refused) {
    it(`are refused with ${what}`, async () => {
      expect(await azure.refusals(token, inputs())).to.match(reason);
    });
  }

  describe("a load balancer", () => {
    const balancer = (more: Properties = {}): Properties => ({
      resourceGroupName,
      loadBalancerName: "app",
      sku: { name: "Standard" },
      backendAddressPools: [{ name: "servers" }],
      ...more,
    });
    const idOf = (path: string) =>
      azure.local.resources.id(`resourceGroups/${resourceGroupName}/providers/Microsoft.Network/loadBalancers/${path}`);
    const https = (more: Properties = {}) => ({
      name: "https",
      protocol: "Tcp",
      frontendPort: 443,
      backendAddressPool: { id: idOf("app/backendAddressPools/servers") },
      ...more,
    });
    const probe = (more: Properties = {}) => ({
      name: "p",
      protocol: "Https",
      port: 8443,
      requestPath: "/healthz",
      intervalInSeconds: 5,
      ...more,
    });

    it("tells the ids of its parts", async () => {
      const made = await azure.deploy(BALANCER, balancer());
      expect(made.properties).to.have.nested.property(
        "backendAddressPools[0].id",
        `${made.id}/backendAddressPools/servers`,
      );
    });

    const refusedBalancers: [what: string, inputs: () => Properties, reason: RegExp][] = [
      ["the Basic SKU", () => balancer({ sku: undefined }), /^sku\.name: .*Basic was retired/],
      [
        "a frontend without an address",
        () => balancer({ frontendIPConfigurations: [{ name: "public" }] }),
        /^frontendIPConfigurations\[0\]: it needs/,
      ],
      ["a path for a TCP probe", () => balancer({ probes: [probe({ protocol: "Tcp" })] }), /Tcp takes none/],
      ["a probe every second", () => balancer({ probes: [probe({ intervalInSeconds: 1 })] }), /5 seconds at least/],
      [
        "a rule to a pool of another balancer",
        () =>
          balancer({
            loadBalancingRules: [https({ backendAddressPool: { id: idOf("other/backendAddressPools/servers") } })],
          }),
        /^loadBalancingRules\[0\]\.backendAddressPool: .*none of this balancer's/,
      ],
      [
        "two rules at one port",
        () => balancer({ loadBalancingRules: [https(), https({ name: "again" })] }),
        /RulesUseSameFrontendPortProtocolAndIPConfig/,
      ],
      [
        "two pools of one name",
        () => balancer({ backendAddressPools: [{ name: "a" }, { name: "A" }] }),
        /^backendAddressPools: "A" is the name of two/,
      ],
    ];
    for (const [what, inputs, reason] of refusedBalancers) {
      it(`is refused with ${what}`, async () => {
        expect(await azure.refusals(BALANCER, inputs())).to.match(reason);
      });
    }
  });
});
