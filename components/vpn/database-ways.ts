import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import type { Direction } from "./vpn-plan.ts";

export interface DatabaseWaysArgs {
  /** Who speaks with whose database. */
  directions: readonly Direction[];
  /** Group of the primary's servers. */
  serverSecurityGroupId: pulumi.Input<string>;
  /** Group of the primary's database. */
  databaseSecurityGroupId: pulumi.Input<string>;
  /** The port of both databases. */
  databasePort: pulumi.Input<number>;
  /** Range of the standby's database servers. @example "10.32.64.0/20" */
  standbyDatabases: string;
  /** Range of the standby's controller, which has a database follow and, once one is lost, follow no more. @example "10.32.80.0/20" */
  standbyController: string;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * Who may speak with whom between the sites, as far as the primary's rules say it: with databases, at their port, and
 * nothing else. It knows nothing of the way between them. The standby's own rules stand in `dr`.
 */
export class DatabaseWays extends pulumi.ComponentResource {
  constructor(name: string, args: DatabaseWaysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:vpn:DatabaseWays", name, {}, opts);
    const { directions, databasePort: port } = args;
    const rule = (suffix: string, cidrIpv4: string, description: string) => ({
      cidrIpv4,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description,
      tags: { ...args.tags, Name: `${name}-${suffix}` },
    });
    if (directions.includes("servers-to-standby")) {
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-servers-to-standby`,
        {
          securityGroupId: args.serverSecurityGroupId,
          ...rule("servers-to-standby", args.standbyDatabases, "Queries, of the standby"),
        },
        { parent: this },
      );
    }
    if (directions.includes("standby-to-primary")) {
      const followers = { "standby-database": args.standbyDatabases, "standby-controller": args.standbyController };
      for (const [follower, range] of Object.entries(followers)) {
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-${follower}-to-primary`,
          {
            securityGroupId: args.databaseSecurityGroupId,
            ...rule(`${follower}-to-primary`, range, "Replication, to the standby"),
          },
          { parent: this },
        );
      }
    }
    this.registerOutputs({});
  }
}
