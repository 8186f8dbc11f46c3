import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import { BreakGlassZone } from "./break-glass-zone.ts";
import { Budget } from "./budget.ts";
import type { ContainerRegistry } from "./container-registry.ts";
import type { ContainerTier } from "./container-tier.ts";
import { ContentReader } from "./content-reader.ts";
import { ContentWriter } from "./content-writer.ts";
import { controllerPlan } from "./controller-plan.ts";
import { Copies } from "./copies.ts";
import { Database } from "./database.ts";
import { DatabaseAlarms } from "./database-alarms.ts";
import { databaseSize } from "./database-size.ts";
import { DeclarationMarker } from "./declaration-marker.ts";
import { diagnose } from "./diagnose.ts";
import { DumpRetention } from "./dump-retention.ts";
import { FrontDoor } from "./front-door.ts";
import { Gallery } from "./gallery.ts";
import { ImageArrival } from "./image-arrival.ts";
import { KeyVault } from "./key-vault.ts";
import { Network } from "./network.ts";
import { Observability } from "./observability.ts";
import { SecretCopies } from "./secret-copies.ts";
import { SecretReader } from "./secret-reader.ts";
import { StandbyController } from "./standby-controller.ts";
import type { StandbyPlan } from "./standby-plan.ts";
import { standbyRegistry } from "./standby-registry.ts";
import type { StandbySiteArgs } from "./standby-site-args.ts";
import { standbyWeb } from "./standby-web.ts";
import type { WebTier } from "./web-tier.ts";

/**
 * The standby of a workload on Azure: the copies of its data at any time, and as much of a running site around them
 * as the plan says. Nothing in here knows the primary, so it comes up with all of AWS dead.
 */
export class StandbySite extends pulumi.ComponentResource {
  readonly resourceGroupName: pulumi.Output<string>;
  readonly resourceGroupId: pulumi.Output<string>;
  readonly network: Network;
  readonly copies: Record<"content" | "dumps" | "images", Copies>;
  readonly writer: ContentWriter;
  readonly dumpWriter: ContentWriter;
  readonly vault: KeyVault;
  readonly secrets: SecretCopies;
  /** There while the plan has one. */
  readonly database: Database | undefined;
  readonly gallery: Gallery;
  /** There while images of containers are copied. */
  readonly registry: ContainerRegistry | undefined;
  /** Who brings images of the primary's servers, and where they are seen booting; where they follow. */
  readonly images: ImageArrival | undefined;
  readonly web: WebTier | ContainerTier;
  readonly frontDoor: FrontDoor;
  readonly breakGlass: BreakGlassZone;
  readonly marker: DeclarationMarker;
  readonly controller: StandbyController;

