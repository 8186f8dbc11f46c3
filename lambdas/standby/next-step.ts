import { dumpToLoad, type Request } from "./dump-to-load.ts";
import type { Preparation } from "./follower-preparation.ts";
import { type HandBackStep, handBackStep, releaseStep, type SeenCopy, type SeenRelease } from "./hand-back.ts";
import type { Tenure } from "./notes.ts";
import type { PlanDocument, PlannedDatabase } from "./plan-document.ts";

/** The database server as Azure shows it; undefined where there is none. */
export interface SeenServer {
  /** `Ready`, `Stopped`, or something on the way or amiss. */
  state: string;
  /** `None`, `Source` or `Replica`. */
  replicationRole: string;
}

/** What is in the server. */
export interface SeenData {
  /** Id of the dump that was loaded last; absent when none was. */
  loaded?: string;
  /** When that was done. */
  loadedAt?: string;
  /** Id of the newer dump whose accounts it has; absent where they are those of the loaded one. */
  accounts?: string;
  /** A load that has begun and not ended. */
  begun?: {
    dump: string;
    /** Whether its copy is just taking the former one's place: from there it can only go on. */
    swapping: boolean;
  };
  /** Whose what was written to it since is; absent when nobody may have written. */
  tenure?: Tenure;
  /** Whether it may be written to and is still to be promoted: a load has noted the tenure. */
  unpromoted?: boolean;
  /** Whether a drill's writes are among its own. */
  drilled?: boolean;
  /** `requestedAt` of the operator's request that was carried out last. */
  restored?: string;
  /** Id of the copy that is made of its own writes; absent while it takes writes. */
  paused?: string;
  /** Whether a schema takes writes all the same. */
  open?: boolean;
  /** Id of a dump of the moment at which it was released: only newer ones are newer than what is here. */
  released?: string;
  /** How it follows the primary; absent where it does not. */
  replication?: SeenReplication;
  /** What Azure has to do before it can follow; absent when that is all done. */
  preparation?: Preparation;
}

/** How the server follows the primary. */
export interface SeenReplication {
  /** `stopped`: somebody stopped it. `broken`: it goes on no more by itself. */
  state: "following" | "connecting" | "stopped" | "broken";
  /** Seconds that it is behind; absent before the primary's first sign of life. */
  lagSeconds?: number;
  lastError?: string;
}

/** What the controller sees of the standby. */
export interface Reality {
  server?: SeenServer;
  /** As the server tells while it is ready; as it was when it last was, while it is not. */
  data?: SeenData;
  /** Id of the newest complete dump that was not set aside. */
  newest?: string;
  /** What an operator wants to be loaded, while that holds. */
  request?: Request;
  /** The whole copy of a server that takes no more writes. */
  copy?: SeenCopy;
  /** What an operator says that the primary holds. */
  release?: SeenRelease;
  /** Whether `link` has written how the primary is reached. */
  primaryKnown?: boolean;
  /** What people should know besides. */
  notice?: string;
}

/** What the controller has Azure do to the server. */
export type Action = "start" | "stop";

/**
 * What comes next. `none`: plan and reality agree. `wait`: something is under way already, or somebody else's to do.
 * `load`: this dump in place of what is there. `wait-for-dump`: all is ready, except that there is no dump to load.
 * `prepare`: have Azure do what following takes. `follow`: have it follow the primary from where its dump ends, or go on
 * with it. `accounts`: give it a newer dump's, for following brings none. `leave`: end that. `promote`: have it follow nobody and take writes. Those of
 * the way back: see `HandBackStep`. `blocked`: it will not get there by itself.
 */
export type Step =
  | { kind: "none" }
  | { kind: Action; serverId: string }
  | { kind: "wait"; reason: string }
  | { kind: "wait-for-dump" }
  | { kind: "load"; dump: string }
  | { kind: "prepare"; preparation: Preparation }
  | { kind: "follow" }
  | { kind: "accounts"; dump: string }
  | { kind: "leave" }
  | { kind: "promote"; tenure: Tenure }
  | HandBackStep
  | { kind: "blocked"; reason: string };

/** States from which a server does not come back by itself ("Servers - Get", ServerState). */
const DEAD_ENDS = ["Disabled", "Dropping"];

