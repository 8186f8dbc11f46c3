import { expect } from "chai";
import { cloudConfig } from "../../../components/site-document.ts";
import { WebTier, type WebTierArgs } from "../../../components/standby/web-tier.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const GROUP = `${SUBSCRIPTION}/resourceGroups/shop-standby/providers`;
const SUBNET_ID = `${GROUP}/Microsoft.Network/virtualNetworks/shop/subnets/app`;
const IMAGE_ID = `${GROUP}/Microsoft.Compute/galleries/shop/images/shop-server/versions/1.0.7`;
const SITE = {
  workload: "shop",
  site: "standby",
  appName: "app.example.com",
  port: 8443,
  healthPath: "/healthz",
  content: { kind: "blob", endpoint: "https://shopcopies.blob.core.windows.net/", container: "content" },
} as const;

function deployTier(args: Partial<WebTierArgs> = {}) {
  const defaults: WebTierArgs = {
    resourceGroupName: "shop-standby",
    workload: "shop",
    subnetId: SUBNET_ID,
    image: "Canonical:ubuntu-24_04-lts:server:latest",
    vmSize: "Standard_D2s_v5",
    servers: { min: 3, max: 12 },
    mostServers: 12,
    healthPath: "/healthz",
    siteDocument: SITE,
    zones: ["1", "2", "3"],
    tags: TAGS,
  };
  return deploy(() => new WebTier("shop-web", { ...defaults, ...args }));
}

interface Profile {
  userData: string;
  osProfile?: object;
  securityProfile?: object;
  storageProfile: { imageReference: object; osDisk: object };
  networkProfile: {
    networkInterfaceConfigurations: { ipConfigurations: { subnet: object; publicIPAddressConfiguration?: object }[] }[];
  };
}

const profileOf = (resources: Registrations) =>
  resources.named("shop-web-servers").inputs.virtualMachineProfile as Profile;

