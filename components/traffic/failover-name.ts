import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Switch } from "../standby/disaster.ts";
import type { Tags } from "../tags.ts";
import { type CheckedBy, checksFor, type EndpointCheck, type FailoverMode, type Guard } from "./check-plan.ts";
import { fileOf } from "./endpoint.ts";
import type { Settle } from "./settled.ts";
import type { Site, Weights } from "./weights.ts";

export interface FailoverNameArgs {
  /** Id of the hosted zone. */
  zoneId: pulumi.Input<string>;
  /** Full name that users resolve. @example "content.shop.example.com" */
  recordName: pulumi.Input<string>;
  /** With which declaration the name moves. @example "content" */
  moves: Switch;
  /** Host name at which each site answers. */
  hosts: Record<Site, pulumi.Input<string>>;
  /** Path at which the app says over HTTPS whether a site is well; for the name that moves with `site`. @default "/" */
  healthPaths?: Record<Site, pulumi.Input<string>>;
  /**
   * Websites on which a disaster is declared, dr's own first: one, or three with different owners, of which two must
   * agree. @example ["https://shopmarker.z1.web.core.windows.net/"]
   */
  markers: pulumi.Input<string>[];
  /** Whether the app's health moves its users too. @example "manual" */
  mode: FailoverMode;
  /** Share of the answers that each site gets. */
  weights: pulumi.Input<Weights>;
  /** Time to live of both records in seconds, 30 to 60. */
  ttlSeconds: number;
  /** Waits until a new health check is heard of: no record has it before. */
  settle: Settle;
  /** Tags of every health check. */
  tags: Tags;
}

/** A check that looks elsewhere is another check: it has found nothing there yet, and must not count before it has. */
const ELSEWHERE = ["fqdn", "port", "resourcePath", "searchString"];

/**
 * One name with a record for each site, and the health checks that say which is answered. Both stand from the first
 * day and only their weights change: Route 53 cannot turn a plain record into a weighted one in place.
 *
 * The weight alone decides nothing: Route 53 passes over an unhealthy record, and answers with one of weight 0 when no
 * other is healthy. With both unhealthy it answers as if both were healthy, so that a cold standby is never served.
 */
export class FailoverName extends pulumi.ComponentResource {
  /** Ids of the health checks: those of both records by their site, the others by their label. */
  readonly checkIds: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: FailoverNameArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:traffic:FailoverName", name, {}, opts);
    const markers = args.markers.length as CheckedBy["markers"];
    const { checks, guards } = checksFor(args.moves, { mode: args.mode, markers });

    const looks = Object.fromEntries(checks.map((check) => [check.label, this.#look(name, check, args).id]));
    const primary = this.#guard(`${name}-primary`, guards.primary, looks, args);
    const standby = this.#guard(`${name}-standby`, guards.standby, looks, args);

    const first = this.#record(`${name}-primary`, "primary", primary.id, args);
    // A record of weight 0 that stands alone is answered all the same.
    this.#record(`${name}-standby`, "standby", standby.id, args, [first]);

    this.checkIds = { ...looks, primary: primary.id, standby: standby.id };
    this.registerOutputs({ checkIds: this.checkIds });
  }

  #look(name: string, { label, place, file, ...settings }: EndpointCheck, args: FailoverNameArgs) {
    return new aws.route53.HealthCheck(
      `${name}-${label}`,
      {
        ...settings,
        ...("marker" in place ? markerAt(args.markers[place.marker], file) : siteAt(place.site, settings.type, args)),
        measureLatency: false,
        tags: { ...args.tags, Name: `${name}-${label}` },
      },
      { parent: this, replaceOnChanges: ELSEWHERE },
    );
  }

  /** The check of a record; what it counts can be replaced without the record. */
  #guard(
    name: string,
    { children, threshold }: Guard,
    looks: Record<string, pulumi.Output<string>>,
    args: FailoverNameArgs,
  ) {
    return new aws.route53.HealthCheck(
      `${name}-guard`,
      {
        type: "CALCULATED",
        childHealthchecks: children.map((label) => pulumi.output(looks[label] ?? "").apply(args.settle)),
        childHealthThreshold: threshold,
        tags: { ...args.tags, Name: name },
      },
      { parent: this },
    );
  }

  #record(
    name: string,
    site: Site,
    healthCheckId: pulumi.Input<string>,
    args: FailoverNameArgs,
    dependsOn: pulumi.Resource[] = [],
  ) {
    return new aws.route53.Record(
      name,
      {
        zoneId: args.zoneId,
        name: args.recordName,
        type: "CNAME",
        ttl: args.ttlSeconds,
        records: [args.hosts[site]],
        setIdentifier: site,
        weightedRoutingPolicies: [{ weight: pulumi.output(args.weights).apply((weights) => weights[site]) }],
        healthCheckId,
      },
      { parent: this, dependsOn },
    );
  }
}

function markerAt(website: pulumi.Input<string> = "", file = "") {
  const endpoint = pulumi.output(website).apply((address) => fileOf(address, file));
  return { fqdn: endpoint.fqdn, port: endpoint.port, resourcePath: endpoint.resourcePath };
}

function siteAt(site: Site, type: EndpointCheck["type"], { hosts, healthPaths }: FailoverNameArgs) {
  const resourcePath = type === "TCP" ? undefined : (healthPaths?.[site] ?? "/");
  return { fqdn: hosts[site], port: 443, resourcePath };
}
