/** Who and what a resource is for; every resource that can carry tags carries these. */
export interface Tags {
  /** Which job the resource does in the whole: `primary`, `standby`, `replication`, `vpn` or `traffic`. */
  Purpose: string;
  /** @example "production" */
  Environment: string;
  /** @example "shop" */
  Workload: string;
  /** Team or mailbox that answers for it. */
  Owner: string;
  /** More of the user's own are welcome. */
  [key: string]: string;
}
