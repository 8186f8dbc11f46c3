import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Tags } from "../tags.ts";
import { markerPath, markerText } from "./declaration.ts";
import type { Disaster, Switch } from "./disaster.ts";
import { WRITTEN_BY_STACK } from "./storage-account.ts";
import { storageAccountName } from "./storage-name.ts";

export interface DeclarationMarkerArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Short name of the workload; begins the account's name. @example "shop" */
  workload: string;
  /** The names that are declared switched; none while nothing is declared. */
  markers: Switch[];
  /** What is declared lost. */
  disaster: Disaster;
  /** Why it was declared; public. @example "RDS in eu-west-1 is down" */
  why: string;
  /** Who declared it; public. @example "platform-team" */
  by: string;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * Says to the world what is declared: a static website with one small file per switched name, which health checks
 * poll. The website is there from the first day; a file is written when its name is declared, and gone after.
 */
export class DeclarationMarker extends pulumi.ComponentResource {
  /** Where the website answers, with a slash at the end; a marker is at {@link markerPath} below it. */
  readonly webEndpoint: pulumi.Output<string>;
  readonly accountId: pulumi.Output<string>;
  /** Id of the container that the website is served from: who may write there may speak for the standby. */
  readonly containerId: pulumi.Output<string>;
  /** Address of that container. */
  readonly containerUrl: pulumi.Output<string>;

  constructor(name: string, args: DeclarationMarkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:DeclarationMarker", name, {}, opts);
    const parent = { parent: this };
    const { resourceGroupName, disaster, why, by } = args;

    const suffix = new random.RandomString(`${name}-suffix`, { length: 8, upper: false, special: false }, parent);
    const account = new azure.storage.StorageAccount(
      `${name}-account`,
      {
        resourceGroupName,
        accountName: suffix.result.apply((unique) => storageAccountName([args.workload, "marker"], unique)),
        // All that is in here is public.
        ...WRITTEN_BY_STACK,
        tags: args.tags,
      },
      parent,
    );
    const website = new azure.storage.StorageAccountStaticWebsite(
      `${name}-website`,
      { resourceGroupName, accountName: account.name },
      parent,
    );
    for (const marker of args.markers) {
      new azure.storage.Blob(
        `${name}-${marker}`,
        {
          resourceGroupName,
          accountName: account.name,
          containerName: website.containerName,
          blobName: markerPath(marker),
          contentType: "application/json",
          source: new pulumi.asset.StringAsset(markerText({ disaster, why, by })),
        },
        // Another text is another blob of the same name, which would go when the former one is deleted after it.
        { parent: this, deleteBeforeReplace: true },
      );
    }

    this.webEndpoint = account.primaryEndpoints.web;
    this.accountId = account.id;
    this.containerId = pulumi.interpolate`${account.id}/blobServices/default/containers/${website.containerName}`;
    this.containerUrl = pulumi.interpolate`${account.primaryEndpoints.blob}${website.containerName}`;
    this.registerOutputs({ webEndpoint: this.webEndpoint });
  }
}
