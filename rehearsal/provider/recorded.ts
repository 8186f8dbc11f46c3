import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { Properties } from "./codec.ts";

const require = createRequire(import.meta.url);

/**
 * The properties of a type that only the cloud fills in, as the SDK's own class lists them.
 *
 * @param token Pulumi type token @example "aws:ec2/vpc:Vpc", "azure-native:storage:StorageAccount"
 * @returns nothing for a type that the SDK does not have
 */
export function outputNames(token: string): string[] {
  const file = moduleOf(token);
  if (file === undefined) return [];
  const source = readFileSync(file, "utf8");
  // The branch of the constructor that creates; the other one looks a resource up by its id and lists everything.
  const start = source.search(/ {8}if \(!opts\.id\)|const args = argsOrState;/);
  const branch = source.slice(start, source.indexOf("\n        }", start));
  const names = [...branch.matchAll(/resourceInputs\["(\w+)"\] = undefined \/\*out\*\//g)].map(([, name = ""]) => name);
  return [...new Set(names)];
}

/** The file of the SDK that has the type's class; undefined when there is none. */
function moduleOf(token: string): string | undefined {
  const [pkg = "", place = "", type = ""] = token.split(":");
  const module = place.includes("/") ? place : `${place}/${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  // What a token calls the index lies in the package's own folder.
  const path = module.replace(/^index\//, "");
  // A folder's own index has the name already: the type Index is in index_.js.
  const wanted = `${path.endsWith("/index") ? `${path}_` : path}.js`;
  let folder: string;
  try {
    folder = join(dirname(require.resolve(`@pulumi/${pkg}/package.json`)), dirname(wanted));
  } catch {
    return undefined;
  }
  // The SDK does not always write file names as it writes tokens: s3Location is in s3location.js.
  const found = filesIn(folder).find((name) => name.toLowerCase() === basename(wanted).toLowerCase());
  return found && join(folder, found);
}

const listings = new Map<string, string[]>();

function filesIn(folder: string): string[] {
  const listing = listings.get(folder) ?? (existsSync(folder) ? readdirSync(folder) : []);
  listings.set(folder, listing);
  return listing;
}

/**
 * Plausible outputs for a resource that is only recorded: ids, names, ARNs and hosts of the real form, and
 * nothing for what has no such form.
 *
 * @param identity what the cloud would call it
 */
export function recordedOutputs(token: string, inputs: Properties, identity: { id: string; arn: string }): Properties {
  const outputs: Properties = {};
  for (const name of outputNames(token)) {
    if (name in inputs) continue;
    if (name === "tagsAll") outputs[name] = inputs.tags ?? {};
    else if (/^arn$|Arn$/.test(name)) outputs[name] = identity.arn;
    else if (/^(dnsName|domainName|endpoint|address|fqdn|fullyQualifiedDomainName)$/.test(name))
      outputs[name] = `${nameOf(identity.id)}.recorded.invalid`;
    else if (/^name$|Name$/.test(name)) outputs[name] = nameOf(identity.id);
    else if (/Id$/.test(name)) outputs[name] = identity.id;
    else if (name === "provisioningState") outputs[name] = "Succeeded";
  }
  return outputs;
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
