import { cloudConfig } from "../../../components/site-document.ts";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import {
  BALANCER,
  type Deployed,
  IDENTITY,
  NETWORK,
  PUBLIC_ADDRESS,
  SCALE_SET,
  type TestAzure,
} from "../../support/local-azure.ts";

const READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";

/** Name of the app that the servers have a certificate for. */
export const APP_NAME = "app.example.com";

/** What servers in Azure stand on: a network, an address, a balancer, a container and the identity that may read it. */
export interface Ground {
  group: string;
  address: Deployed;
  balancer: Deployed;
  identity: Deployed;
  container: Deployed;
  /** Inputs of the balancer, with its rule or without. */
  balanced(withRule: boolean): Properties;
  /** Inputs of a scale set. */
  servers(capacity: number, more?: Properties): Properties;
}

/** Lays the ground for servers, with an item "index.html" in the content. */
export async function layGround(azure: TestAzure): Promise<Ground> {
  const { group, account, container } = await azure.container();
  const place = { resourceGroupName: group };
  const accountName = String(account.properties.accountName);
  await (
    await azure.local.blobs.blob("PUT", accountName, "content", "index.html", {
      headers: { "x-ms-blob-type": "BlockBlob", "x-ms-blob-content-type": "text/html" },
      body: Buffer.from("welcome"),
    })
  ).resume();
  const identity = await azure.deploy(IDENTITY, { ...place, resourceName: "servers" });
  await azure.assign(String(identity.properties.principalId), azure.builtInRole(READER), container.id);
  const network = await azure.deploy(NETWORK, {
    ...place,
    virtualNetworkName: "standby",
    addressSpace: { addressPrefixes: ["10.32.0.0/16"] },
    subnets: [{ name: "app", addressPrefix: "10.32.0.0/18" }],
  });
  const address = await azure.deploy(PUBLIC_ADDRESS, {
    ...place,
    publicIpAddressName: "app",
    sku: { name: "Standard" },
    publicIPAllocationMethod: "Static",
    dnsSettings: { domainNameLabel: `shop-${crypto.randomUUID().slice(0, 8)}` },
  });
  const partOf = (path: string) =>
    azure.local.resources.id(`resourceGroups/${group}/providers/Microsoft.Network/loadBalancers/app/${path}`);
  const balanced = (withRule: boolean): Properties => ({
    ...place,
    loadBalancerName: "app",
    sku: { name: "Standard" },
    frontendIPConfigurations: [{ name: "public", publicIPAddress: { id: address.id } }],
    backendAddressPools: [{ name: "servers" }],
    ...(withRule
      ? {
          probes: [{ name: "health", protocol: "Https", port: 8443, requestPath: "/healthz", intervalInSeconds: 5 }],
          loadBalancingRules: [
            {
              name: "https",
              protocol: "Tcp",
              frontendPort: 443,
              backendPort: 8443,
              frontendIPConfiguration: { id: partOf("frontendIPConfigurations/public") },
              backendAddressPool: { id: partOf("backendAddressPools/servers") },
              probe: { id: partOf("probes/health") },
            },
          ],
        }
      : {}),
  });
  const userData = Buffer.from(
    cloudConfig({
      workload: "shop",
      site: "standby",
      appName: APP_NAME,
      port: 8443,
      healthPath: "/healthz",
      content: { kind: "blob", endpoint: azure.local.blobs.endpointOf(accountName), container: "content" },
      identityClientId: String(identity.properties.clientId),
    }),
  ).toString("base64");
  const servers = (capacity: number, more: Properties = {}): Properties => ({
    ...place,
    vmScaleSetName: "app",
    orchestrationMode: "Flexible",
    platformFaultDomainCount: 1,
    zones: ["1", "2", "3"],
    sku: { name: "Standard_D2as_v5", capacity },
    identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
    virtualMachineProfile: {
      userData,
      osProfile: { computerNamePrefix: "app", adminUsername: "unused" },
      storageProfile: { imageReference: { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server" } },
      networkProfile: {
        networkApiVersion: "2022-11-01",
        networkInterfaceConfigurations: [
          {
            name: "app",
            ipConfigurations: [
              {
                name: "app",
                subnet: { id: `${network.id}/subnets/app` },
                loadBalancerBackendAddressPools: [{ id: partOf("backendAddressPools/servers") }],
              },
            ],
          },
        ],
      },
    },
    ...more,
  });
  const balancer = await azure.deploy(BALANCER, balanced(true));
  return { group, address, balancer, identity, container, balanced, servers };
}

export const SERVERS = SCALE_SET;
