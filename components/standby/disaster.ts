/** What can be declared lost on the primary: nothing, its database, its content, or the whole site. */
export const DISASTERS = ["none", "database", "content", "site"] as const;
export type Disaster = (typeof DISASTERS)[number];

/** Whether the standby serves the content: it then belongs to the standby, and the replicator must not write it. */
export function servesContent(disaster: Disaster): boolean {
  return disaster === "content" || disaster === "site";
}