const OWN_WRITES =
  "the server holds writes that nobody else has, so nothing is loaded over them and it follows nobody; declare again to " +
  "serve from it and to bring them back (`npm run dr -- failback`), or give them up by " +
  '`npm run dr -- restore-database --from latest --discard-standby` (docs/database.md, "After a declaration")';

/**
 * Decides the one next step from reality towards the plan. It looks at nothing else, so it does not matter
 * what earlier runs did, or how far they came.
 */
export function nextStep({ database }: PlanDocument, reality: Reality): Step {
  // A server that the plan does not speak of is not the controller's.
  if (!database) return { kind: "none" };
  const { server } = reality;
  if (!server) return { kind: "blocked", reason: `expected the server ${database.serverId}, found none` };
  if (DEAD_ENDS.includes(server.state)) return { kind: "blocked", reason: `the server is ${server.state}` };
  if (server.state === "Stopped") return whenStopped(database, reality);
  // Starting, Stopping, Updating, and whatever else Azure may call it: one operation at a time.
  if (server.state !== "Ready") return { kind: "wait", reason: `the server is ${server.state}` };

  const dump = dumpToLoad(database, reality);
  const release = dump === undefined && releaseStep(database, reality);
  if (release) return release;
  // What replicates must not go on writing into the new copy.
  if (dump !== undefined && reality.data?.replication) return { kind: "leave" };
  if (dump !== undefined) return { kind: "load", dump };
  switch (database.target) {
    case "stopped":
      return stop(database.serverId, server.replicationRole);
    case "running":
      return follow(database, reality);
    case "promoted":
      return promote(database, reality);
  }
}

function whenStopped(database: PlannedDatabase, reality: Reality): Step {
  const start: Step = { kind: "start", serverId: database.serverId };
  if (database.target !== "stopped" || dumpToLoad(database, reality) !== undefined) return start;
  if (releaseStep(database, reality)) return start;
  if (reality.data?.tenure === "own") return { kind: "blocked", reason: OWN_WRITES };
  return { kind: "none" };
}

/** Azure stops no server of a replica configuration, source or replica ("Limitations", Stop/start operations). */
function stop(serverId: string, replicationRole: string): Step {
  if (replicationRole === "None") return { kind: "stop", serverId };
  const reason = `the server is a ${replicationRole}, and Azure stops none of a replica configuration: dissolve that first`;
  return { kind: "blocked", reason };
}

function follow({ follows }: PlannedDatabase, { data = {}, newest, primaryKnown }: Reality): Step {
  if (follows !== "primary") return { kind: "none" };
  if (data.tenure === "own") return { kind: "blocked", reason: OWN_WRITES };
  const { loaded, preparation, replication, tenure } = data;
  // A drill's writes are nothing to go on from.
  if (tenure === "lent" || data.released !== undefined) return { kind: "wait-for-dump" };
  if (replication) {
    const goesOn = replication.state === "following" || replication.state === "connecting";
    if (!goesOn) return { kind: "follow" };
    const isNewer = newest !== undefined && loaded !== undefined && newest > (data.accounts ?? loaded);
    return isNewer ? { kind: "accounts", dump: newest } : { kind: "none" };
  }
  if (loaded === undefined) return { kind: "wait-for-dump" };
  if (!primaryKnown) return { kind: "wait", reason: "`pulumi up --stack link` has to say how the primary is reached" };
  return preparation ? { kind: "prepare", preparation } : { kind: "follow" };
}

function promote(database: PlannedDatabase, reality: Reality): Step {
  const { own, restore } = database;
  const { data = {} } = reality;
  if (restore && data.loaded === undefined && data.tenure === undefined) return { kind: "wait-for-dump" };
  if (isPromoted({ own }, data)) return handBackStep(database, reality) ?? { kind: "none" };
  return { kind: "promote", tenure: own || data.tenure === "own" ? "own" : "lent" };
}

/** Whether what is written to the server is whose the plan says, and the server was promoted for it. */
export function isPromoted({ own }: Pick<PlannedDatabase, "own">, data: SeenData = {}): boolean {
  const taken = data.tenure === "own" || (data.tenure === "lent" && !own);
  return taken && !data.unpromoted;
}
