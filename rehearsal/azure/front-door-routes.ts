import type { Properties } from "../provider/codec.ts";
import type { ResourceManager } from "./resource-manager.ts";

export const PROFILES = "Microsoft.Cdn/profiles";

interface Reference {
  id?: string;
}

/** A route, by the names of its Pulumi type. */
export interface Route extends Properties {
  customDomains?: Reference[];
  enabledState?: string;
  forwardingProtocol?: string;
  httpsRedirect?: string;
  linkToDefaultDomain?: string;
  originGroup?: Reference;
  originPath?: string;
  patternsToMatch?: string[];
  ruleSets?: Reference[];
  supportedProtocols?: string[];
}

export interface RuleSettings extends Properties {
  order?: number;
  conditions?: unknown[];
  actions?: { name?: string; parameters?: unknown }[];
}

/** An origin, and how to sign in there. */
export interface Origin extends Properties {
  hostName?: string;
  originHostHeader?: string;
  /** @default true */
  enforceCertificateNameCheck?: boolean;
  httpPort?: number;
  httpsPort?: number;
  priority?: number;
  enabledState?: string;
  identityId?: string;
  scope?: string;
}

/** The route that a request takes. */
export interface Match {
  profileId: string;
  route: Route;
  /** The path that was asked for. */
  asked: string;
  /** The path at the origin. */
  path: string;
}

/** Finds the route for a host and a path: of those that match, the most exact one (How requests get matched to a route). */
export function match(resources: ResourceManager, host: string, path: string): Match | undefined {
  const candidates = routesOf(resources, host.toLowerCase()).flatMap(({ id, route }) =>
    (route.patternsToMatch ?? ["/*"])
      .filter((pattern) => covers(pattern, path))
      .map((pattern) => ({ id, route, pattern })),
  );
  const [best] = candidates.sort((one, other) => weight(other.pattern) - weight(one.pattern));
  if (!best) return undefined;
  const { id, route, pattern } = best;
  return {
    profileId: id.replace(/\/afdEndpoints\/.*$/i, ""),
    route,
    asked: path,
    path: rewritten(route, pattern, path),
  };
}

/** The routes that a host leads to: of the endpoint that has the name, or of the custom domain. */
function routesOf(resources: ResourceManager, host: string): { id: string; route: Route }[] {
  const endpoints = resources.list(`${PROFILES}/afdEndpoints`).filter(({ properties }) => isEnabled(properties));
  const domain = resources
    .list(`${PROFILES}/customDomains`)
    .find(({ properties }) => String(properties.hostName).toLowerCase() === host);
  return resources
    .list(`${PROFILES}/afdEndpoints/routes`)
    .map(({ id, properties }) => ({ id, route: properties as Route }))
    .filter(({ id, route }) => {
      const endpoint = endpoints.find((each) => id.toLowerCase().startsWith(`${each.id.toLowerCase()}/`));
      if (!endpoint || !isEnabled(route)) return false;
      if (domain) return (route.customDomains ?? []).some((each) => sameId(each.id, domain.id));
      return String(endpoint.properties.hostName).toLowerCase() === host && route.linkToDefaultDomain === "Enabled";
    });
}

/** The origin of a route that is used: of those that are enabled the one of the first priority. */
export function originOf(resources: ResourceManager, { originGroup }: Route): Origin | undefined {
  const group = resources.get(originGroup?.id ?? "");
  if (!group) return undefined;
  const [origin] = resources
    .list(`${PROFILES}/originGroups/origins`)
    .filter(({ id, properties }) => id.toLowerCase().startsWith(`${group.id.toLowerCase()}/`) && isEnabled(properties))
    .map(({ properties }) => properties as Origin)
    .sort((one, other) => (one.priority ?? 1) - (other.priority ?? 1));
  const authentication = group.properties.authentication as
    | { scope?: string; userAssignedIdentity?: Reference }
    | undefined;
  return origin && { ...origin, identityId: authentication?.userAssignedIdentity?.id, scope: authentication?.scope };
}

function covers(pattern: string, path: string): boolean {
  if (!pattern.endsWith("*")) return pattern.toLowerCase() === path.toLowerCase();
  return `${path}/`.toLowerCase().startsWith(pattern.slice(0, -1).toLowerCase());
}

/** An exact path comes before every prefix, and a longer prefix before a shorter one. */
function weight(pattern: string): number {
  return pattern.length + (pattern.endsWith("*") ? 0 : 10_000);
}

/** An origin path takes the place of what the pattern says before its wildcard. */
function rewritten({ originPath }: Route, pattern: string, path: string): string {
  if (!originPath) return path;
  const rest = path.slice(pattern.replace(/\/?\*$/, "").length);
  return `${originPath.replace(/\/$/, "")}${rest.startsWith("/") ? rest : `/${rest}`}`;
}

function isEnabled({ enabledState }: Properties): boolean {
  return enabledState !== "Disabled";
}

function sameId(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}
