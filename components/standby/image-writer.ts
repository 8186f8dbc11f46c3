import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { grantCustomRole } from "./custom-role.ts";

export interface ImageWriterArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Id of the resource group: the one place where its roles may be assigned, but for that of the boot checks. */
  resourceGroupId: pulumi.Input<string>;
  /** The account and the container of disks. */
  accountId: pulumi.Input<string>;
  containerId: pulumi.Input<string>;
  /** Id of the image definition that gets versions. */
  imageDefinitionId: pulumi.Input<string>;
  /** Id of the resource group in which a server is started to see whether it boots. */
  bootGroupId: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * What may be done to disks: written, never deleted. A version of the gallery can be made of one again.
 *
 * Put Page is a `write`, which overwrites too ("Permissions for calling data operations").
 */
const DISK_ACTIONS = ["read", "write", "add/action"].map(
  (action) => `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${action}`,
);

/**
 * What Azure asks of whoever makes a version of a blob: the keys of its account, which open nothing, since the account
 * takes none ("Create an image definition and an image version", from a VHD).
 */
const ACCOUNT_ACTIONS = ["Microsoft.Storage/storageAccounts/read", "Microsoft.Storage/storageAccounts/listKeys/action"];

const VERSION_ACTIONS = [
  "Microsoft.Compute/galleries/images/read",
  ...["read", "write", "delete"].map((action) => `Microsoft.Compute/galleries/images/versions/${action}`),
];

const SERVERS = "Microsoft.Compute/virtualMachines";
const ADDRESSES = "Microsoft.Network/networkInterfaces";
const BOOT_ACTIONS = [
  ...["read", "write", "delete", "retrieveBootDiagnosticsData/action"].map((action) => `${SERVERS}/${action}`),
  ...["read", "write", "delete"].map((action) => `Microsoft.Compute/disks/${action}`),
  ...["read", "write", "delete", "join/action"].map((action) => `${ADDRESSES}/${action}`),
  "Microsoft.Network/virtualNetworks/subnets/join/action",
];

/** The identity that the replication of images takes on in Azure, and all that it may do there. */
export class ImageWriter extends pulumi.ComponentResource {
  readonly identityName: pulumi.Output<string>;
  /** What the function names itself by when it asks for a token. */
  readonly clientId: pulumi.Output<string>;

  constructor(name: string, args: ImageWriterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:ImageWriter", name, {}, opts);
    const { resourceGroupName, resourceGroupId, tags } = args;

    const identity = new azure.managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      { resourceGroupName, resourceName: name, tags },
      { parent: this },
    );
    const grant = (
      part: string,
      description: string,
      scope: pulumi.Input<string>,
      actions: { actions?: string[]; dataActions?: string[] },
    ) => {
      const within = part === "boot" ? scope : resourceGroupId;
      const { principalId } = identity;
      grantCustomRole(
        `${name}-${part}`,
        { description, resourceGroupId: within, scope, principalId, ...actions },
        this,
      );
    };
    grant("disks", "Writes disks of the primary's images; deletes none.", args.containerId, {
      dataActions: DISK_ACTIONS,
    });
    grant("account", "Has Azure make images of the account's disks.", args.accountId, { actions: ACCOUNT_ACTIONS });
    grant("versions", "Adds and drops versions of the servers' image.", args.imageDefinitionId, {
      actions: VERSION_ACTIONS,
    });
    grant("boot", "Starts servers to see whether they boot, and ends them.", args.bootGroupId, {
      actions: BOOT_ACTIONS,
    });

    this.identityName = identity.name;
    this.clientId = identity.clientId;
    this.registerOutputs({ identityName: this.identityName, clientId: this.clientId });
  }
}
