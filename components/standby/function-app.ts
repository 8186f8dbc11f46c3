import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Tags } from "../tags.ts";
import type { ControlStore } from "./control-store.ts";
import { functionAppPackage, NODE_VERSION } from "./function-app-package.ts";
import { ONE_DEPLOY } from "./one-deploy.ts";

export interface FunctionAppArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Begins the app's name in the world. @example "shop-standby" */
  appName: string;
  /** Path of its code inside lambdas/. @example "standby/handler.ts" */
  entry: string;
  /** Whom it is, to its storage and to all that it calls. */
  identity: azure.managedidentity.UserAssignedIdentity;
  /** Where its packages are, and the notes of its host. */
  store: ControlStore;
  /** Id of the subnet that is delegated to `Microsoft.App/environments`. */
  subnetId: pulumi.Input<string>;
  /** Environment variables of its own. */
  settings: Record<string, pulumi.Input<string>>;
  /** What has to stand before it starts. */
  after: pulumi.Resource[];
  /** Id of the workspace that keeps its log. */
  workspaceId: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * A function app on Flex Consumption: paid by the second that it runs, inside the virtual network, and without a
 * secret. What it calls on the internet it reaches by addresses of Azure's own, with or without a NAT gateway
 * ("Azure Functions networking options", Virtual network integration).
 */
export class FunctionApp extends pulumi.ComponentResource {
  readonly appName: pulumi.Output<string>;

  constructor(name: string, args: FunctionAppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:FunctionApp", name, {}, opts);
    const parent = { parent: this };
    const { resourceGroupName, identity, store, tags } = args;

    const plan = new azure.web.AppServicePlan(
      `${name}-plan`,
      {
        resourceGroupName,
        name,
        kind: "functionapp",
        // Linux, the only one that Flex Consumption has.
        reserved: true,
        sku: { name: "FC1", tier: "FlexConsumption" },
        tags,
      },
      parent,
    );
    const suffix = new random.RandomString(`${name}-suffix`, { length: 8, upper: false, special: false }, parent);
    const app = new azure.web.WebApp(
      `${name}-site`,
      {
        resourceGroupName,
        // Unique in the world, hence the suffix.
        name: pulumi.interpolate`${args.appName}-${suffix.result}`,
        kind: "functionapp,linux",
        serverFarmId: plan.id,
        identity: {
          type: azure.web.ManagedServiceIdentityType.UserAssigned,
          userAssignedIdentities: [identity.id],
        },
        virtualNetworkSubnetId: args.subnetId,
        httpsOnly: true,
        functionAppConfig: functionAppConfig(identity, store),
        tags,
      },
      { parent: this, dependsOn: args.after },
    );
    // Beside the app and not in its `siteConfig`: the SDK would put a .NET version in there, at which Flex Consumption
    // refuses the app (pulumi-azure-native, issue 4168).
    const settings = new azure.web.WebAppApplicationSettings(
      `${name}-settings`,
      { resourceGroupName, name: app.name, properties: { ...hostStorage(identity, store), ...args.settings } },
      parent,
    );
    // Code comes by way of the Resource Manager, as whoever deploys; there is no password to publish with.
    new azure.web.WebAppScmAllowed(`${name}-publishing`, { resourceGroupName, name: app.name, allow: false }, parent);
    new azure.monitor.DiagnosticSetting(
      `${name}-log`,
      {
        name: `${name}-log`,
        resourceUri: app.id,
        workspaceId: args.workspaceId,
        logs: [{ category: "FunctionAppLogs", enabled: true }],
      },
      parent,
    );
    this.#deploy(name, args, app, settings);

    this.appName = app.name;
    this.registerOutputs({ appName: this.appName });
  }

  /** Lays the package into the store, and has the app take it whenever it is another one. */
  #deploy(
    name: string,
    { resourceGroupName, store, entry, tags }: FunctionAppArgs,
    app: azure.web.WebApp,
    settings: azure.web.WebAppApplicationSettings,
  ): void {
    const { archive, fileName } = functionAppPackage(entry);
    const code = new azure.storage.Blob(
      `${name}-package`,
      {
        resourceGroupName,
        accountName: store.accountName,
        containerName: store.containers.packages,
        blobName: fileName,
        contentType: "application/zip",
        source: archive,
      },
      { parent: this },
    );
    new azure.resources.Deployment(
      `${name}-deployment`,
      {
        resourceGroupName,
        deploymentName: name,
        properties: {
          mode: azure.resources.DeploymentMode.Incremental,
          template: ONE_DEPLOY,
          parameters: {
            app: { value: app.name },
            account: { value: store.accountName },
            blobEndpoint: { value: store.blobEndpoint },
            blob: { value: pulumi.interpolate`${store.containers.packages}/${code.name}` },
          },
        },
        tags,
      },
      // Its host starts with what is deployed, and not without its storage.
      { parent: this, dependsOn: settings },
    );
  }
}

function functionAppConfig(
  identity: azure.managedidentity.UserAssignedIdentity,
  store: ControlStore,
): azure.types.input.web.FunctionAppConfigArgs {
  return {
    deployment: {
      storage: {
        type: azure.web.FunctionsDeploymentStorageType.BlobContainer,
        value: pulumi.interpolate`${store.blobEndpoint}${store.containers.deployments}`,
        authentication: {
          type: azure.web.AuthenticationType.UserAssignedIdentity,
          userAssignedIdentityResourceId: identity.id,
        },
      },
    },
    runtime: { name: azure.web.RuntimeName.Node, version: NODE_VERSION },
    // No more than one, for it does nothing twice at a time. The smallest, of 512 MB, has a quarter of a processor and shares
    // its memory with the host: unpacking and checking a dump would take four times as long ("Azure Functions Flex
    // Consumption plan hosting", Instance sizes).
    scaleAndConcurrency: { instanceMemoryMB: 2048, maximumInstanceCount: 1 },
  };
}

/** How the host signs in to its storage ("App settings reference for Azure Functions", AzureWebJobsStorage__*). */
function hostStorage(identity: azure.managedidentity.UserAssignedIdentity, store: ControlStore) {
  return {
    AzureWebJobsStorage__accountName: store.accountName,
    AzureWebJobsStorage__credential: "managedidentity",
    AzureWebJobsStorage__clientId: identity.clientId,
  };
}
