/** How far a number can be trusted: Microsoft's own word, somebody's measurement, or, where neither was found, a guess on the safe side. */
export type Evidence = "published" | "reported" | "assumed";

/** How long an operation of Azure's takes. */
export interface ServiceTime {
  /** The operation, for people. */
  what: string;
  /** What the rehearsal counts with: the slow end of what is known. */
  seconds: number;
  evidence: Evidence;
  /** The page by its title, or who measured what. */
  source: string;
  /** Whether operations of the local Azure take that long, where it has a clock. */
  applied: boolean;
}

/**
 * What Azure's operations take, as far as a failover waits for them, or should not. Azure promises none of these; a
 * region under load, as in an outage of a whole cloud, may take longer.
 */
export const SERVICE_TIMES = {
  machineBoot: {
    what: "A machine of a scale set, from the request until its app is started",
    seconds: 130,
    evidence: "reported",
    source:
      "logs of Terraform in public repositories: a Linux scale set was complete after 1 min 13 s and after 2 min 10 s",
    applied: true,
  },
  containerStart: {
    what: "A replica of a container app, from none until it answers",
    seconds: 42,
    evidence: "reported",
    source:
      "Scale-to-Zero First Request 503/Timeout (azure-paas-troubleshooting-labs): 21 to 42 s in five cold starts of a " +
      "small image",
    applied: true,
  },
  databaseStart: {
    what: "MySQL Flexible Server, start of a stopped server",
    seconds: 120,
    evidence: "reported",
    source: "the instructions of a public project that starts its server every day: 1 to 2 min",
    applied: true,
  },
  databaseStop: {
    what: "MySQL Flexible Server, stop",
    seconds: 120,
    evidence: "assumed",
    source: "nothing found; as long as a start",
    applied: true,
  },
  databaseScaling: {
    what: "MySQL Flexible Server, restart with another compute size",
    seconds: 120,
    evidence: "published",
    source: "Azure Database for MySQL - Flexible Server service tiers, Scale resources: in most cases 60 to 120 s",
    applied: true,
  },
  databaseCreation: {
    what: "MySQL Flexible Server, creation without high availability",
    seconds: 375,
    evidence: "reported",
    source:
      "logs of Terraform in public repositories: 3 min 5 s, 6 min 15 s and 6 min 15 s; with a zone-redundant standby " +
      "16 min (hashicorp/terraform-provider-azurerm, issue 15322)",
    applied: true,
  },
  functionAppRestart: {
    what: "A function app of the Flex Consumption plan, from a change of its settings until it runs",
    seconds: 31,
    evidence: "reported",
    source:
      "Lab Guide: Cold Start on Azure Functions (azure-functions-practical-guide): 3.2 s after a restart, 30.5 s where " +
      "a new worker was needed",
    applied: true,
  },
  gatewayCreation: {
    what: "A VPN gateway, creation",
    seconds: 2700,
    evidence: "published",
    source: "How to connect AWS and Azure using a BGP-enabled VPN gateway: 45 min or more",
    applied: false,
  },
  blobWrite: {
    what: "A small blob, from the write until whoever asks sees it",
    seconds: 1,
    evidence: "assumed",
    source: "no figure found; writes are visible once they are answered, and a small one is answered in well under 1 s",
    applied: false,
  },
  roleAssignment: {
    what: "A role assignment, until it is in force, or out of it",
    seconds: 600,
    evidence: "published",
    source: "Troubleshoot Azure RBAC, Symptom - Role assignment changes are not being detected: up to 10 min",
    applied: false,
  },
  frontDoorChange: {
    what: "A change of Front Door's configuration, until every edge has it",
    seconds: 600,
    evidence: "published",
    source: "Troubleshoot file compression in Azure Front Door: up to 10 min; rule sets under 20 min (its FAQ)",
    applied: false,
  },
} as const satisfies Record<string, ServiceTime>;

export type ServiceTimeName = keyof typeof SERVICE_TIMES;

/** The table for people, in Markdown. */
export function serviceTimesTable(): string {
  const rows = Object.values(SERVICE_TIMES).map(
    ({ what, seconds, evidence, source, applied }) =>
      `| ${what} | ${seconds} s | ${evidence}: ${source} | ${applied ? "yes" : "no"} |`,
  );
  return [
    "| Operation | Counted with | Known from | Waited for here |",
    "| --- | ---: | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
