import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { PROFILES, type Route, type RuleSettings } from "../front-door-routes.ts";
import { doubled, type Reference, referenceRefusals } from "./references.ts";

const SKUS = ["Standard_AzureFrontDoor", "Premium_AzureFrontDoor"];

/** Most actions and conditions of a rule ("Azure subscription and service limits", Azure Front Door). */
const MOST_ACTIONS = 5;

/** What the edge here does; whatever else a rule may do is Azure's alone. */
const ACTIONS = ["ModifyRequestHeader", "ModifyResponseHeader"];

export function profileRefusals({ location, sku, originResponseTimeoutSeconds: seconds }: Properties): Refusal[] {
  const refusals = globalRefusals(location ?? "none");
  const name = (sku as { name?: string } | undefined)?.name;
  if (sku !== undefined && !SKUS.includes(String(name))) {
    const reason = `"${name}"; expected ${SKUS.join(" or ")}: the classic ones take no new profiles (Azure CDN from Microsoft (classic) retirement)`;
    refusals.push({ property: "sku.name", reason });
  }
  if (seconds !== undefined && !isBetween(seconds, 16, 240)) {
    const reason = `${seconds} seconds; expected 16 to 240 (Profiles - Create)`;
    refusals.push({ property: "originResponseTimeoutSeconds", reason });
  }
  return refusals;
}

export function endpointRefusals({ location }: Properties): Refusal[] {
  return location === undefined ? [] : globalRefusals(location);
}

/** A profile and its endpoints are nowhere in particular. */
function globalRefusals(location: unknown): Refusal[] {
  if (String(location).toLowerCase() === "global") return [];
  return [
    { property: "location", reason: `found ${location}; expected "global" (LocationNotAvailableForResourceType)` },
  ];
}

export function groupRefusals(inputs: Properties, cloud: AzureCloud, profileId: string): Refusal[] {
  const refusals: Refusal[] = [];
  const { loadBalancingSettings, healthProbeSettings, authentication } = inputs as {
    loadBalancingSettings?: { sampleSize?: number; successfulSamplesRequired?: number };
    healthProbeSettings?: { probeIntervalInSeconds?: number };
    authentication?: { type?: string; scope?: string; userAssignedIdentity?: Reference };
  };
  const refuse = (property: string, reason: string) => refusals.push({ property, reason });
  const { sampleSize = 4, successfulSamplesRequired = 2 } = loadBalancingSettings ?? {};
  if (successfulSamplesRequired > sampleSize) {
    const reason = `${successfulSamplesRequired} of ${sampleSize} samples; no more than there are (AFD Origin Groups - Create)`;
    refuse("loadBalancingSettings.successfulSamplesRequired", reason);
  }
  const seconds = healthProbeSettings?.probeIntervalInSeconds;
  if (seconds !== undefined && !isBetween(seconds, 1, 255)) {
    refuse("healthProbeSettings.probeIntervalInSeconds", `${seconds}; expected 1 to 255 (AFD Origin Groups - Create)`);
  }
  const identityId = authentication?.userAssignedIdentity?.id;
  const source = "(Use managed identities to authenticate to origins)";
  if (authentication && !authentication.scope?.endsWith("/.default")) {
    refuse("authentication.scope", `found ${authentication.scope}; expected one that ends with /.default ${source}`);
  }
  const held = cloud.resources.get(profileId)?.properties.identity as { userAssignedIdentities?: string[] } | undefined;
  const holds = held?.userAssignedIdentities?.some((id) => id.toLowerCase() === identityId?.toLowerCase());
  if (identityId !== undefined && cloud.resources.exists(profileId) && !holds) {
    refuse("authentication.userAssignedIdentity", `the profile does not have the identity ${identityId} ${source}`);
  }
  return refusals;
}

export function originRefusals({ hostName, priority, weight }: Properties, { blobs }: AzureCloud): Refusal[] {
  const refusals: Refusal[] = [];
  const source = "(AFD Origins - Create)";
  // A blob endpoint of this machine has a port in its host; Azure's have none.
  if (typeof hostName === "string" && !isHost(hostName) && blobs.accountAt(hostName) === undefined) {
    refusals.push({ property: "hostName", reason: `"${hostName}" is no host name or address ${source}` });
  }
  if (priority !== undefined && !isBetween(priority, 1, 5)) {
    refusals.push({ property: "priority", reason: `${priority}; expected 1 to 5 ${source}` });
  }
  if (weight !== undefined && !isBetween(weight, 1, 1000)) {
    refusals.push({ property: "weight", reason: `${weight}; expected 1 to 1000 ${source}` });
  }
  return refusals;
}

