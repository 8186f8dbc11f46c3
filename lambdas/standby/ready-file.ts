/** The names that a disaster moves to the standby, each by itself. */
export const SWITCHED = ["database", "content", "site"] as const;
export type Switched = (typeof SWITCHED)[number];

/** What is in the file that says that the standby serves what is declared; health checks look for it. */
export const READY = '"ready":true';

/** Where these files are, on the markers' website. */
export const READY_FILES = "ready/";

/** Where that file of a switched name is. @example "ready/site.json" */
export function readyPath(name: Switched): string {
  return `${READY_FILES}${name}.json`;
}

/** The text of such a file: the same for as long as the same is declared. @param declared all names that are */
export function readyText(name: Switched, declared: readonly Switched[]): string {
  // A lost site takes its content and its database along; of these each is declared lost alone.
  return JSON.stringify({ ready: true, disaster: declared.includes("site") ? "site" : name });
}
