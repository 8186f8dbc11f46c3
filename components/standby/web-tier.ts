import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { cloudConfig, type SiteDocument } from "../site-document.ts";
import type { Tags } from "../tags.ts";
import { imageReference, type ServerImage } from "./image-reference.ts";
import { balancerIdBeside, balancing, FRONTEND, POOL } from "./load-balancing.ts";
import { scaleProfile } from "./scale-profile.ts";
import type { ServerRange } from "./standby-plan.ts";

export interface WebTierArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Short name of the workload; begins the name under which the servers answer. @example "shop" */
  workload: string;
  /** Id of the subnet of the servers. */
  subnetId: pulumi.Input<string>;
  /** Id of the image whose versions are replicated from the primary; what `replicated` as `image` means. */
  replicatedImageId?: pulumi.Input<string>;
  /** Id of a Compute Gallery image (version), `publisher:offer:sku:version` or `replicated`; see {@link imageReference}. */
  image: string;
  /** Size of a server. @example "Standard_D2s_v5" */
  vmSize: string;
  /** How many servers there may be; none, and nothing here is paid for but the address. */
  servers: ServerRange;
  /** Most servers that there may ever be, whatever there are now; autoscale ends there. */
  mostServers: number;
  /** Path that answers 200 only while a server and all that it needs are well. @example "/healthz" */
  healthPath: string;
  /** What a server has to know; the client id of its identity is put in here. */
  siteDocument: pulumi.Input<Omit<SiteDocument, "identityClientId">>;
  /** Availability zones of the region to spread over. @example ["1", "2", "3"] */
  zones: string[];
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The standby's servers behind a load balancer with a public address: a scale set of which only the capacity
 * changes in a disaster. The address stands from the first day, so that names and certificates can be made for it.
 */
export class WebTier extends pulumi.ComponentResource {
  /** The public IPv4 address. */
  readonly publicAddress: pulumi.Output<string>;
  /** The name of that address, at which the servers answer without Front Door in between. */
  readonly host: pulumi.Output<string>;
  readonly scaleSetId: pulumi.Output<string>;
  readonly identityId: pulumi.Output<string>;
  readonly identityClientId: pulumi.Output<string>;
  /** Whom to give the rights that the servers need. */
  readonly identityPrincipalId: pulumi.Output<string>;

  constructor(name: string, args: WebTierArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:WebTier", name, {}, opts);
    const parent = { parent: this };
    const { resourceGroupName, servers, tags } = args;
    const image = imageReference(args.image, args.replicatedImageId);

    const identity = new azure.managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      { resourceGroupName, resourceName: name, tags },
      parent,
    );
    const suffix = new random.RandomString(`${name}-suffix`, { length: 8, upper: false, special: false }, parent);
    const address = new azure.network.PublicIPAddress(
      `${name}-address`,
      {
        resourceGroupName,
        publicIpAddressName: name,
        sku: { name: azure.network.PublicIPAddressSkuName.Standard },
        publicIPAllocationMethod: azure.network.IPAllocationMethod.Static,
        zones: args.zones,
        // Unique in the region, hence the suffix.
        dnsSettings: { domainNameLabel: pulumi.interpolate`${args.workload}-${suffix.result}` },
        tags,
      },
      parent,
    );
    const balancerId = address.id.apply((id) => balancerIdBeside(id, name));
    const rules = balancerId.apply((id) => balancing(id, args.healthPath, servers.max > 0));
    const balancer = new azure.network.LoadBalancer(
      `${name}-balancer`,
      {
        resourceGroupName,
        loadBalancerName: name,
        sku: { name: azure.network.LoadBalancerSkuName.Standard },
        frontendIPConfigurations: [{ name: FRONTEND, publicIPAddress: { id: address.id } }],
        backendAddressPools: [{ name: POOL }],
        loadBalancingRules: rules.loadBalancingRules,
        probes: rules.probes,
        tags,
      },
      parent,
    );

