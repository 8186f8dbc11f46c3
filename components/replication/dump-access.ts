import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";

export interface DumpAccessArgs {
  /** The VPC of the database. */
  vpcId: pulumi.Input<string>;
  /** The database's own group, which its replicas take over, and the port behind it. */
  databaseSecurityGroupId: pulumi.Input<string>;
  databasePort: pulumi.Input<number>;
  tags: Tags;
}

/**
 * Registers the group of the functions that dump: they speak with the database and its replicas, and over HTTPS with
 * the services that keep secrets and dumps. Nobody speaks with them.
 */
export function dumpAccess(name: string, args: DumpAccessArgs, parent: pulumi.Resource): aws.ec2.SecurityGroup {
  const { databaseSecurityGroupId, databasePort, tags } = args;
  const named = (suffix: string) => ({ ...tags, Name: `${name}-${suffix}` });
  const group = new aws.ec2.SecurityGroup(
    `${name}-group`,
    { vpcId: args.vpcId, description: "Functions that dump the database", tags: named("group") },
    // Lambda takes its addresses in the network back in its own time.
    { parent, customTimeouts: { delete: "45m" } },
  );
  const database = { ipProtocol: "tcp", fromPort: databasePort, toPort: databasePort, description: "Dumps" };
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-to-database`,
    {
      securityGroupId: group.id,
      referencedSecurityGroupId: databaseSecurityGroupId,
      ...database,
      tags: named("to-database"),
    },
    { parent },
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-from-functions`,
    {
      securityGroupId: databaseSecurityGroupId,
      referencedSecurityGroupId: group.id,
      ...database,
      tags: named("from-functions"),
    },
    { parent },
  );
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-to-services`,
    {
      securityGroupId: group.id,
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      description: "AWS services",
      tags: named("to-services"),
    },
    { parent },
  );
  return group;
}
