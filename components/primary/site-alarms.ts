import type { AlarmRule } from "../metric-alarm.ts";

const GIB = 1024 ** 3;

/** Errors in a minute that are more than bad luck. */
const ERRORS_PER_MINUTE = 10;

/** The load balancer counts a kind of error only in a minute that has one ("CloudWatch metrics for your Application Load Balancer"). */
const ERRORS = {
  namespace: "AWS/ApplicationELB",
  statistic: "Sum",
  rings: "above",
  threshold: ERRORS_PER_MINUTE,
  periodSeconds: 60,
  periods: 3,
  silenceIs: "well",
} as const;

/** What the users are answered. */
export const ERROR_RULES: readonly AlarmRule[] = [
  {
    ...ERRORS,
    name: "balancer-errors",
    description: "The load balancer answers 5xx by itself: no server is well, or none answers in time.",
    metric: "HTTPCode_ELB_5XX_Count",
  },
  {
    ...ERRORS,
    name: "server-errors",
    description: "The servers answer 5xx: see the app's log and the database.",
    metric: "HTTPCode_Target_5XX_Count",
  },
];

/** A server that starts is not counted, so five minutes of it is one that is ill; silence is a site without servers. */
export const UNHEALTHY_SERVERS_RULE: AlarmRule = {
  name: "unhealthy-servers",
  description: "A server fails its health check, or there is none: see the health path, the app, and what it needs.",
  namespace: "AWS/ApplicationELB",
  metric: "UnHealthyHostCount",
  statistic: "Maximum",
  rings: "above",
  threshold: 0,
  periodSeconds: 60,
  periods: 5,
  silenceIs: "ill",
};

/** A database measures itself every minute; one that tells nothing is not well. */
const DATABASE = { namespace: "AWS/RDS", periodSeconds: 300, periods: 3, silenceIs: "ill" } as const;

/**
 * What the database needs to go on.
 *
 * RDS enlarges the storage when less than a tenth is free ("Managing capacity automatically with Amazon RDS
 * storage autoscaling"): half of that is left only when it may not, or cannot keep up.
 *
 * @param storageGib storage that the database began with, in GiB
 */
export function databaseRules(storageGib: number): AlarmRule[] {
  return [
    {
      ...DATABASE,
      name: "database-storage",
      description: "The database runs out of storage, and stops when it has none: raise its most storage.",
      metric: "FreeStorageSpace",
      statistic: "Minimum",
      rings: "below",
      threshold: (storageGib * GIB) / 20,
    },
    {
      ...DATABASE,
      name: "database-cpu",
      description: "The database has been busy to the brim for a quarter of an hour: see its slow queries.",
      metric: "CPUUtilization",
      statistic: "Average",
      rings: "above",
      threshold: 90,
    },
  ];
}

/** What of a read replica must not happen; the number is -1 while it does not replicate ("Monitoring read replication"). */
export const REPLICA_RULES: readonly AlarmRule[] = [
  {
    ...DATABASE,
    name: "replica-lag",
    description: "The replica is five minutes behind: what the standby is fed from it is old.",
    metric: "ReplicaLag",
    statistic: "Maximum",
    rings: "above",
    threshold: 300,
  },
  {
    ...DATABASE,
    name: "replica-stopped",
    description: "The replica has stopped to replicate: see SHOW REPLICA STATUS.",
    metric: "ReplicaLag",
    statistic: "Minimum",
    rings: "below",
    threshold: 0,
  },
];