describe("WebTier", () => {
  let resources: Registrations;
  let tier: WebTier;

  before(async () => {
    ({ resources, result: tier } = await deployTier());
  });

  it("keeps the rules of the house, and protects nothing: its servers hold no data", () => {
    expectHouseRules(resources, "shop-web", "multicloud-dr:standby:WebTier");
    expectProtected(resources, []);
  });

  it("is a scale set behind a load balancer with an address, an identity, and what scales it", () => {
    expect(resources.names).to.deep.equal([
      "shop-web-address",
      "shop-web-autoscale",
      "shop-web-balancer",
      "shop-web-identity",
      "shop-web-password",
      "shop-web-servers",
      "shop-web-suffix",
    ]);
  });

  it("has an address in all zones, with a name that begins with the workload's", async () => {
    const { inputs } = resources.named("shop-web-address");
    expect(inputs).to.deep.include({
      sku: { name: "Standard" },
      publicIPAllocationMethod: "Static",
      zones: ["1", "2", "3"],
    });
    expect(await settled(tier.host)).to.match(/^shop-[a-z0-9]{8}\.\w+\.cloudapp\.azure\.com$/);
    expect(await settled(tier.publicAddress)).to.match(/^20(\.\d+){3}$/);
  });

  it("spreads its servers over the zones, in flexible orchestration", () => {
    expect(resources.named("shop-web-servers").inputs).to.deep.include({
      orchestrationMode: "Flexible",
      platformFaultDomainCount: 1,
      zones: ["1", "2", "3"],
      sku: { name: "Standard_D2s_v5", tier: "Standard", capacity: 3 },
    });
  });

  it("puts the servers into the subnet, without addresses of their own, and behind the load balancer", () => {
    const [{ ipConfigurations } = { ipConfigurations: [] }] =
      profileOf(resources).networkProfile.networkInterfaceConfigurations;
    expect(ipConfigurations).to.deep.equal([
      {
        name: "private",
        primary: true,
        subnet: { id: SUBNET_ID },
        loadBalancerBackendAddressPools: [
          { id: `${GROUP}/Microsoft.Network/loadBalancers/shop-web/backendAddressPools/servers` },
        ],
      },
    ]);
    expect(resources.named("shop-web-servers").dependencies).to.include("shop-web-balancer");
  });

  it("tells each server its site document, with the identity to sign in with", async () => {
    const told = Buffer.from(profileOf(resources).userData, "base64").toString();
    expect(told).to.equal(cloudConfig({ ...SITE, identityClientId: await settled(tier.identityClientId) }));
  });

  it("gives its servers their identity, and nobody else's", async () => {
    expect(resources.named("shop-web-servers").inputs.identity).to.deep.equal({
      type: "UserAssigned",
      userAssignedIdentities: [await settled(tier.identityId)],
    });
    expect(await settled(tier.identityPrincipalId)).to.match(/^[0-9a-f-]{36}$/);
  });

  it("has disks that go with their servers", () => {
    expect(profileOf(resources).storageProfile.osDisk).to.include({
      createOption: "FromImage",
      deleteOption: "Delete",
    });
  });

  describe("of an image of the marketplace", () => {
    it("has Trusted Launch", () => {
      expect(profileOf(resources).securityProfile).to.deep.equal({
        securityType: "TrustedLaunch",
        uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
      });
    });

    it("has none where the image does not allow it", async () => {
      const { resources: old } = await deployTier({ image: "Canonical:ubuntu-24_04-lts:server-gen1:latest" });
      expect(profileOf(old)).to.not.have.property("securityProfile");
    });

    it("has the user that Azure demands, with a password that is a secret", () => {
      const { inputs, secrets } = resources.named("shop-web-servers");
      expect(profileOf(resources).osProfile).to.deep.include({
        computerNamePrefix: "shop",
        adminUsername: "azureuser",
      });
      expect(secrets).to.deep.equal(["virtualMachineProfile"]);
      expect(inputs).to.have.nested.property("virtualMachineProfile.osProfile.adminPassword");
      expect(resources.named("shop-web-password").inputs).to.include({ length: 32, minLower: 1, minUpper: 1 });
    });
  });

  describe("of a copy of a server of the primary", () => {
    it("has neither user nor password nor Trusted Launch", async () => {
      const { resources: copied } = await deployTier({ image: IMAGE_ID });
      expect(copied.names).to.not.include("shop-web-password");
      expect(profileOf(copied)).to.not.have.any.keys("osProfile", "securityProfile");
      expect(profileOf(copied).storageProfile.imageReference).to.deep.equal({ id: IMAGE_ID });
    });
  });

  describe("without servers", () => {
    let none: Registrations;
    before(async () => {
      ({ resources: none } = await deployTier({ servers: { min: 0, max: 0 } }));
    });

    it("stands all the same, empty, with neither rule nor probe, and scaled to none", () => {
      expect(none.names).to.deep.equal(resources.names);
      expect(none.named("shop-web-autoscale").inputs).to.have.deep.nested.property("profiles[0].capacity", {
        minimum: "0",
        maximum: "12",
        default: "0",
      });
      expect(none.named("shop-web-servers").inputs.sku).to.include({ capacity: 0 });
      expect(none.named("shop-web-balancer").inputs).to.deep.include({ loadBalancingRules: [], probes: [] });
    });

    it("has the same address, identity and image as with them", () => {
      for (const name of ["shop-web-address", "shop-web-identity"]) {
        expect(none.named(name).inputs).to.deep.equal(resources.named(name).inputs);
      }
      expect(profileOf(none)).to.deep.equal(profileOf(resources));
    });
  });

  it("scales between the least and the most servers", async () => {
    const { inputs } = resources.named("shop-web-autoscale");
    expect(inputs).to.deep.include({ enabled: true, targetResourceUri: await settled(tier.scaleSetId) });
    expect(inputs).to.have.deep.nested.property("profiles[0].capacity", { minimum: "3", maximum: "12", default: "3" });
    const { resources: one } = await deployTier({ servers: { min: 1, max: 1 } });
    expect(one.named("shop-web-servers").inputs.sku).to.include({ capacity: 1 });
  });

  it("asks at the health path that it is told", async () => {
    const { resources: other } = await deployTier({ healthPath: "/ready" });
    expect(other.named("shop-web-balancer").inputs).to.have.nested.property("probes[0].requestPath", "/ready");
  });
});
