import { basename, dirname } from "node:path/posix";
import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import { SITE_DOCUMENT_PATH, type SiteDocument } from "../site-document.ts";
import type { Tags } from "../tags.ts";
import type { ContainerRegistry } from "./container-registry.ts";
import { containerScale } from "./container-scale.ts";
import { grantCustomRole } from "./custom-role.ts";
import { diagnose } from "./diagnose.ts";
import type { ServerRange } from "./standby-plan.ts";

export interface ContainerTierArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Id of the resource group: the one place where the reader's role may be assigned. */
  resourceGroupId: pulumi.Input<string>;
  /** Id of the subnet, delegated to `Microsoft.App/environments`. */
  subnetId: pulumi.Input<string>;
  /** Where the image is. */
  registry: ContainerRegistry;
  /** The image in it, by tag or digest. @example "shop/web:latest" */
  image: string;
  /** How many replicas there may be; none, and nothing here is paid for. */
  servers: ServerRange;
  /** Path that answers 200 only while a replica and all that it needs are well. @example "/healthz" */
  healthPath: string;
  /** What a replica has to know; the client id of its identity is put in here. */
  siteDocument: pulumi.Input<Omit<SiteDocument, "identityClientId">>;
  /** Id of the workspace that keeps the log. */
  workspaceId: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/** Where a replica listens, without TLS, which ends before it. */
export const CONTAINER_PORT = 8080;

/** The one profile that is paid by what runs ("Workload profiles in Azure Container Apps"). */
const CONSUMPTION = "Consumption";

/** Requests at once for which there is another replica. */
const REQUESTS = "50";

const SITE = "site";

/**
 * The standby's web tier as containers: an environment in the standby's network and one app in it, of which only the
 * scale and the ingress change in a disaster. A replica finds its site document where a server does.
 */
export class ContainerTier extends pulumi.ComponentResource {
  /** The name at which the app answers, with a certificate for it. */
  readonly host: pulumi.Output<string>;
  /** Whom to give the rights that replicas need. */
  readonly identityPrincipalId: pulumi.Output<string>;

  constructor(name: string, args: ContainerTierArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:ContainerTier", name, {}, opts);
    const parent = { parent: this };
    const { resourceGroupName, resourceGroupId, tags } = args;

    const identity = new azure.managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      // Not the servers': whoever changes the tier has both for a moment.
      { resourceGroupName, resourceName: `${name}-replicas`, tags },
      parent,
    );
    const pull = grantCustomRole(
      `${name}-pull`,
      {
        description: "Pulls images of containers.",
        resourceGroupId,
        actions: ["Microsoft.ContainerRegistry/registries/pull/read"],
        // As the registry's writer has it: what is below the registry goes only with its lock.
        scope: resourceGroupId,
        principalId: identity.principalId,
      },
      this,
    );
    const environment = new azure.app.ManagedEnvironment(
      `${name}-environment`,
      {
        resourceGroupName,
        environmentName: name,
        vnetConfiguration: { infrastructureSubnetId: args.subnetId, internal: false },
        workloadProfiles: [{ name: CONSUMPTION, workloadProfileType: CONSUMPTION }],
        zoneRedundant: true,
        appLogsConfiguration: { destination: "azure-monitor" },
        tags,
      },
      parent,
    );
    diagnose(`${name}-logs`, "containers", environment.id, args.workspaceId, this);
    const app = new azure.app.ContainerApp(
      `${name}-app`,
      {
        resourceGroupName,
        containerAppName: name,
        environmentId: environment.id,
        workloadProfileName: CONSUMPTION,
        identity: {
          type: azure.app.ManagedServiceIdentityType.UserAssigned,
          userAssignedIdentities: [identity.id],
        },
        configuration: this.#configuration(args, identity),
        template: this.#template(args, identity),
        tags,
      },
      // Without the right it could not pull its image, and Azure would not make it.
      { parent: this, dependsOn: pull },
    );

    // Known also while the app has no ingress, and so no name of its own.
    this.host = pulumi.interpolate`${app.name}.${environment.defaultDomain}`;
    this.identityPrincipalId = identity.principalId;
    this.registerOutputs({ host: this.host });
  }

  #configuration(
    { registry, servers, siteDocument }: ContainerTierArgs,
    identity: azure.managedidentity.UserAssignedIdentity,
  ): azure.types.input.app.ConfigurationArgs {
    const document = pulumi
      .all([siteDocument, identity.clientId])
      .apply(([site, identityClientId]) => JSON.stringify({ ...site, identityClientId }));
    return {
      activeRevisionsMode: azure.app.ActiveRevisionsMode.Single,
      registries: [{ server: registry.loginServer, identity: identity.id }],
      // Nothing in it is secret; a secret is what a container app takes a file from.
      secrets: [{ name: SITE, value: document }],
      ...(containerScale(servers).reachable && {
        ingress: {
          external: true,
          allowInsecure: false,
          targetPort: CONTAINER_PORT,
          transport: azure.app.IngressTransportMethod.Auto,
          traffic: [{ latestRevision: true, weight: 100 }],
        },
      }),
    };
  }

  #template(
    { registry, image, servers, healthPath }: ContainerTierArgs,
    identity: azure.managedidentity.UserAssignedIdentity,
  ): azure.types.input.app.TemplateArgs {
    const { minReplicas, maxReplicas } = containerScale(servers);
    return {
      containers: [
        {
          name: "app",
          image: pulumi.interpolate`${registry.loginServer}/${image}`,
          resources: { cpu: 1, memory: "2Gi" },
          env: [{ name: "AZURE_CLIENT_ID", value: identity.clientId }],
          volumeMounts: [{ volumeName: SITE, mountPath: dirname(SITE_DOCUMENT_PATH) }],
          probes: [
            {
              type: azure.app.Type.Readiness,
              httpGet: { path: healthPath, port: CONTAINER_PORT, scheme: azure.app.Scheme.HTTP },
              periodSeconds: 5,
              failureThreshold: 2,
            },
          ],
        },
      ],
      volumes: [
        {
          name: SITE,
          storageType: azure.app.StorageType.Secret,
          secrets: [{ secretRef: SITE, path: basename(SITE_DOCUMENT_PATH) }],
        },
      ],
      scale: {
        minReplicas,
        maxReplicas,
        rules: [{ name: "requests", http: { metadata: { concurrentRequests: REQUESTS } } }],
      },
    };
  }
}
