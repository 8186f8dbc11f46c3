import type { Actuator, Registry } from "../../provider/actuator.ts";
import type { AzureCloud } from "../cloud.ts";
import { managementLock, roleAssignment, roleDefinition } from "./authorization.ts";
import { autoscaleSetting } from "./autoscale.ts";
import { blob } from "./blobs.ts";
import { containerApp, managedEnvironment } from "./container-apps.ts";
import { containerRegistry } from "./container-registry.ts";
import { deployment } from "./deployment.ts";
import { recordSet, zone } from "./dns.ts";
import { dnsResolver, inboundEndpoint } from "./dns-resolver.ts";
import { customDomain, endpoint, origin, originGroup, profile, route, rule, ruleSet } from "./front-door.ts";
import { gallery, galleryImage } from "./gallery.ts";
import { federatedIdentityCredential, userAssignedIdentity } from "./identity.ts";
import { secret, vault } from "./key-vault.ts";
import { loadBalancer } from "./load-balancer.ts";
import { budget, diagnosticSetting, workspace } from "./monitoring.ts";
import { mysqlConfiguration, mysqlDatabase, mysqlServer } from "./mysql.ts";
import { virtualNetwork } from "./network.ts";
import { privateZone, virtualNetworkLink } from "./private-dns.ts";
import { natGateway, publicAddress } from "./public-addresses.ts";
import { resourceGroup } from "./resources.ts";
import { scaleSet } from "./scale-set.ts";
import { securityGroup } from "./security-groups.ts";
import { staticWebsite } from "./static-website.ts";
import { blobContainer, blobServiceProperties, storageAccount } from "./storage.ts";
import { containerImmutability, managementPolicy } from "./storage-policies.ts";
import { localNetworkGateway, virtualNetworkGateway, virtualNetworkGatewayConnection } from "./vpn.ts";
import { appServicePlan, webApp, webAppScmAllowed, webAppSettings } from "./web.ts";

/** What the local Azure makes real. A type that is not here is only recorded. */
export const AZURE_ACTUATORS: Registry<AzureCloud> = new Map<string, Actuator<AzureCloud>>([
  ["azure-native:app:ContainerApp", containerApp],
  ["azure-native:app:ManagedEnvironment", managedEnvironment],
  ["azure-native:authorization:ManagementLockByScope", managementLock],
  ["azure-native:authorization:RoleAssignment", roleAssignment],
  ["azure-native:authorization:RoleDefinition", roleDefinition],
  ["azure-native:cdn:AFDCustomDomain", customDomain],
  ["azure-native:cdn:AFDEndpoint", endpoint],
  ["azure-native:cdn:AFDOrigin", origin],
  ["azure-native:cdn:AFDOriginGroup", originGroup],
  ["azure-native:cdn:Profile", profile],
  ["azure-native:cdn:Route", route],
  ["azure-native:cdn:Rule", rule],
  ["azure-native:cdn:RuleSet", ruleSet],
  ["azure-native:compute:Gallery", gallery],
  ["azure-native:compute:GalleryImage", galleryImage],
  ["azure-native:compute:VirtualMachineScaleSet", scaleSet],
  ["azure-native:consumption:Budget", budget],
  ["azure-native:containerregistry:Registry", containerRegistry],
  ["azure-native:dbformysql:Configuration", mysqlConfiguration],
  ["azure-native:dbformysql:Database", mysqlDatabase],
  ["azure-native:dbformysql:Server", mysqlServer],
  ["azure-native:dns:RecordSet", recordSet],
  ["azure-native:dns:Zone", zone],
  ["azure-native:dnsresolver:DnsResolver", dnsResolver],
  ["azure-native:dnsresolver:InboundEndpoint", inboundEndpoint],
  ["azure-native:keyvault:Secret", secret],
  ["azure-native:keyvault:Vault", vault],
  ["azure-native:managedidentity:FederatedIdentityCredential", federatedIdentityCredential],
  ["azure-native:managedidentity:UserAssignedIdentity", userAssignedIdentity],
  ["azure-native:monitor:AutoscaleSetting", autoscaleSetting],
  ["azure-native:monitor:DiagnosticSetting", diagnosticSetting],
  ["azure-native:network:LoadBalancer", loadBalancer],
  ["azure-native:network:LocalNetworkGateway", localNetworkGateway],
  ["azure-native:network:NatGateway", natGateway],
  ["azure-native:network:NetworkSecurityGroup", securityGroup],
  ["azure-native:network:PublicIPAddress", publicAddress],
  ["azure-native:network:VirtualNetwork", virtualNetwork],
  ["azure-native:network:VirtualNetworkGateway", virtualNetworkGateway],
  ["azure-native:network:VirtualNetworkGatewayConnection", virtualNetworkGatewayConnection],
  ["azure-native:operationalinsights:Workspace", workspace],
  ["azure-native:privatedns:PrivateZone", privateZone],
  ["azure-native:privatedns:VirtualNetworkLink", virtualNetworkLink],
  ["azure-native:resources:Deployment", deployment],
  ["azure-native:resources:ResourceGroup", resourceGroup],
  ["azure-native:storage:Blob", blob],
  ["azure-native:storage:BlobContainer", blobContainer],
  ["azure-native:storage:BlobContainerImmutabilityPolicy", containerImmutability],
  ["azure-native:storage:BlobServiceProperties", blobServiceProperties],
  ["azure-native:storage:ManagementPolicy", managementPolicy],
  ["azure-native:storage:StorageAccount", storageAccount],
  ["azure-native:storage:StorageAccountStaticWebsite", staticWebsite],
  ["azure-native:web:AppServicePlan", appServicePlan],
  ["azure-native:web:WebApp", webApp],
  ["azure-native:web:WebAppApplicationSettings", webAppSettings],
  ["azure-native:web:WebAppScmAllowed", webAppScmAllowed],
]);