export function domainRefusals(inputs: Properties, cloud: AzureCloud, former: Properties | undefined): Refusal[] {
  const { hostName, customDomainName, tlsSettings } = inputs;
  const refusals: Refusal[] = [];
  if (typeof hostName === "string" && !(isHost(hostName) && hostName.includes("."))) {
    refusals.push({ property: "hostName", reason: `"${hostName}" is no domain (AFD Custom Domains - Create)` });
  }
  const twin = cloud.resources
    .list(`${PROFILES}/customDomains`)
    .find(({ id, properties }) => properties.hostName === hostName && !id.endsWith(`/${customDomainName}`));
  if (twin && !former && hostName !== undefined) {
    refusals.push({ property: "hostName", reason: `${hostName} is the domain of ${twin.id} already (Conflict)` });
  }
  const type = (tlsSettings as { certificateType?: string } | undefined)?.certificateType;
  if (type !== undefined && type !== "ManagedCertificate") {
    const reason = `"${type}"; the local Azure has managed certificates only`;
    refusals.push({ property: "tlsSettings.certificateType", reason });
  }
  return refusals;
}

export function routeRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const route = inputs as Route;
  const source = "(Routes - Create)";
  const refusals: Refusal[] = [];
  const refuse = (property: string, reason: string) => refusals.push({ property, reason });
  for (const pattern of (route.patternsToMatch ?? []).filter((each) => !/^\/[^*]*\*?$/.test(each))) {
    refuse("patternsToMatch", `"${pattern}" begins with no slash, or has its * elsewhere than at the end ${source}`);
  }
  const protocols = route.supportedProtocols;
  if (route.httpsRedirect === "Enabled" && protocols && !(protocols.includes("Http") && protocols.includes("Https"))) {
    refuse(
      "httpsRedirect",
      `it needs Http and Https among supportedProtocols, found ${protocols.join(", ")} ${source}`,
    );
  }
  const { customDomains = [], ruleSets = [], originGroup, linkToDefaultDomain } = route;
  if (inputs.customDomains !== undefined && customDomains.length === 0 && linkToDefaultDomain !== "Enabled") {
    refuse("linkToDefaultDomain", `the route has no domain at all: link the default one, or give others ${source}`);
  }
  const listed = [
    ...customDomains.map((each, i) => [`customDomains[${i}]`, each, "customDomains"] as const),
    ...ruleSets.map((each, i) => [`ruleSets[${i}]`, each, "ruleSets"] as const),
    ["originGroup", originGroup, "originGroups"] as const,
  ];
  refusals.push(
    ...listed.flatMap(([property, each, kind]) => referenceRefusals(property, each, `${PROFILES}/${kind}`, cloud)),
  );
  const group = cloud.resources.get(originGroup?.id ?? "");
  if (group?.properties.authentication && route.forwardingProtocol !== "HttpsOnly") {
    const reason = `found ${route.forwardingProtocol ?? "none, which is MatchRequest"}; a token is sent by HttpsOnly`;
    refuse("forwardingProtocol", `${reason} (Use managed identities to authenticate to origins)`);
  }
  if (originGroup?.id && group && !hasOrigin(originGroup.id, cloud)) {
    const reason = `${originGroup.id} has no enabled origin yet: let the route depend on one ${source}`;
    refuse("originGroup", reason);
  }
  return refusals;
}

function hasOrigin(groupId: string, { resources }: AzureCloud): boolean {
  return resources
    .list(`${PROFILES}/originGroups/origins`)
    .some(
      ({ id, properties }) =>
        id.toLowerCase().startsWith(`${groupId.toLowerCase()}/`) && properties.enabledState !== "Disabled",
    );
}

export function ruleRefusals(inputs: Properties, cloud: AzureCloud, ruleSetId: string): Refusal[] {
  const refusals: Refusal[] = [];
  const { order, actions = [], conditions = [] } = inputs as RuleSettings;
  const refuse = (property: string, reason: string) => refusals.push({ property, reason });
  if (actions.length > MOST_ACTIONS) {
    refuse("actions", `${actions.length} actions; at most ${MOST_ACTIONS} in a rule (Azure Front Door limits)`);
  }
  for (const { name } of actions.filter((action) => !ACTIONS.includes(String(action.name)))) {
    refuse("actions", `the local Azure's edge carries out ${ACTIONS.join(" and ")} only, found ${name}`);
  }
  if (conditions.length > 0) refuse("conditions", "the local Azure's edge knows rules without conditions only");
  const orders = cloud.resources
    .list(`${PROFILES}/ruleSets/rules`)
    .filter(({ id }) => id.toLowerCase().startsWith(`${ruleSetId.toLowerCase()}/`))
    .filter(({ id }) => !id.endsWith(`/${inputs.ruleName}`))
    .map(({ properties }) => String(properties.order));
  if (order !== undefined && doubled([...orders, String(order)]).length > 0) {
    refuse("order", `another rule of the set has the order ${order} (Conflict)`);
  }
  return refusals;
}

/** Whether a name is one that a host may have. */
export function isHost(name: string): boolean {
  return /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(name);
}

function isBetween(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}
