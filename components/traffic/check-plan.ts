import { DECLARED, markerPath, READY, readyPath } from "../standby/declaration.ts";
import type { Switch } from "../standby/disaster.ts";
import type { Site } from "./weights.ts";

/** Who moves the app's users: only whoever declares a disaster; or also its health, where a standby serves all the time. */
export const FAILOVER_MODES = ["manual", "automatic"] as const;
export type FailoverMode = (typeof FAILOVER_MODES)[number];

/** Where a check looks: at one of the markers' websites, dr's own first; or at where a site answers. */
export type Place = { marker: number } | { site: Site };

/** A look at one place, as Route 53 takes it. */
export interface EndpointCheck {
  /** Ends the check's name, and tells it apart from the name's other checks. @example "declared" */
  label: string;
  place: Place;
  type: "HTTPS_STR_MATCH" | "HTTPS" | "TCP";
  /** File on the markers' website. A site is asked for its health path over HTTPS, and for nothing over TCP. */
  file?: string;
  searchString?: string;
  /** Whether it is well where the string is not found, or nobody answers. */
  invertHealthcheck: boolean;
  /** Whether it names the host when it begins TLS. */
  enableSni?: boolean;
  /** Looks in a row that must agree before it changes its mind. */
  failureThreshold: number;
  /** Seconds between two looks of each of Route 53's checkers: 10 or 30. */
  requestInterval: number;
}

/** When a site's record may be answered: at least so many of these checks are well. */
export interface Guard {
  /** Labels of checks. */
  children: string[];
  threshold: number;
}

/** All that is looked at for a name, and what follows from it. */
export interface ChecksPlan {
  checks: EndpointCheck[];
  guards: Record<Site, Guard>;
}

/** What decides, besides the name itself. */
export interface CheckedBy {
  mode: FailoverMode;
  /** Markers that are asked: 1, or 3 with different owners, of which two must agree. */
  markers: 1 | 3;
}

/** The fastest that there is; three looks in a row keep one lost packet from moving anybody. */
const FAST = { requestInterval: 10, failureThreshold: 3 };

/** Route 53 sends the name by itself only for plain HTTPS, and a website of Azure's answers nobody without one. */
const TLS = { enableSni: true };

/**
 * Decides everything about the health checks of a name.
 *
 * The primary is answered until its disaster is declared: its checks of the markers are inverted, so that a marker that
 * nobody can reach is one that declares nothing. The standby is answered once it serves what is declared.
 *
 * @throws Error for what Route 53 cannot express
 */
export function checksFor(moves: Switch, { mode, markers }: CheckedBy): ChecksPlan {
  const automatic = mode === "automatic" && moves === "site";
  if (automatic && markers > 1) {
    throw new Error("expected one marker in automatic mode, found several: Route 53 nests no calculated health checks");
  }
  const declared = Array.from({ length: markers }, (_, index) => declaredCheck(moves, index));
  const primary = automatic ? [siteCheck("primary")] : [];
  // What stands all the time and serves by itself is no file's to vouch for: nobody writes one without a declaration.
  const ready = automatic ? [] : [readyCheck(moves)];
  const standby = [...deepChecks(moves), ...ready];
  return {
    checks: [...declared, ...primary, ...standby],
    guards: {
      primary: { ...allOf([...declared, ...primary]), ...(markers === 3 ? { threshold: 2 } : {}) },
      standby: allOf(standby),
    },
  };
}

function declaredCheck(moves: Switch, index: number): EndpointCheck {
  return {
    label: index === 0 ? "declared" : `declared-${index + 1}`,
    place: { marker: index },
    type: "HTTPS_STR_MATCH",
    file: markerPath(moves),
    searchString: DECLARED,
    invertHealthcheck: true,
    ...TLS,
    ...FAST,
  };
}

function readyCheck(moves: Switch): EndpointCheck {
  return {
    label: "ready",
    place: { marker: 0 },
    type: "HTTPS_STR_MATCH",
    file: readyPath(moves),
    searchString: READY,
    invertHealthcheck: false,
    ...TLS,
    ...FAST,
    // The file is written once all is proved, and users wait for this look.
    failureThreshold: 1,
  };
}

/** What proves from outside that the standby can serve the name; a database is out of the checkers' reach. */
function deepChecks(moves: Switch): EndpointCheck[] {
  switch (moves) {
    case "site":
      return [siteCheck("standby")];
    case "content":
      // The edge has no page of its own that is always there, so this asks for nothing.
      return [{ label: "edge", place: { site: "standby" }, type: "TCP", invertHealthcheck: false, ...FAST }];
    case "database":
      return [];
  }
}

function siteCheck(site: Site): EndpointCheck {
  return { label: `${site}-app`, place: { site }, type: "HTTPS", invertHealthcheck: false, ...TLS, ...FAST };
}

function allOf(checks: EndpointCheck[]): Guard {
  return { children: checks.map(({ label }) => label), threshold: checks.length };
}
