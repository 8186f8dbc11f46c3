/** Who is let through to whom, from the outside in. */
export const GROUPS = ["loadBalancer", "servers", "database"] as const;
export type Group = (typeof GROUPS)[number];

/** One thing that a security group lets through; whatever no rule names is refused. */
export interface AccessRule {
  /** Ends the rule's name. */
  name: string;
  /** The group that lets it through. */
  of: Group;
  direction: "in" | "out";
  peer: Group | "internet";
  /** TCP port. */
  port: number;
  /** What for; in the letters that EC2 takes ("Security group rules"). */
  description: string;
}

/**
 * The way of a request, and nothing beside it: users to the load balancer, that to the servers, those to the database.
 *
 * The servers also speak HTTPS with the internet: AWS's services, system packages, whatever the app calls. Name
 * lookups, time and instance metadata need no rule: security groups do not see them. The database answers, and begins
 * nothing.
 *
 * @param appPort port on which the servers listen
 * @param databasePort port on which the database listens
 */
export function accessRules(appPort: number, databasePort: number): AccessRule[] {
  return [
    rule("load-balancer-https", "loadBalancer", "in", "internet", 443, "Users"),
    rule("load-balancer-http", "loadBalancer", "in", "internet", 80, "Users without TLS, who are sent to HTTPS"),
    rule("load-balancer-to-servers", "loadBalancer", "out", "servers", appPort, "Requests and health checks"),
    rule("servers-from-load-balancer", "servers", "in", "loadBalancer", appPort, "Requests and health checks"),
    rule("servers-to-database", "servers", "out", "database", databasePort, "Queries"),
    rule("servers-to-internet", "servers", "out", "internet", 443, "AWS services, packages, partners"),
    rule("database-from-servers", "database", "in", "servers", databasePort, "Queries"),
  ];
}

function rule(
  name: string,
  of: Group,
  direction: "in" | "out",
  peer: Group | "internet",
  port: number,
  description: string,
): AccessRule {
  return { name, of, direction, peer, port, description };
}
