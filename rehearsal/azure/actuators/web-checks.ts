import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { regionIn } from "./arm.ts";

const FLEX = "(Azure Functions Flex Consumption plan hosting)";

/** App settings that a Flex Consumption app must not have ("App settings reference for Azure Functions", Flex Consumption plan deprecations). */
const DEPRECATED_SETTINGS = [
  "ENABLE_ORYX_BUILD",
  "FUNCTIONS_EXTENSION_VERSION",
  "FUNCTIONS_WORKER_RUNTIME",
  "FUNCTIONS_WORKER_RUNTIME_VERSION",
  "FUNCTIONS_MAX_HTTP_CONCURRENCY",
  "FUNCTIONS_WORKER_PROCESS_COUNT",
  "FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED",
  "SCM_DO_BUILD_DURING_DEPLOYMENT",
  "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
  "WEBSITE_CONTENTOVERVNET",
  "WEBSITE_CONTENTSHARE",
  "WEBSITE_DNS_SERVER",
  "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT",
  "WEBSITE_NODE_DEFAULT_VERSION",
  "WEBSITE_RUN_FROM_PACKAGE",
  "WEBSITE_SKIP_CONTENTSHARE_VALIDATION",
  "WEBSITE_VNET_ROUTE_ALL",
];

/** Node versions of Flex Consumption ("Azure Functions Node.js developer guide", Supported versions). */
const NODE_VERSIONS = ["20", "22", "24"];
const MEMORY_SIZES = [512, 2048, 4096];
const MOST_INSTANCES = 1000;

/** What the service that runs Flex Consumption must have been delegated of a subnet. */
const DELEGATION = "Microsoft.App/environments";

/** What Azure would refuse about a plan. */
export function planRefusals(inputs: Properties): Refusal[] {
  const { name, tier } = (inputs.sku ?? {}) as { name?: string; tier?: string };
  if (name !== "FC1" || (tier !== undefined && tier !== "FlexConsumption")) {
    const reason = `"${name}" of "${tier}": the local Azure has Flex Consumption only, FC1 of FlexConsumption ${FLEX}`;
    return [{ property: "sku", reason }];
  }
  if (inputs.reserved === true) return [];
  return [{ property: "reserved", reason: `Flex Consumption runs on Linux only: it must be true ${FLEX}` }];
}

/** What Azure would refuse about a function app. */
export function appRefusals(
  inputs: Properties,
  cloud: AzureCloud,
  former: Properties | undefined,
  unknown: ReadonlySet<string>,
): Refusal[] {
  return [
    ...kindRefusals(inputs),
    ...nameRefusals(inputs, cloud, former),
    ...planOfAppRefusals(inputs, cloud),
    ...identityRefusals(inputs, cloud),
    // In a preview neither the container nor the identity in it is known, and so none of it.
    ...(unknown.has("functionAppConfig") ? [] : [...packageRefusals(inputs, cloud), ...runtimeRefusals(inputs)]),
    ...siteConfigRefusals(inputs),
    ...subnetRefusals(inputs, cloud),
  ];
}

function kindRefusals({ kind, httpsOnly }: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  if (kind !== "functionapp,linux") {
    const reason = `"${kind}": the local Azure runs function apps on Linux only, "functionapp,linux"`;
    refusals.push({ property: "kind", reason });
  }
  if (httpsOnly === false) refusals.push({ property: "httpsOnly", reason: "the local Azure takes HTTPS only" });
  return refusals;
}

/** The name is part of a host name that all the world shares. */
function nameRefusals({ name, resourceGroupName }: Properties, cloud: AzureCloud, former: unknown): Refusal[] {
  const twin = cloud.resources
    .list("Microsoft.Web/sites")
    .find(({ id }) => id.toLowerCase().endsWith(`/sites/${String(name).toLowerCase()}`));
  if (!twin || former || twin.id.includes(`/resourceGroups/${resourceGroupName}/`)) return [];
  return [{ property: "name", reason: `a site "${name}" exists already; site names are the world's (Conflict)` }];
}

function planOfAppRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  if (typeof inputs.serverFarmId !== "string") return [];
  const property = "serverFarmId";
  const plan = cloud.resources.get(inputs.serverFarmId)?.properties;
  if (!plan) return [{ property, reason: `${inputs.serverFarmId} was not found (a plan)` }];
  if (plan.location === regionIn(inputs, cloud)) return [];
  return [{ property, reason: `the plan is in ${plan.location}, the app is to be in ${regionIn(inputs, cloud)}` }];
}

function identityRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  return identitiesOf(inputs)
    .filter((id) => !cloud.resources.exists(id))
    .map((id) => ({ property: "identity.userAssignedIdentities", reason: `${id} was not found` }));
}

/** The app settings that the inputs of WebAppApplicationSettings hold. */
export function settingsOf({ properties }: Properties): Record<string, string> {
  return (properties ?? {}) as Record<string, string>;
}

/** What Azure would refuse about an app's settings. That the host finds in them what it needs is not its concern. */
export function settingsRefusals(inputs: Properties): Refusal[] {
  return Object.keys(settingsOf(inputs))
    .filter((name) => DEPRECATED_SETTINGS.includes(name))
    .map((name) => ({
      property: `properties.${name}`,
      reason: "it has no place on Flex Consumption; functionAppConfig has its like",
    }));
}

