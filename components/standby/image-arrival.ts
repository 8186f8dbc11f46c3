import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { BootRoom } from "./boot-room.ts";
import { ImageWriter } from "./image-writer.ts";

export interface ImageArrivalArgs {
  /** Short name of the workload. @example "shop" */
  workload: string;
  resourceGroupName: pulumi.Input<string>;
  resourceGroupId: pulumi.Input<string>;
  /** The account and the container of disks. */
  disks: { accountId: pulumi.Input<string>; containerId: pulumi.Input<string> };
  /** Id of the image definition that gets versions. */
  imageDefinitionId: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/** What images of the primary's servers need here to arrive: who may bring them, and where they are seen booting. */
export class ImageArrival extends pulumi.ComponentResource {
  readonly writer: ImageWriter;
  readonly bootRoom: BootRoom;

  constructor(name: string, args: ImageArrivalArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:ImageArrival", name, {}, opts);
    const { disks, tags, workload } = args;

    this.bootRoom = new BootRoom(`${name}-boot-room`, { workload, tags }, { parent: this });
    this.writer = new ImageWriter(
      `${name}-writer`,
      { ...args, ...disks, bootGroupId: this.bootRoom.resourceGroupId },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
