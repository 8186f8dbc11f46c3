import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PluginInfo } from "@pulumi/pulumi/automation/index.js";
import { fail, ok, type Verdict } from "./verdict.ts";

/** Providers that an `up` of dr needs. */
const PROVIDERS = ["azure-native", "random"];

/** The packages that the project names, and the versions of them. @param folder the root of the project */
export function dependenciesIn(folder: string): Record<string, string> {
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { dependencies: Record<string, string> })
    .dependencies;
}

/** The version of a package that is installed; undefined when it is not. */
export function installedVersion(folder: string, name: string): string | undefined {
  try {
    const text = readFileSync(join(folder, "node_modules", name, "package.json"), "utf8");
    return (JSON.parse(text) as { version: string }).version;
  } catch {
    return undefined;
  }
}

/** Whether all packages are here: a registry may be as dead as AWS. */
export function judgePackages(
  wanted: Record<string, string>,
  installed: (name: string) => string | undefined,
): Verdict {
  const wrong = Object.entries(wanted).filter(([name, version]) => installed(name) !== version);
  const all = Object.keys(wanted).length;
  if (wrong.length === 0) return ok(`all ${all} are installed`);
  const named = wrong.slice(0, 3).map(([name, version]) => `${name} ${version}, found ${installed(name) ?? "none"}`);
  return fail(`${wrong.length} of ${all} are not: ${named.join("; ")}`, "`npm ci`, while the registry can be reached");
}

/**
 * Whether the engine has the providers that an `up` of dr needs: nothing may have to be fetched on that day.
 *
 * @param attached providers that the engine is told to attach to instead (PULUMI_DEBUG_PROVIDERS)
 */
export function judgePlugins(
  wanted: Record<string, string>,
  cached: readonly Pick<PluginInfo, "name" | "kind" | "version">[],
  attached = "",
): Verdict {
  const running = attached.split(",").map((each) => each.split(":")[0]);
  const missing = PROVIDERS.filter((name) => !running.includes(name)).filter((name) => {
    const version = wanted[`@pulumi/${name}`];
    return !cached.some((one) => one.kind === "resource" && one.name === name && one.version === version);
  });
  if (missing.length === 0) return ok(`${PROVIDERS.join(" and ")} are here`);
  const installs = missing.map((name) => `\`pulumi plugin install resource ${name} ${wanted[`@pulumi/${name}`]}\``);
  return fail(`not cached: ${missing.join(", ")}`, installs.join(", "));
}
