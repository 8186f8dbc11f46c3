import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Properties } from "./codec.ts";

const require = createRequire(import.meta.url);

/**
 * The properties of a type that only the cloud fills in, as the SDK's own class lists them.
 *
 * @param token Pulumi type token @example "aws:ec2/vpc:Vpc", "azure-native:storage:StorageAccount"
 * @returns nothing for a type that the SDK does not have
 */
export function outputNames(token: string): string[] {
  const [pkg = "", path = "", type = ""] = token.split(":");
  const module = path.includes("/") ? path : `${path}/${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  try {
    const source = readFileSync(require.resolve(`@pulumi/${pkg}/${module}.js`), "utf8");
    // The branch of the constructor that creates (the other one looks a resource up by its id).
    const create = source.slice(
      source.indexOf("Args") > 0 ? source.search(/if \(!opts\.id\)|const args = argsOrState/) : 0,
    );
    const branch = create.slice(0, create.search(/opts = pulumi\.mergeOptions/));
    const names = [...branch.matchAll(/resourceInputs\["(\w+)"\] = undefined \/\*out\*\//g)].map(
      ([, name = ""]) => name,
    );
    return [...new Set(names)];
  } catch {
    return [];
  }
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
    else if (/^name$|Name$/.test(name)) outputs[name] = nameOf(identity.id);
    else if (/^(dnsName|domainName|endpoint|address|fqdn|fullyQualifiedDomainName)$/.test(name))
      outputs[name] = `${nameOf(identity.id)}.recorded.invalid`;
    else if (/Id$/.test(name)) outputs[name] = identity.id;
    else if (name === "provisioningState") outputs[name] = "Succeeded";
  }
  return outputs;
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
