import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";

export interface GalleryArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Short name of the workload; names the gallery and what is in it. @example "shop" */
  workload: string;
  /**
   * Refuse to delete the gallery and its image.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * Where the images of the primary's servers are kept: a Compute Gallery with one image definition, into which each
 * replication adds a version.
 */
export class Gallery extends pulumi.ComponentResource {
  readonly imageDefinitionId: pulumi.Output<string>;

  constructor(name: string, args: GalleryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:Gallery", name, {}, opts);
    const { resourceGroupName, workload, tags } = args;
    const protect = args.protectData ?? true;
    const data = { parent: this, protect, retainOnDelete: protect };

    const gallery = new azure.compute.Gallery(
      `${name}-gallery`,
      {
        resourceGroupName,
        // Hyphens are for images only ("Naming rules and restrictions for Azure resources", galleries).
        galleryName: workload.replaceAll("-", "_"),
        description: "Images of the primary's servers.",
        tags,
      },
      data,
    );
    const definition = new azure.compute.GalleryImage(
      `${name}-image`,
      {
        resourceGroupName,
        galleryName: gallery.name,
        galleryImageName: `${workload}-server`,
        identifier: { publisher: "multicloud-dr", offer: workload, sku: "server" },
        osType: azure.compute.OperatingSystemTypes.Linux,
        // A server's own disk with its users and keys, not a template of one.
        osState: azure.compute.OperatingSystemStateTypes.Specialized,
        architecture: azure.compute.Architecture.X64,
        // What AWS exports boots by BIOS, which is Azure's first generation ("Support for Generation 2 VMs on Azure").
        hyperVGeneration: azure.compute.HyperVGeneration.V1,
        tags,
      },
      data,
    );

    this.imageDefinitionId = definition.id;
    this.registerOutputs({ imageDefinitionId: this.imageDefinitionId });
  }
}
