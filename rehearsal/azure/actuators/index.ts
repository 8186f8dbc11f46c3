import type { Actuator, Registry } from "../../provider/actuator.ts";
import type { AzureCloud } from "../cloud.ts";
import { roleAssignment, roleDefinition } from "./authorization.ts";
import { federatedIdentityCredential, userAssignedIdentity } from "./identity.ts";
import { virtualNetwork } from "./network.ts";
import { resourceGroup } from "./resources.ts";
import { blobContainer, blobServiceProperties, storageAccount } from "./storage.ts";

/** What the local Azure makes real. A type that is not here is only recorded. */
export const AZURE_ACTUATORS: Registry<AzureCloud> = new Map<string, Actuator<AzureCloud>>([
  ["azure-native:authorization:RoleAssignment", roleAssignment],
  ["azure-native:authorization:RoleDefinition", roleDefinition],
  ["azure-native:managedidentity:FederatedIdentityCredential", federatedIdentityCredential],
  ["azure-native:managedidentity:UserAssignedIdentity", userAssignedIdentity],
  ["azure-native:network:VirtualNetwork", virtualNetwork],
  ["azure-native:resources:ResourceGroup", resourceGroup],
  ["azure-native:storage:BlobContainer", blobContainer],
  ["azure-native:storage:BlobServiceProperties", blobServiceProperties],
  ["azure-native:storage:StorageAccount", storageAccount],
]);
