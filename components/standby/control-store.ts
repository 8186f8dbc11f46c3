import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Tags } from "../tags.ts";
import { WRITTEN_BY_STACK } from "./storage-account.ts";
import { storageAccountName } from "./storage-name.ts";

export interface ControlStoreArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Short name of the workload; begins the account's name. @example "shop" */
  workload: string;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The controller's own storage account: the plan and the state in one container, its packages in a second, and in
 * the third what runs, which is Azure's to write. Functions keeps its own notes beside them.
 */
export class ControlStore extends pulumi.ComponentResource {
  readonly accountId: pulumi.Output<string>;
  readonly accountName: pulumi.Output<string>;
  /** Where the blob service answers, with a slash at the end. */
  readonly blobEndpoint: pulumi.Output<string>;
  readonly containers: Record<"control" | "packages" | "deployments", pulumi.Output<string>>;

  constructor(name: string, args: ControlStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:ControlStore", name, {}, opts);
    const parent = { parent: this };
    const { resourceGroupName } = args;

    const suffix = new random.RandomString(`${name}-suffix`, { length: 8, upper: false, special: false }, parent);
    const account = new azure.storage.StorageAccount(
      `${name}-account`,
      {
        resourceGroupName,
        accountName: suffix.result.apply((unique) => storageAccountName([args.workload, "control"], unique)),
        // The plan and the packages are blobs of the stack's; the controller itself signs in with its identity.
        ...WRITTEN_BY_STACK,
        tags: args.tags,
      },
      parent,
    );
    const container = (containerName: string) =>
      new azure.storage.BlobContainer(
        `${name}-${containerName}`,
        { resourceGroupName, accountName: account.name, containerName, publicAccess: azure.storage.PublicAccess.None },
        parent,
      ).name;

    this.accountId = account.id;
    this.accountName = account.name;
    this.blobEndpoint = account.primaryEndpoints.blob;
    this.containers = {
      control: container("control"),
      packages: container("packages"),
      deployments: container("deployments"),
    };
    this.registerOutputs({ blobEndpoint: this.blobEndpoint });
  }
}