  constructor(name: string, args: StandbySiteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:StandbySite", name, {}, opts);
    const parent = { parent: this };
    const { workload, plan, tags, protectData = true } = args;

    // Deleting a resource group deletes all that is in it, the copies too.
    const group = new azure.resources.ResourceGroup(
      `${name}-standby`,
      {
        resourceGroupName: `${workload}-standby`,
        tags: {
          ...tags,
          ...(args.strategy && { Strategy: args.strategy }),
          ...(args.lastDrill && { LastDrill: args.lastDrill }),
        },
      },
      { parent: this, protect: protectData, retainOnDelete: protectData },
    );
    const resourceGroupName = group.name;
    const placed = { resourceGroupName, workload, tags };
    const { workspaceId } = new Observability(
      `${name}-logs`,
      { resourceGroupName, retentionDays: args.logRetentionDays, tags },
      parent,
    );
    this.network = new Network(
      `${name}-network`,
      {
        resourceGroupName,
        cidr: args.cidr,
        primary: args.primary,
        outbound: plan.servers.max > 0,
        webTier: args.webTier,
        tags,
      },
      parent,
    );

    const copiesOf = (purpose: "content" | "dumps" | "images") => {
      const { retentionDays, immutability, tier } = args.copies;
      const copies = new Copies(
        `${name}-${purpose}`,
        { ...placed, purpose, retentionDays, immutability, tier, protectData },
        parent,
      );
      const blobs = pulumi.interpolate`${copies.accountId}/blobServices/default`;
      diagnose(`${name}-${purpose}-logs`, "blobs", blobs, workspaceId, this);
      return copies;
    };
    this.copies = { content: copiesOf("content"), dumps: copiesOf("dumps"), images: copiesOf("images") };
    const writerOf = (purpose: "content" | "dumps", label: string, fenced: boolean) => {
      const { containerId } = this.copies[purpose];
      const args = { resourceGroupName, resourceGroupId: group.id, containerId, fenced, tags };
      return new ContentWriter(`${name}-${label}-writer`, args, parent);
    };
    const { accountName, containerName: dumpsContainer } = this.copies.dumps;
    new DumpRetention(
      `${name}-dump-retention`,
      {
        ...{ resourceGroupName, accountName, containerName: dumpsContainer },
        ...{ days: args.copies.dumpDays, immutabilityDays: args.copies.immutability.days },
      },
      parent,
    );
    this.writer = writerOf("content", "content", plan.fenced.content);
    // Never fenced: each dump is a copy of its own, and what is restored the controller decides.
    this.dumpWriter = writerOf("dumps", "dump", false);
    const { tenantId } = this.writer;
    this.vault = new KeyVault(`${name}-vault`, { ...placed, tenantId, protectData }, parent);
    diagnose(`${name}-vault-logs`, "vault", this.vault.vaultId, workspaceId, this);
    const copied = { ...placed, resourceGroupId: group.id, tenantId, workspaceId, protectData };
    this.secrets = new SecretCopies(`${name}-secrets`, copied, parent);

    this.database = this.#database(name, args, resourceGroupName, this.vault);
    this.gallery = new Gallery(`${name}-gallery`, { ...placed, protectData }, parent);
    if (args.replicatesImages) {
      const { imageDefinitionId } = this.gallery;
      const arrival = { ...placed, resourceGroupId: group.id, disks: this.copies.images, imageDefinitionId };
      this.images = new ImageArrival(`${name}-images-arrival`, arrival, parent);
    }
    this.registry = standbyRegistry(`${name}-containers`, args, group, workspaceId, this);
    const { imageDefinitionId } = this.gallery;
    const parts = { group, workspaceId, imageDefinitionId, registry: this.registry, database: this.database };
    this.web = standbyWeb(
      `${name}-web`,
      args,
      { ...parts, content: this.copies.content, secrets: this.secrets, subnetId: this.network.subnetIds.app },
      this,
    );
    if (this.database) {
      const called = databaseName(name, plan);
      diagnose(`${called}-logs`, "database", this.database.serverId, workspaceId, this);
      new SecretReader(
        `${called}-reader`,
        {
          resourceGroupId: group.id,
          scope: this.database.secretResourceId,
          principalId: this.web.identityPrincipalId,
        },
        parent,
      );
    }
    new SecretReader(
      `${name}-secrets-reader`,
      { resourceGroupId: group.id, scope: this.secrets.vaultId, principalId: this.web.identityPrincipalId },
      parent,
    );
    const { containerId, containerName, blobEndpoint } = this.copies.content;
    new ContentReader(
      `${name}-content-reader`,
      { resourceGroupId: group.id, containerId, principalId: this.web.identityPrincipalId },
      parent,
    );
    this.frontDoor = new FrontDoor(
      `${name}-edge`,
      {
        ...placed,
        resourceGroupId: group.id,
        appHost: this.web.host,
        appKnowsItsHost: args.webTier === "containers",
        content: { blobEndpoint, containerName, containerId },
        domains: { app: args.appName, content: args.contentName },
      },
      parent,
    );
    diagnose(`${name}-edge-logs`, "frontDoor", this.frontDoor.profileId, workspaceId, this);
    const { appEndpointHost, contentEndpointHost, validationTokens } = this.frontDoor;
    this.breakGlass = new BreakGlassZone(
      `${name}-break-glass`,
      {
        resourceGroupName,
        domain: args.domain,
        names: {
          app: { name: args.appName, host: appEndpointHost, token: validationTokens.app },
          content: { name: args.contentName, host: contentEndpointHost, token: validationTokens.content },
        },
        protectData,
        tags,
      },
      parent,
    );

    this.marker = new DeclarationMarker(
      `${name}-marker`,
      { ...placed, markers: plan.markers, ...args.declared },
      parent,
    );
    this.controller = new StandbyController(
      `${name}-controller`,
      {
        ...placed,
        resourceGroupId: group.id,
        functionsSubnetId: this.network.subnetIds.functions,
        plan: controllerPlan(plan, this.database, this.vault.vaultUri, args.database.storageGib, args.database.givenUp),
        dumps: this.copies.dumps,
        website: this.marker,
        workspaceId,
      },
      parent,
    );
    if (this.database) {
      const { secretResourceId } = this.database;
      const { principalId } = this.controller;
      new SecretReader(
        `${databaseName(name, plan)}-controller-reader`,
        { resourceGroupId: group.id, scope: secretResourceId, principalId },
        parent,
      );
      new DatabaseAlarms(
        `${name}-database-alarms`,
        { resourceGroupName, workspaceId, plan: plan.database, alertEmail: args.alertEmail, tags },
        parent,
      );
    }
    new Budget(
      `${name}-cost`,
      { scope: group.id, amount: args.monthlyBudget, emails: args.alertEmail ? [args.alertEmail] : [] },
      parent,
    );

    this.resourceGroupName = resourceGroupName;
    this.resourceGroupId = group.id;
    this.registerOutputs({ resourceGroupName });
  }

  #database(
    name: string,
    args: StandbySiteArgs,
    resourceGroupName: pulumi.Output<string>,
    vault: KeyVault,
  ): Database | undefined {
    const { database, plan, workload, protectData, tags } = args;
    if (plan.database.state === "absent") return undefined;
    return new Database(
      databaseName(name, plan),
      {
        resourceGroupName,
        subnetId: this.network.subnetIds.data,
        privateZoneId: this.network.databaseZoneId,
        vaultName: vault.vaultName,
        workload,
        size: databaseSize(plan.database.size === "full" ? database.fullSize : database.reducedSize),
        storageGib: database.storageGib,
        highAvailability: plan.database.highAvailability,
        keeping: plan.database.keeping,
        backupRetentionDays: database.backupDays,
        password: database.password,
        databaseName: database.name,
        protectData,
        tags,
      },
      { parent: this },
    );
  }
}

/** A drill's database has another name than a disaster's, which must never become disposable. */
function databaseName(site: string, { database }: StandbyPlan): string {
  return database.keeping === "disposable" ? `${site}-drill-database` : `${site}-database`;
}