    const site = pulumi.all([args.siteDocument, identity.clientId]);
    const scaleSet = new azure.compute.VirtualMachineScaleSet(
      `${name}-servers`,
      {
        resourceGroupName,
        vmScaleSetName: name,
        orchestrationMode: azure.compute.OrchestrationMode.Flexible,
        // Spread as widely as Azure can within each zone.
        platformFaultDomainCount: 1,
        zones: args.zones,
        sku: { name: args.vmSize, tier: "Standard", capacity: servers.min },
        identity: {
          type: azure.compute.ResourceIdentityType.UserAssigned,
          userAssignedIdentities: [identity.id],
        },
        virtualMachineProfile: {
          userData: site.apply(([document, identityClientId]) =>
            Buffer.from(cloudConfig({ ...document, identityClientId })).toString("base64"),
          ),
          osProfile: image.specialized ? undefined : this.#osProfile(name, args.workload),
          securityProfile: image.trustedLaunch ? TRUSTED_LAUNCH : undefined,
          storageProfile: storageProfile(image),
          networkProfile: networkProfile(args.subnetId, pulumi.interpolate`${balancerId}/backendAddressPools/${POOL}`),
        },
        tags,
      },
      { parent: this, dependsOn: balancer },
    );
    // There at any time, and with the same most: a count outside of its bounds is brought back at its next run ("Best
    // practices for autoscale"), and that would be the servers that a declaration has just asked for.
    new azure.monitor.AutoscaleSetting(
      `${name}-autoscale`,
      {
        resourceGroupName,
        autoscaleSettingName: name,
        name,
        enabled: true,
        targetResourceUri: scaleSet.id,
        profiles: [scaleSet.id.apply((id) => scaleProfile({ min: servers.min, max: args.mostServers }, id))],
        tags,
      },
      parent,
    );

    this.publicAddress = address.ipAddress.apply((ip) => ip ?? "");
    this.host = address.dnsSettings.apply((dns) => dns?.fqdn ?? "");
    this.scaleSetId = scaleSet.id;
    this.identityId = identity.id;
    this.identityClientId = identity.clientId;
    this.identityPrincipalId = identity.principalId;
    this.registerOutputs({ publicAddress: this.publicAddress, host: this.host });
  }

  /** The user that Azure demands for a server of an image of the marketplace. Nobody is told the password. */
  #osProfile(name: string, workload: string): azure.types.input.compute.VirtualMachineScaleSetOSProfileArgs {
    const password = new random.RandomPassword(
      `${name}-password`,
      { length: 32, minLower: 1, minUpper: 1, minNumeric: 1, special: false },
      { parent: this },
    );
    return {
      computerNamePrefix: workload.slice(0, 9),
      adminUsername: "azureuser",
      adminPassword: pulumi.secret(password.result),
      linuxConfiguration: { disablePasswordAuthentication: false, provisionVMAgent: true },
    };
  }
}

const TRUSTED_LAUNCH: azure.types.input.compute.SecurityProfileArgs = {
  securityType: azure.compute.SecurityTypes.TrustedLaunch,
  uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
};

/** One disk, made of the image, and gone with its server. Azure encrypts it. */
function storageProfile(image: ServerImage): azure.types.input.compute.VirtualMachineScaleSetStorageProfileArgs {
  return {
    imageReference: image.reference,
    osDisk: {
      createOption: azure.compute.DiskCreateOptionTypes.FromImage,
      deleteOption: azure.compute.DiskDeleteOptionTypes.Delete,
      caching: azure.compute.CachingTypes.ReadWrite,
      managedDisk: { storageAccountType: azure.compute.StorageAccountTypes.Premium_LRS },
    },
  };
}

/** One private address in the subnet, in the load balancer's pool, and gone with its server. */
function networkProfile(
  subnetId: pulumi.Input<string>,
  poolId: pulumi.Input<string>,
): azure.types.input.compute.VirtualMachineScaleSetNetworkProfileArgs {
  const name = "private";
  return {
    // Flexible scale sets want it said ("Flexible orchestration mode", networkApiVersion).
    networkApiVersion: azure.compute.NetworkApiVersion.NetworkApiVersion_2020_11_01,
    networkInterfaceConfigurations: [
      {
        name,
        primary: true,
        deleteOption: azure.compute.DeleteOptions.Delete,
        ipConfigurations: [
          { name, primary: true, subnet: { id: subnetId }, loadBalancerBackendAddressPools: [{ id: poolId }] },
        ],
      },
    ],
  };
}
