import type { Role } from "../../../stacks/settings.ts";

/** For each key: a role that reads it, values that it takes with what they become, and values that it refuses. */
export type Tried = Record<
  string,
  {
    role: Role;
    takes: [string, unknown][];
    refuses: string[];
    /** Other keys that have to say something else than usual, so that any value of this one goes with them. */
    beside?: Record<string, string>;
  }
>;

/** Words that stay as they are. */
export const same = (...values: string[]): [string, unknown][] => values.map((value) => [value, value]);

export const numbers = (...values: number[]): [string, unknown][] => values.map((value) => [String(value), value]);

export const FLAGS: [string, unknown][] = [
  ["true", true],
  ["false", false],
];
