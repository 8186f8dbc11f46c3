import { azure, cancelsSubscription, groupOf, liftedLocks } from "./azure-ways.ts";
import { type Estate, isIn } from "./estate.ts";
import type { Copy, Way } from "./model.ts";

/** The standby's database, where the plan has one; its backups go with it. */
export function standbyDatabaseCopies(estate: Estate): Copy[] {
  const servers = estate.ofType("azure-native:dbformysql:Server").filter((server) => isIn(server, "standby:Database"));
  return servers.map((server) => {
    const scope = estate.placeOf(server, "Microsoft.DBforMySQL/flexibleServers", "serverName");
    const locks = liftedLocks(estate, server, scope);
    const subscription = estate.subscriptionOf(server);
    const gone: Pick<Way, "cause" | "days" | "mend"> = {
      cause: "delete-database",
      days: 0,
      mend: "count on the dumps instead: who deploys the standby has to be able to replace its server",
    };
    return {
      id: server.urn,
      stack: server.stack,
      name: server.name,
      kind: "Azure MySQL server, with its backups",
      cloud: "azure",
      place: subscription,
      holds: [`${estate.workloadOf(server)} database`],
      lock: locks.length > 0 ? "a lock, which whoever may change it takes off" : "none",
      ways: [
        {
          ...gone,
          what: "delete the server (flexibleServers/delete)",
          steps: [azure("Microsoft.DBforMySQL/flexibleServers/delete", scope), ...locks],
        },
        {
          ...gone,
          what: "delete its resource group",
          steps: [azure("Microsoft.Resources/subscriptions/resourceGroups/delete", groupOf(scope)), ...locks],
        },
        cancelsSubscription(subscription),
      ],
      starves: [],
    };
  });
}
