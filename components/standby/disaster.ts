/** What can be declared lost on the primary: nothing, its database, its content, or the whole site. */
export const DISASTERS = ["none", "database", "content", "site"] as const;
export type Disaster = (typeof DISASTERS)[number];

/** The names that are switched one by one: the database's, the content's, and the app's. */
export const SWITCHES = ["database", "content", "site"] as const;
export type Switch = (typeof SWITCHES)[number];

/** What a declared disaster moves to the standby: a lost site takes its content and its database along. */
export function switchedBy(disaster: Disaster): Switch[] {
  if (disaster === "none") return [];
  return disaster === "site" ? [...SWITCHES] : [disaster];
}

/**
 * How far the standby has handed back what it serves: not at all; its database pauses and is copied; or the names move
 * back too, for the primary has all of it.
 */
export const HANDING_BACK = ["no", "copy", "move"] as const;
export type HandingBack = (typeof HANDING_BACK)[number];
