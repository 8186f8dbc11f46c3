import type { StandbyPlan } from "../../components/standby/standby-plan.ts";

/** What a change of the standby's plan may do to a workload's resources, by logical name. */
export interface PlannedChanges {
  create: string[];
  delete: string[];
  /** Changed in place, or written anew where Azure knows no other way; never what holds data. */
  change: string[];
}

/** The resources of a database, which come and go together. */
const DATABASE = [
  ...["suffix", "password", "secret", "server", "database", "logs"],
  ...["require-secure-transport", "sql-generate-invisible-primary-key", "log-bin-trust-function-creators"],
  ...["max-allowed-packet", "local-infile", "event-scheduler", "time-zone"],
  ...["reader-role-id", "reader-role", "reader-assignment-id", "reader-assignment"],
  ...["role-id", "role", "assignment-id", "assignment"].map((part) => `controller-reader-${part}`),
];

/** They come with a database, and are called alike whichever it is. */
const ALARMS = [
  ...[
    "people",
    "controller-silent",
    "controller-failed",
    "load-failed",
    "stale-dump",
    "lag-60",
    "lag-300",
    "follows-not",
  ],
].map((part) => `database-alarms-${part}`);

const NAT = ["network-nat", "network-nat-address"];
const WRITERS_RIGHT = ["content-writer-assignment", "content-writer-assignment-id"];

/** What the database is called: a drill's has another name than a disaster's. */
function databaseIn({ state, keeping }: StandbyPlan["database"]): string | undefined {
  if (state === "absent") return undefined;
  return keeping === "disposable" ? "drill-database" : "database";
}

/** All that may happen to a workload when its plan changes, written down by hand: the plan's meaning in resources. */
export function plannedChanges(workload: string, was: StandbyPlan, is: StandbyPlan): PlannedChanges {
  const there = ({ database, servers, fenced, markers }: StandbyPlan) => [
    ...(database.state === "absent" ? [] : DATABASE.map((part) => `${databaseIn(database)}-${part}`)),
    ...(database.state === "absent" ? [] : ALARMS),
    ...(servers.max > 0 ? NAT : []),
    ...(fenced.content ? [] : WRITERS_RIGHT),
    ...markers.map((marker) => `marker-${marker}`),
  ];
  const capacity = was.servers.min !== is.servers.min;
  const appears = databaseIn(was.database) !== databaseIn(is.database);
  const behaves =
    appears ||
    was.database.state !== is.database.state ||
    was.database.own !== is.database.own ||
    was.database.handsBack !== is.database.handsBack ||
    was.restoreDatabase !== is.restoreDatabase ||
    // What is declared, the controller says of it when it is ready.
    was.serves.join() !== is.serves.join();
  const outbound = was.servers.max > 0 !== is.servers.max > 0;
  const change = [
    ...(capacity || appears ? ["web-servers"] : []),
    ...(capacity ? ["web-autoscale"] : []),
    ...(outbound ? ["network-vnet", "web-balancer"] : []),
    // A marker says what is declared, and so changes with it.
    ...(was.markers.join() === is.markers.join()
      ? []
      : was.markers.filter((marker) => is.markers.includes(marker)).map((marker) => `marker-${marker}`)),
    ...(was.fenced.content !== is.fenced.content ? ["content-writer-role"] : []),
    ...(was.database.size !== is.database.size && !appears ? ["database-server"] : []),
    ...(behaves ? ["controller-plan", "controller-app-settings"] : []),
  ];
  const named = (names: string[]) => names.map((name) => `${workload}-${name}`).sort();
  return {
    create: named(there(is).filter((name) => !there(was).includes(name))),
    delete: named(there(was).filter((name) => !there(is).includes(name))),
    change: named(change),
  };
}
