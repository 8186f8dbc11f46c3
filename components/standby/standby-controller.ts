import { createHash } from "node:crypto";
import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import { PLAN_BLOB, type PlanDocument } from "../../lambdas/standby/plan-document.ts";
import type { Tags } from "../tags.ts";
import { ControlStore } from "./control-store.ts";
import { assignRole, grantCustomRole } from "./custom-role.ts";
import { FunctionApp } from "./function-app.ts";
import { COPIES_FOLDER, READY_FOLDER } from "./own-folder.ts";

export interface StandbyControllerArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Id of the resource group: what the controller may control lies in it. */
  resourceGroupId: pulumi.Input<string>;
  /** Short name of the workload; begins the app's name. @example "shop" */
  workload: string;
  /** Id of the subnet that is delegated to `Microsoft.App/environments`. */
  functionsSubnetId: pulumi.Input<string>;
  /** What the controller has to bring about. */
  plan: pulumi.Input<PlanDocument>;
  /** The container with the dumps of the primary's database. */
  dumps: {
    /** Resource id of the container. */
    containerId: pulumi.Input<string>;
    /** Where its account's blob service answers, with a slash at the end. */
    blobEndpoint: pulumi.Input<string>;
    containerName: pulumi.Input<string>;
  };
  /** The container that the markers' website is served from, where it says when the standby is ready. */
  website: {
    /** Resource id of the container. */
    containerId: pulumi.Input<string>;
    /** Address of the container. @example "https://shopmarker.blob.core.windows.net/$web" */
    containerUrl: pulumi.Input<string>;
  };
  /** Id of the workspace that keeps the controller's log. */
  workspaceId: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * What the controller may do, and all that it may: look at database servers, start them and stop them; and, for one that
 * is to follow the primary, set parameters and tell it which transactions it has. A declaration changes no right, so
 * these do not come and go with what the plan follows.
 */
const CONTROL = ["read", "start/action", "stop/action", "configurations/write", "resetGtid/action"].map(
  (action) => `Microsoft.DBforMySQL/flexibleServers/${action}`,
);

/**
 * Storage Blob Data Owner, which the host of Functions needs on the account of its own for its locks and notes
 * ("Storage considerations for Azure Functions", Storage Blob Data Owner for the default storage account).
 */
const BLOB_OWNER = "/providers/Microsoft.Authorization/roleDefinitions/b7e6dc6d-f1e8-4753-8033-0f276bb0955b";

/**
 * The function app that brings about what Azure cannot be told to be: it compares the plan with the standby every
 * minute, takes step after step towards it, and says publicly when what is declared is served.
 */
export class StandbyController extends pulumi.ComponentResource {
  readonly functionAppName: pulumi.Output<string>;
  /** Whom to give the rights that the controller needs besides. */
  readonly principalId: pulumi.Output<string>;
  /** Address of the container with `plan.json` and `state.json`. */
  readonly controlEndpoint: pulumi.Output<string>;

  constructor(name: string, args: StandbyControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:StandbyController", name, {}, opts);
    const parent = { parent: this };
    const { resourceGroupName, resourceGroupId, tags } = args;

    const identity = new azure.managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      { resourceGroupName, resourceName: name, tags },
      parent,
    );
    const { principalId } = identity;
    const store = new ControlStore(`${name}-store`, { resourceGroupName, workload: args.workload, tags }, parent);
    const rights = [
      grantCustomRole(
        `${name}-control`,
        {
          description: "Looks at the standby's database servers, starts, stops and configures them.",
          resourceGroupId,
          actions: CONTROL,
          scope: resourceGroupId,
          principalId,
        },
        this,
      ),
      grantCustomRole(
        `${name}-dumps`,
        {
          description: "Reads the dumps of the primary's database, and writes copies of the standby's own.",
          resourceGroupId,
          ...COPIES_FOLDER,
          scope: args.dumps.containerId,
          principalId,
        },
        this,
      ),
      grantCustomRole(
        `${name}-ready`,
        {
          description: "Says publicly when the standby serves what is declared.",
          resourceGroupId,
          ...READY_FOLDER,
          scope: args.website.containerId,
          principalId,
        },
        this,
      ),
      assignRole(`${name}-storage`, { roleDefinitionId: BLOB_OWNER, scope: store.accountId, principalId }, this),
    ];

    const planText = pulumi.output(args.plan).apply((plan) => JSON.stringify(plan));
    const plan = new azure.storage.Blob(
      `${name}-plan`,
      {
        resourceGroupName,
        accountName: store.accountName,
        containerName: store.containers.control,
        blobName: PLAN_BLOB,
        contentType: "application/json",
        source: planText.apply((text) => new pulumi.asset.StringAsset(text)),
      },
      // Another text is another blob of the same name, which would go when the former one is deleted after it.
      { parent: this, deleteBeforeReplace: true },
    );
    const app = new FunctionApp(
      `${name}-app`,
      {
        resourceGroupName,
        appName: `${args.workload}-standby`,
        entry: "standby/handler.ts",
        identity,
        store,
        subnetId: args.functionsSubnetId,
        settings: {
          AZURE_CLIENT_ID: identity.clientId,
          CONTROL_BLOB_ENDPOINT: store.blobEndpoint,
          CONTROL_CONTAINER: store.containers.control,
          DUMPS_CONTAINER: pulumi.interpolate`${args.dumps.blobEndpoint}${args.dumps.containerName}`,
          READY_CONTAINER: args.website.containerUrl,
          // A changed setting restarts the app, which then looks at the plan at once.
          PLAN_DIGEST: planText.apply((text) => createHash("sha256").update(text).digest("hex")),
        },
        // Without its rights it would start into errors, and before the plan is written it would read the former one.
        after: [...rights, plan],
        workspaceId: args.workspaceId,
        tags,
      },
      parent,
    );

    this.functionAppName = app.appName;
    this.principalId = principalId;
    this.controlEndpoint = pulumi.interpolate`${store.blobEndpoint}${store.containers.control}`;
    this.registerOutputs({ functionAppName: this.functionAppName, controlEndpoint: this.controlEndpoint });
  }
}
