import { type Disaster, type HandingBack, type Switch, switchedBy } from "./disaster.ts";

/** The field's own names for how much of a standby stands, from the cheapest to the dearest. */
export const STRATEGIES = ["backup-restore", "pilot-light", "warm-standby", "active-active"] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** How many servers there may be. */
export interface ServerRange {
  min: number;
  max: number;
}

/** What the site needs to carry the primary's load, and the little that a warm standby keeps of it. */
export interface Capacity {
  /** Servers that carry the whole load. @default 3 to 12, as the settings */
  servers: ServerRange;
  /** Servers that a warm standby keeps, never more than `servers.min`. @default 1 */
  warmServers: number;
}

/** What becomes of the database server. */
export interface DatabasePlan {
  /**
   * `absent`: there is none. `stopped`: it stands, loaded, and costs storage only. `running`: it follows the
   * primary, or waits to. `promoted`: it follows nobody and takes writes.
   */
  state: "absent" | "stopped" | "running" | "promoted";
  /** Whether it is smaller than the load needs; made full in place when it is promoted. */
  size: "reduced" | "full";
  /**
   * Whether a second server waits in another zone. Azure decides that when the server is created, so it
   * follows the strategy alone and never a declaration.
   */
  highAvailability: boolean;
  /**
   * What becomes of the server when the plan no longer has it. `protected`: it stands at all times, and nobody takes it
   * away by accident. `retained`: it was made in a disaster, and is kept with what was written to it. `disposable`: it
   * was made in a drill, and goes with it.
   */
  keeping: "protected" | "retained" | "disposable";
  /** Where its data come from: the primary's nightly dumps, the primary itself as it is written, or nobody any more. */
  follows: "dumps" | "primary" | "nobody";
  /** Whether what is written to it from now on counts, and nothing may be loaded over it: declared, and no drill. */
  own: boolean;
  /** Whether it takes no writes any more, and is copied for the primary. */
  handsBack: boolean;
}

/** All that runs at the standby, and what it owns. */
export interface StandbyPlan {
  servers: ServerRange;
  database: DatabasePlan;
  /** Whether the newest dump must be loaded before the database may serve. */
  restoreDatabase: boolean;
  /**
   * Data that now belongs to the standby: what replicates it from the primary has no right to write. A drill leaves
   * the content to its replication: nobody but the primary writes it then, and what is not copied would be at risk.
   */
  fenced: { content: boolean; database: boolean };
  /** The declarations that Route 53 sees; none during a drill, nor once all is handed back. */
  markers: Switch[];
  /** The names that the standby serves once it is ready: those declared, also while it hands them back. */
  serves: Switch[];
}

/** What an operator decides besides, while a disaster is declared. */
export interface Course {
  /** @default "no" */
  handBack: HandingBack;
  /**
   * Whether a database that stands reduced is made full-size: it restarts for that, and nobody is served meanwhile.
   * @default false
   */
  growDatabase: boolean;
}

export const DEFAULT_CAPACITY: Capacity = { servers: { min: 3, max: 12 }, warmServers: 1 };
export const DEFAULT_COURSE: Course = { handBack: "no", growDatabase: false };

/**
 * Decides all that runs at the standby; nothing else does.
 *
 * @param strategy how much of it stands while nothing happens
 * @param disaster what is declared lost on the primary
 * @param drill the same as the disaster (the whole site, where none is declared), except that nobody is told
 *   and that content goes on being replicated
 * @param capacity the servers that the load needs
 * @param course what was decided since; it changes nothing while nothing is declared
 */
export function standbyPlan(
  strategy: Strategy,
  disaster: Disaster,
  drill: boolean,
  capacity: Capacity = DEFAULT_CAPACITY,
  course: Course = DEFAULT_COURSE,
): StandbyPlan {
  const switched = switchedBy(drill && disaster === "none" ? "site" : disaster);
  const content = switched.includes("content");
  const database = switched.includes("database");
  const servers = switched.includes("site") ? capacity.servers : standingServers(strategy, capacity);
  const standing = standingDatabase(strategy);
  const made = standing.state === "absent";
  const size = course.growDatabase ? "full" : standing.size;
  const handsBack = !drill && course.handBack !== "no";
  return {
    servers,
    database: {
      ...standing,
      ...(database ? { state: "promoted", size, follows: "nobody", own: !drill, handsBack } : {}),
      ...(made ? { keeping: drill ? "disposable" : "retained" } : {}),
    },
    restoreDatabase: database && made,
    fenced: { content: content && !drill, database },
    markers: drill || course.handBack === "move" ? [] : switched,
    serves: drill ? [] : switched,
  };
}

function standingServers(strategy: Strategy, { servers, warmServers }: Capacity): ServerRange {
  switch (strategy) {
    case "backup-restore":
    case "pilot-light":
      return { min: 0, max: 0 };
    case "warm-standby": {
      const warm = Math.min(warmServers, servers.min);
      return { min: warm, max: warm };
    }
    case "active-active":
      return servers;
  }
}

/** Of a server that nothing is declared about. */
const STANDING = { keeping: "protected", own: false, handsBack: false } as const;

function standingDatabase(strategy: Strategy): DatabasePlan {
  switch (strategy) {
    case "backup-restore":
      // Created in a disaster, when the other zone may be needed at once and the cost no longer counts.
      return {
        ...STANDING,
        state: "absent",
        size: "full",
        highAvailability: true,
        keeping: "retained",
        follows: "nobody",
      };
    case "pilot-light":
      return { ...STANDING, state: "stopped", size: "full", highAvailability: false, follows: "dumps" };
    case "warm-standby":
      return { ...STANDING, state: "running", size: "reduced", highAvailability: false, follows: "primary" };
    case "active-active":
      return { ...STANDING, state: "running", size: "full", highAvailability: true, follows: "primary" };
  }
}
