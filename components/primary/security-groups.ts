import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { type AccessRule, accessRules, GROUPS, type Group } from "./access-rules.ts";

export interface SecurityGroupsArgs {
  /** The VPC that the groups are of. */
  vpcId: pulumi.Input<string>;
  /** TCP port on which the servers listen. @example 8080 */
  appPort: number;
  /**
   * TCP port on which the database listens.
   * @default 3306
   */
  databasePort?: number;
  /** Tags of every resource. */
  tags: Tags;
}

/** Logical name, and description: EC2 cannot change one, so a new word here is a new group. */
const NAMES: Record<Group, [name: string, description: string]> = {
  loadBalancer: ["load-balancer", "Load balancer of the site"],
  servers: ["servers", "Servers of the site"],
  database: ["database", "Database of the site"],
};

/**
 * Who may speak with whom at the primary site. Every rule is a resource of its own, so that whoever joins later, such
 * as the standby's network over the VPN, adds one without a change here.
 */
export class SecurityGroups extends pulumi.ComponentResource {
  readonly ids: Record<Group, pulumi.Output<string>>;

  constructor(name: string, args: SecurityGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:primary:SecurityGroups", name, {}, opts);
    const { vpcId, tags } = args;

    const group = (kind: Group) => {
      const [suffix, description] = NAMES[kind];
      const tagged = { ...tags, Name: `${name}-${suffix}` };
      return new aws.ec2.SecurityGroup(`${name}-${suffix}`, { vpcId, description, tags: tagged }, { parent: this }).id;
    };
    this.ids = Object.fromEntries(GROUPS.map((kind) => [kind, group(kind)])) as Record<Group, pulumi.Output<string>>;

    for (const rule of accessRules(args.appPort, args.databasePort ?? 3306)) this.#let(name, rule, tags);
    this.registerOutputs({ ids: this.ids });
  }

  #let(name: string, { name: suffix, of, direction, peer, port, description }: AccessRule, tags: Tags): void {
    const Rule = direction === "in" ? aws.vpc.SecurityGroupIngressRule : aws.vpc.SecurityGroupEgressRule;
    new Rule(
      `${name}-${suffix}`,
      {
        securityGroupId: this.ids[of],
        ...(peer === "internet" ? { cidrIpv4: "0.0.0.0/0" } : { referencedSecurityGroupId: this.ids[peer] }),
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        description,
        tags: { ...tags, Name: `${name}-${suffix}` },
      },
      { parent: this },
    );
  }
}
