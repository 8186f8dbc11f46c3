import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";

export interface PrivateZoneArgs {
  /** The name that is in it; the zone is all that follows its first part. @example "database.shop.internal" */
  recordName: string;
  /** Id of the VPC whose servers find the name. */
  vpcId: pulumi.Input<string>;
  /** Region of that VPC. @example "eu-west-1" */
  vpcRegion: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/** A zone that one VPC alone sees. */
export class PrivateZone extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;

  constructor(name: string, args: PrivateZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:traffic:PrivateZone", name, {}, opts);
    const zone = new aws.route53.Zone(
      `${name}-zone`,
      {
        name: zoneOf(args.recordName),
        comment: "Names that move between the sites",
        vpcs: [{ vpcId: args.vpcId, vpcRegion: args.vpcRegion }],
        tags: args.tags,
      },
      { parent: this },
    );
    this.zoneId = zone.zoneId;
    this.registerOutputs({ zoneId: this.zoneId });
  }
}

/** All that follows a name's first part: at its own name, a zone takes no CNAME. */
function zoneOf(recordName: string): string {
  return recordName.slice(recordName.indexOf(".") + 1);
}
