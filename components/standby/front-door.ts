import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { ContentReader } from "./content-reader.ts";
import { ASK_AS_IDENTITY, SECURE_ANSWERS } from "./front-door-rules.ts";
import { ServedName } from "./served-name.ts";

/** The two names that Front Door answers. */
type Served = "app" | "content";

export interface FrontDoorArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Id of the resource group: the one place where the reader's role may be assigned. */
  resourceGroupId: pulumi.Input<string>;
  /** Short name of the workload; begins the endpoints' names. @example "shop" */
  workload: string;
  /** Name at which the web tier answers by itself. */
  appHost: pulumi.Input<string>;
  /**
   * Whether it knows that name and has a certificate for it; otherwise it has one for the name that users know.
   * @default false
   */
  appKnowsItsHost?: boolean;
  /** The container of the content: where its blob service answers, its name, and its id. */
  content: {
    blobEndpoint: pulumi.Input<string>;
    containerName: pulumi.Input<string>;
    containerId: pulumi.Input<string>;
  };
  /** The workload's own names. @example { app: "app.shop.example.com", content: "content.shop.example.com" } */
  domains: Record<Served, string>;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The standby's edge: the app from the web tier and the content from its container, over HTTPS only, each under its
 * own name. The names are proved ahead of time, so that their certificates are there on the day.
 */
export class FrontDoor extends pulumi.ComponentResource {
  readonly profileId: pulumi.Output<string>;
  /** What the `X-Azure-FDID` header of every request through this Front Door says. */
  readonly frontDoorId: pulumi.Output<string>;
  readonly appEndpointHost: pulumi.Output<string>;
  readonly contentEndpointHost: pulumi.Output<string>;
  /** What the TXT record `_dnsauth` of each name has to say. */
  readonly validationTokens: Record<Served, pulumi.Output<string>>;

  constructor(name: string, args: FrontDoorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:FrontDoor", name, {}, opts);
    const { resourceGroupName, resourceGroupId, content, tags } = args;
    const parent = { parent: this };

    const identity = new azure.managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      { resourceGroupName, resourceName: name, tags },
      parent,
    );
    const { containerId } = content;
    const reader = new ContentReader(
      `${name}-reader`,
      { resourceGroupId, containerId, principalId: identity.principalId, forEverybody: true },
      parent,
    );
    const profile = new azure.cdn.Profile(
      `${name}-profile`,
      {
        resourceGroupName,
        profileName: name,
        location: "global",
        sku: { name: azure.cdn.SkuName.Standard_AzureFrontDoor },
        identity: {
          type: azure.cdn.ManagedServiceIdentityType.UserAssigned,
          userAssignedIdentities: [identity.id],
        },
        originResponseTimeoutSeconds: 60,
        tags,
      },
      parent,
    );
    const common = { resourceGroupName, profileName: profile.name, tags };
    const app = new ServedName(
      `${name}-app`,
      {
        ...common,
        part: "app",
        endpointName: `${args.workload}-app`,
        domain: args.domains.app,
        // The servers' certificate is for the name that users know, not for that of their address.
        origin: args.appKnowsItsHost
          ? { host: args.appHost, hostHeader: args.appHost, checkCertificateName: true }
          : { host: args.appHost, hostHeader: args.domains.app, checkCertificateName: false },
        cached: false,
        headers: SECURE_ANSWERS,
      },
      parent,
    );
    const blobHost = pulumi.output(content.blobEndpoint).apply((endpoint) => new URL(endpoint).host);
    const copies = new ServedName(
      `${name}-content`,
      {
        ...common,
        part: "content",
        endpointName: `${args.workload}-content`,
        domain: args.domains.content,
        origin: {
          host: blobHost,
          hostHeader: blobHost,
          checkCertificateName: true,
          path: pulumi.interpolate`/${content.containerName}`,
          identityId: identity.id,
          // First the right, then who uses it ("Use managed identities to authenticate to origins").
          after: reader,
        },
        cached: true,
        headers: [...SECURE_ANSWERS, ...ASK_AS_IDENTITY],
      },
      parent,
    );

    this.profileId = profile.id;
    this.frontDoorId = profile.frontDoorId;
    this.appEndpointHost = app.endpointHost;
    this.contentEndpointHost = copies.endpointHost;
    this.validationTokens = { app: app.validationToken, content: copies.validationToken };
    this.registerOutputs({ appEndpointHost: this.appEndpointHost, contentEndpointHost: this.contentEndpointHost });
  }
}
