import { expect } from "chai";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import { NETWORK, useLocalAzure } from "../../../support/local-azure.ts";
import { rejection } from "../../../support/rejection.ts";

const RESOLVER = "azure-native:dnsresolver:DnsResolver";
const ENDPOINT = "azure-native:dnsresolver:InboundEndpoint";

describe("the local Azure's DNS resolver", () => {
  const azure = useLocalAzure();
  let resourceGroupName: string;
  let networkId: string;
  before(async () => {
    resourceGroupName = await azure.group();
    const delegations = [{ name: "delegation", serviceName: "Microsoft.Network/dnsResolvers" }];
    const network = await azure.deploy(NETWORK, {
      resourceGroupName,
      virtualNetworkName: "standby",
      addressSpace: { addressPrefixes: ["10.32.0.0/16"] },
      subnets: [
        { name: "app", addressPrefix: "10.32.0.0/24" },
        { name: "resolver", addressPrefix: "10.32.104.0/28", delegations },
        { name: "large", addressPrefix: "10.32.112.0/23", delegations },
      ],
    });
    networkId = network.id;
  });

  const resolver = () => ({ resourceGroupName, dnsResolverName: "names", virtualNetwork: { id: networkId } });
  const endpoint = (own: Properties = {}, subnet = "resolver") => ({
    ...{ resourceGroupName, dnsResolverName: "names", inboundEndpointName: "primary" },
    ipConfigurations: [
      {
        ...{ privateIpAllocationMethod: "Static", privateIpAddress: "10.32.104.4" },
        subnet: { id: `${networkId}/subnets/${subnet}` },
        ...own,
      },
    ],
  });

  it("is one of a network, answers in a subnet, and stays while it does", async () => {
    const made = await azure.deploy(RESOLVER, resolver());
    const answering = await azure.deploy(ENDPOINT, endpoint());
    expect(answering.id).to.equal(`${made.id}/inboundEndpoints/primary`);
    expect(await azure.refusals(RESOLVER, { ...resolver(), dnsResolverName: "second" })).to.match(
      /^virtualNetwork: .*has the resolver .*names already/,
    );
    expect((await rejection(made.delete())).message).to.contain("CannotDeleteResource");
    await answering.delete();
    await made.delete();
  });

  it("refuses an address and a subnet that Azure would", async () => {
    const made = await azure.deploy(RESOLVER, resolver());
    const refused = (own: Properties, subnet?: string) => azure.refusals(ENDPOINT, endpoint(own, subnet));
    expect(await refused({})).to.equal("");
    for (const kept of ["10.32.104.0", "10.32.104.3", "10.32.104.15"]) {
      expect(await refused({ privateIpAddress: kept }), kept).to.contain("one of those that Azure keeps");
    }
    expect(await refused({ privateIpAddress: "10.32.0.4" })).to.contain('"10.32.0.4" is no address of the subnet');
    expect(await refused({ privateIpAddress: undefined })).to.contain("Static wants one");
    expect(await refused({ privateIpAllocationMethod: "Dynamic" })).to.contain("expected Static");
    expect(await refused({}, "app")).to.contain("is not delegated to Microsoft.Network/dnsResolvers");
    expect(await refused({}, "large")).to.contain("expected /24 to /28");
    expect(await refused({}, "none")).to.contain("there is no subnet");
    expect(await refused({ subnet: { id: "/subscriptions/x/subnets/y" } })).to.contain("the resolver's network");
    await made.delete();
  });
});
