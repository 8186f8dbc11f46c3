import type { PlanDocument } from "./plan-document.ts";

/** The database server as Azure shows it; undefined where there is none. */
export interface SeenServer {
  /** `Ready`, `Stopped`, or something on the way or amiss. */
  state: string;
  /** `None`, `Source` or `Replica`. */
  replicationRole: string;
}

/** What the controller sees of the standby. */
export interface Reality {
  server?: SeenServer;
}

/** What the controller does to the server. */
export type Action = "start" | "stop";

/**
 * What comes next. `none`: plan and reality agree. `wait`: something is under way already. `wait-for-dump`: all
 * is ready, except that the data has to be loaded. `blocked`: Azure will not get there by itself.
 */
export type Step =
  | { kind: "none" }
  | { kind: Action; serverId: string }
  | { kind: "wait"; reason: string }
  | { kind: "wait-for-dump" }
  | { kind: "blocked"; reason: string };

/** States from which a server does not come back by itself ("Servers - Get", ServerState). */
const DEAD_ENDS = ["Disabled", "Dropping"];

/**
 * Decides the one next step from reality towards the plan. It looks at nothing else, so it does not matter
 * what earlier runs did, or how far they came.
 */
export function nextStep({ database }: PlanDocument, { server }: Reality): Step {
  // A server that the plan does not speak of is not the controller's.
  if (!database) return { kind: "none" };
  if (!server) return { kind: "blocked", reason: `expected the server ${database.serverId}, found none` };
  if (DEAD_ENDS.includes(server.state)) return { kind: "blocked", reason: `the server is ${server.state}` };
  const { serverId, target, restore } = database;
  if (server.state === "Stopped") return target === "stopped" ? { kind: "none" } : { kind: "start", serverId };
  // Starting, Stopping, Updating, and whatever else Azure may call it: one operation at a time.
  if (server.state !== "Ready") return { kind: "wait", reason: `the server is ${server.state}` };

  if (target === "stopped") return stop(serverId, server.replicationRole);
  // Running and promoted are the same to Azure. Replication from the primary is set up inside MySQL, where Azure sees
  // nothing of it; whoever does that stops it too.
  return { kind: restore ? "wait-for-dump" : "none" };
}

/** Azure stops no server of a replica configuration, source or replica ("Limitations", Stop/start operations). */
function stop(serverId: string, replicationRole: string): Step {
  if (replicationRole === "None") return { kind: "stop", serverId };
  const reason = `the server is a ${replicationRole}, and Azure stops none of a replica configuration: dissolve that first`;
  return { kind: "blocked", reason };
}
