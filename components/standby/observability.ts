import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";

export interface ObservabilityArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Days for which logs are kept, 30 to 730. */
  retentionDays: number;
  /** Tags of every resource. */
  tags: Tags;
}

/** The workspace that takes the standby's logs; `diagnose` sends a resource's there. */
export class Observability extends pulumi.ComponentResource {
  readonly workspaceId: pulumi.Output<string>;

  constructor(name: string, args: ObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:Observability", name, {}, opts);

    const workspace = new azure.operationalinsights.Workspace(
      `${name}-workspace`,
      {
        resourceGroupName: args.resourceGroupName,
        workspaceName: name,
        sku: { name: azure.operationalinsights.WorkspaceSkuNameEnum.PerGB2018 },
        retentionInDays: args.retentionDays,
        // Whoever writes or reads is some identity: no keys. Whoever may read a resource may read its logs.
        features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
        tags: args.tags,
      },
      { parent: this },
    );

    this.workspaceId = workspace.id;
    this.registerOutputs({ workspaceId: this.workspaceId });
  }
}
