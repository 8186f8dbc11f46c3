import type { Cause } from "./copies/model.ts";
import type { Unread } from "./people/read.ts";

/** What the audit found, as `--json` prints it. */
export interface AuditReport {
  /** Whether nobody alone reaches every copy of anything, no copy has a fault, and all could be read. */
  passed: boolean;
  /** What the data are of which there are copies. @example ["shop content", "shop database"] */
  data: string[];
  copies: CopyReport[];
  actors: ActorReport[];
  /** Pairs of people who together reach every copy of something. */
  pairs: PairReport[];
  problems: Problem[];
  unread: Unread[];
  /** Who can become whom, for the picture. */
  graph: { from: string; to: string; how: string; others: number }[];
}

export interface CopyReport {
  name: string;
  stack: string;
  kind: string;
  cloud: "aws" | "azure";
  place: string;
  holds: string[];
  lock: string;
  /** Whether it was not seen, and the worst is assumed. */
  assumed: boolean;
  /** How many people of the people file it takes to destroy it: 1, 2, or null for more, or for nobody. */
  people: 1 | 2 | null;
}

/** Somebody, and what becomes of the copies if they want it. */
export interface ActorReport {
  name: string;
  kind: "human" | "pipeline" | "machine";
  registered: boolean;
  destroys: {
    copy: string;
    cause: Cause;
    what: string;
    /** Days for which it can still be taken back. */
    days: number;
    /** The shortest way, in words. */
    path: string;
    /** The same by names, one chain for each who takes a step of it. */
    through: string[][];
  }[];
  /** Copies that stay, by name. */
  survive: string[];
  /** Copies to which nothing new comes if they want it. */
  starves: string[];
}

export interface PairReport {
  people: [string, string];
  /** Data whose every copy they reach together. */
  data: string[];
}

/** Why the audit does not pass. */
export interface Problem {
  /** @example "one-person-reaches-all" */
  rule: string;
  /** Whom or what it is about. */
  subject: string;
  what: string;
  /** Way to each copy, in words, where it is about somebody. */
  paths: string[];
  /** Causes of these ways. */
  causes: Cause[];
  mend: string;
  /** The resource, where it is about one. */
  urn?: string;
}
