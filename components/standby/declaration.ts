import type { Disaster, Switch } from "./disaster.ts";

/** What says that the standby serves what is declared: the standby's controller writes it beside the markers. */
export { READY, readyPath } from "../../lambdas/standby/ready-file.ts";

/** Who declared what, and why; no time, so that the same declaration is always the same text. */
export interface Declaration {
  disaster: Disaster;
  /** @example "RDS in eu-west-1 is down since 14:05" */
  why: string;
  /** @example "platform-team" */
  by: string;
}

/** What is in a marker and in nothing else that may answer at its place; health checks look for it. */
export const DECLARED = '"declared":true';

/** Where the marker of a switched name is, on the marker's website. @example "declared/site.json" */
export function markerPath(name: Switch): string {
  return `declared/${name}.json`;
}

/** The text of a marker. What health checks look for comes first: they read no further than 5120 bytes. */
export function markerText({ disaster, why, by }: Declaration): string {
  return JSON.stringify({ declared: true, disaster, why, by });
}
