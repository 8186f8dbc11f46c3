import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Site, Weights } from "./weights.ts";

export interface FailoverNameArgs {
  /** Id of the hosted zone. */
  zoneId: pulumi.Input<string>;
  /** Full name that users resolve. @example "content.shop.example.com" */
  recordName: pulumi.Input<string>;
  /** Host name at which each site answers. */
  hosts: Record<Site, pulumi.Input<string>>;
  /** Share of the answers that each site gets. */
  weights: pulumi.Input<Weights>;
  /** Time to live of both records in seconds, 30 to 60. */
  ttlSeconds: number;
}

/**
 * One name with a record for each site. Both stand from the first day and only their weights change:
 * Route 53 cannot turn a plain record into a weighted one in place.
 */
export class FailoverName extends pulumi.ComponentResource {
  constructor(name: string, args: FailoverNameArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:traffic:FailoverName", name, {}, opts);
    for (const site of ["primary", "standby"] as const) {
      new aws.route53.Record(
        `${name}-${site}`,
        {
          zoneId: args.zoneId,
          name: args.recordName,
          type: "CNAME",
          ttl: args.ttlSeconds,
          records: [args.hosts[site]],
          setIdentifier: site,
          weightedRoutingPolicies: [{ weight: pulumi.output(args.weights).apply((weights) => weights[site]) }],
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
