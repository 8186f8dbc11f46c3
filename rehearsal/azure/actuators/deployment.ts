import { buffer } from "node:stream/consumers";
import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { evaluate, type TemplateFunctions } from "../template.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

const ONE_DEPLOY = "Microsoft.Web/sites/extensions";

interface Template {
  parameters?: Record<string, { type: string; defaultValue?: unknown }>;
  variables?: Record<string, unknown>;
  resources?: { type: string; name: string; properties?: Record<string, unknown> }[];
}

interface DeploymentProperties {
  mode?: string;
  template?: Template;
  parameters?: Record<string, { value?: unknown }>;
}

/** azure-native:resources:Deployment, of templates that have function apps take their packages */
export const deployment = armActuator({
  id: (inputs, cloud) =>
    inGroup(cloud, inputs.resourceGroupName, `Microsoft.Resources/deployments/${inputs.deploymentName}`),
  name: {
    property: "deploymentName",
    pattern: /^[\w.()-]{1,64}$/,
    rule: "1 to 64 letters, digits, '_', '-', '.', '(' and ')' (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  parent: GROUP,
  longestTagName: LONGEST_TAG_NAME,
  check: deploymentRefusals,
  onWrite: run,
});

function deploymentRefusals(inputs: Properties): Refusal[] {
  const { mode, template, parameters = {} } = (inputs.properties ?? {}) as DeploymentProperties;
  const refusals: Refusal[] = [];
  if (mode === "Complete") {
    const reason = '"Complete" deletes what the template does not name; the local Azure takes Incremental only';
    refusals.push({ property: "properties.mode", reason });
  }
  for (const { type, name } of template?.resources ?? []) {
    if (type === ONE_DEPLOY && /\/onedeploy['")\]]*$/.test(name)) continue;
    const reason = `${name} of ${type}: the local Azure deploys ${ONE_DEPLOY} named …/onedeploy only`;
    refusals.push({ property: "properties.template.resources", reason });
  }
  const declared = template?.parameters ?? {};
  for (const name of Object.keys(parameters).filter((given) => !(given in declared))) {
    const reason = `${name} is no parameter of the template (InvalidTemplate)`;
    refusals.push({ property: "properties.parameters", reason });
  }
  return refusals;
}

/** Takes the packages to the apps, one after another. */
async function run(inputs: Properties, _id: string, cloud: AzureCloud): Promise<void> {
  const { template = {}, parameters = {} } = inputs.properties as DeploymentProperties;
  const functions = functionsOf(inputs, template, parameters, cloud);
  for (const resource of template.resources ?? []) {
    const { name, properties } = evaluate(resource, functions) as { name: string; properties: { packageUri: string } };
    const [app] = name.split("/");
    const id = inGroup(cloud, inputs.resourceGroupName, `Microsoft.Web/sites/${app}`);
    await cloud.functions.deploy(id, await signedBlob(properties.packageUri, cloud));
  }
}

function functionsOf(
  { resourceGroupName }: Properties,
  template: Template,
  given: Record<string, { value?: unknown }>,
  cloud: AzureCloud,
): TemplateFunctions {
  const functions: TemplateFunctions = {
    concat: (...texts) => texts.join(""),
    parameters: (name) => {
      const value = given[String(name)]?.value ?? template.parameters?.[String(name)]?.defaultValue;
      if (value === undefined) throw new Error(`the parameter ${name} has no value`);
      return evaluate(value, functions);
    },
    variables: (name) => {
      const value = template.variables?.[String(name)];
      if (value === undefined) throw new Error(`there is no variable ${name}`);
      return evaluate(value, functions);
    },
    resourceId: (type, name) => inGroup(cloud, resourceGroupName, `${type}/${name}`),
    utcNow: () => new Date().toISOString(),
    // Only hours are asked for, and nothing here looks at the format.
    dateTimeAdd: (time, duration) => {
      const [, hours] = /^PT(\d+)H$/.exec(String(duration)) ?? [];
      if (!hours) throw new Error(`${duration} is no duration that is known here: PT1H, for one`);
      return new Date(Date.parse(String(time)) + Number(hours) * 3_600_000).toISOString();
    },
    listServiceSas: (accountId, _version, terms) => ({ serviceSasToken: sign(String(accountId), terms, cloud) }),
  };
  return functions;
}

/** A signature of the account's key, as a query; what it is for stands in it, in place of a real one. */
function sign(accountId: string, terms: unknown, { resources }: AzureCloud): string {
  const account = resources.get(accountId);
  if (!account) throw new Error(`${accountId} was not found (ResourceNotFound)`);
  if (account.properties.allowSharedKeyAccess === false) {
    throw new Error(`${accountId} forbids keys, and a service SAS is signed with one`);
  }
  const { canonicalizedResource, signedPermission, signedExpiry } = terms as Record<string, string>;
  if (!signedPermission?.includes("r")) throw new Error(`the signature is for "${signedPermission}", not for reading`);
  return String(new URLSearchParams({ sp: "r", se: signedExpiry ?? "", sig: canonicalizedResource ?? "" }));
}

/** What is behind a signed address. */
async function signedBlob(address: string, { blobs }: AzureCloud): Promise<Uint8Array> {
  const { pathname, searchParams, origin } = new URL(address);
  const [, account = "", container = "", ...rest] = pathname.split("/");
  const name = rest.join("/");
  if (`${origin}/${account}/` !== blobs.endpointOf(account)) throw new Error(`${origin} is no blob service here`);
  if (searchParams.get("sig") !== `/blob/${account}/${container}/${name}`) {
    throw new Error(`the signature is for ${searchParams.get("sig")}, not for ${pathname} (AuthenticationFailed)`);
  }
  if (!(Date.parse(searchParams.get("se") ?? "") > Date.now())) throw new Error("the signature has expired");
  const reply = await blobs.blob("GET", account, container, name);
  if (reply.statusCode === 200) return buffer(reply);
  reply.resume();
  throw new Error(`${pathname} was answered with ${reply.statusCode}`);
}