/** Where a function app has its package from. */
interface PackageStorage {
  type?: string;
  value?: string;
  authentication?: { type?: string; userAssignedIdentityResourceId?: string };
}

export function storageOf({ functionAppConfig }: Properties): PackageStorage {
  const { deployment } = (functionAppConfig ?? {}) as { deployment?: { storage?: PackageStorage } };
  return deployment?.storage ?? {};
}

/** Resource ids of the identities that the inputs give an app. */
export function identitiesOf({ identity }: Properties): string[] {
  const { userAssignedIdentities = [] } = (identity ?? {}) as { userAssignedIdentities?: string[] };
  return userAssignedIdentities;
}

function packageRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const { type, value, authentication } = storageOf(inputs);
  const property = "functionAppConfig.deployment.storage";
  const refusals: Refusal[] = [];
  if (type !== "blobContainer") {
    refusals.push({ property: `${property}.type`, reason: `"${type}"; expected "blobContainer" ${FLEX}` });
  }
  if (typeof value === "string" && !isContainer(value, cloud)) {
    refusals.push({ property: `${property}.value`, reason: `${value} is the URL of no container ${FLEX}` });
  }
  if (authentication?.type !== "UserAssignedIdentity") {
    const reason = `"${authentication?.type}": the local Azure reads packages as a UserAssignedIdentity only`;
    refusals.push({ property: `${property}.authentication.type`, reason });
    return refusals;
  }
  const reader = authentication.userAssignedIdentityResourceId;
  if (reader !== undefined && !identitiesOf(inputs).includes(reader)) {
    const reason = `${reader} is none of the app's identities ${FLEX}`;
    refusals.push({ property: `${property}.authentication.userAssignedIdentityResourceId`, reason });
  }
  return refusals;
}

function isContainer(url: string, { blobs, resources }: AzureCloud): boolean {
  return resources.list("Microsoft.Storage/storageAccounts/blobServices/containers").some(({ id }) => {
    const [, account = "", container] =
      /\/storageAccounts\/([^/]+)\/blobServices\/default\/containers\/(.+)$/.exec(id) ?? [];
    return `${blobs.endpointOf(account)}${container}` === url;
  });
}

function runtimeRefusals(inputs: Properties): Refusal[] {
  const { runtime, scaleAndConcurrency } = (inputs.functionAppConfig ?? {}) as {
    runtime?: { name?: string; version?: string };
    scaleAndConcurrency?: { instanceMemoryMB?: number; maximumInstanceCount?: number };
  };
  const refusals: Refusal[] = [];
  if (runtime?.name !== "node" || !NODE_VERSIONS.includes(String(runtime?.version))) {
    const reason = `${runtime?.name} ${runtime?.version}: the local Azure runs node ${NODE_VERSIONS.join(", ")} (Azure Functions Node.js developer guide)`;
    refusals.push({ property: "functionAppConfig.runtime", reason });
  }
  const { instanceMemoryMB = 2048, maximumInstanceCount = 100 } = scaleAndConcurrency ?? {};
  const property = "functionAppConfig.scaleAndConcurrency";
  if (!MEMORY_SIZES.includes(instanceMemoryMB)) {
    const reason = `${instanceMemoryMB} MB; an instance has ${MEMORY_SIZES.join(", ")} ${FLEX}`;
    refusals.push({ property: `${property}.instanceMemoryMB`, reason });
  }
  if (!Number.isInteger(maximumInstanceCount) || maximumInstanceCount < 1 || maximumInstanceCount > MOST_INSTANCES) {
    const reason = `${maximumInstanceCount} instances; expected 1 to ${MOST_INSTANCES} ${FLEX}`;
    refusals.push({ property: `${property}.maximumInstanceCount`, reason });
  }
  return refusals;
}

/** Pulumi's SDK puts a .NET version into every one, at which Azure refuses the app (pulumi-azure-native, issue 4168). */
function siteConfigRefusals({ siteConfig }: Properties): Refusal[] {
  if (siteConfig === undefined) return [];
  const reason =
    "Site.SiteConfig.NetFrameworkVersion, which Pulumi puts into every siteConfig, is invalid for Flex Consumption sites; app settings go into a WebAppApplicationSettings";
  return [{ property: "siteConfig", reason }];
}

function subnetRefusals({ virtualNetworkSubnetId: id }: Properties, { resources }: AzureCloud): Refusal[] {
  if (typeof id !== "string") return [];
  const property = "virtualNetworkSubnetId";
  const [, network = "", name] = /^(.*)\/subnets\/([^/]+)$/.exec(id) ?? [];
  const subnets = (resources.get(network)?.properties.subnets ?? []) as {
    name: string;
    delegations?: { serviceName?: string }[];
  }[];
  const subnet = subnets.find((one) => one.name === name);
  if (!subnet) return [{ property, reason: `${id} was not found` }];
  if (subnet.delegations?.some(({ serviceName }) => serviceName === DELEGATION)) return [];
  return [{ property, reason: `the subnet ${name} is not delegated to ${DELEGATION} ${FLEX}` }];
}
