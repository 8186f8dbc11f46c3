import * as pulumi from "@pulumi/pulumi";
import { grantCustomRole } from "./custom-role.ts";
import { PUBLIC_READING, READ_BLOBS } from "./public-reading.ts";

export interface ContentReaderArgs {
  /** Id of the resource group: the one place where the role may be assigned. */
  resourceGroupId: pulumi.Input<string>;
  /** Id of the one container that may be read. */
  containerId: pulumi.Input<string>;
  /** Who may read it: object id of an identity. */
  principalId: pulumi.Input<string>;
  /**
   * Whether it reads on behalf of everybody, and may therefore not list what there is, nor see former versions.
   * @default false
   */
  forEverybody?: boolean;
}

/** The right of one identity to read the blobs of one container, and to do nothing else. */
export class ContentReader extends pulumi.ComponentResource {
  constructor(name: string, args: ContentReaderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:ContentReader", name, {}, opts);
    grantCustomRole(
      name,
      {
        description: "Reads the copies of the primary's content.",
        resourceGroupId: args.resourceGroupId,
        dataActions: [READ_BLOBS],
        scope: args.containerId,
        principalId: args.principalId,
        condition: args.forEverybody ? PUBLIC_READING : undefined,
      },
      this,
    );
    this.registerOutputs();
  }
}
