import type { PlanDocument, PlannedDatabase } from "../../lambdas/standby/plan-document.ts";

export const SERVER_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.DBforMySQL/flexibleServers/shop";

export type Planned = PlannedDatabase;

/** What a plan says of its server where a test does not care. */
export const ORDINARY: Planned = {
  serverId: SERVER_ID,
  host: "shop.mysql.database.azure.com",
  port: 3306,
  secretId: "https://shop.vault.azure.net/secrets/shop",
  target: "running",
  follows: "nobody",
  restore: false,
  own: false,
};

/** A plan for one server. */
export function planned(changes: Partial<Planned> = {}): PlanDocument {
  return { version: 2, database: { ...ORDINARY, ...changes } };
}
