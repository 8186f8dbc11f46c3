import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { parseSettings, type Role, type Settings } from "../stacks/settings.ts";

/** Folder with Pulumi.yaml and the stack files: the root of the project. */
export const PROJECT_FOLDER = fileURLToPath(new URL("..", import.meta.url));

const NAMESPACE = "multicloud-dr:";

/**
 * The settings of the workloads of a stack, read from its file without the engine.
 *
 * @param folder where Pulumi.yaml and the stack files are
 * @param role which stack, by the name of its role
 * @throws Error that says what is wrong with a file, or pulumi.RunError with every problem of the configuration
 */
export function readStackSettings<R extends Role>(folder: string, role: R): Settings<R>[] {
  const config = { ...defaultsIn(folder), ...configOf(readYaml(folder, `Pulumi.${role}.yaml`)) };
  const { role: found, workloads } = parseSettings(config, role);
  if (found === role) return workloads as unknown as Settings<R>[];
  throw new Error(`multicloud-dr:role in Pulumi.${role}.yaml: expected ${role}, found ${found}`);
}

/** The defaults that Pulumi.yaml declares; the engine merges them in the same way. */
function defaultsIn(folder: string): Record<string, string> {
  const declarations = Object.entries(readYaml(folder, "Pulumi.yaml").config ?? {});
  const defaults = declarations.map(([key, declaration]) => [
    `${NAMESPACE}${key}`,
    (declaration as { default?: unknown } | null)?.default,
  ]);
  return configOf({ config: Object.fromEntries(defaults) });
}

interface ConfigFile {
  config?: Record<string, unknown> | null;
}

/** Every value as the engine hands it to a program: a text, and JSON where it is more than one. */
function configOf({ config }: ConfigFile): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config ?? {})
      .filter(([, value]) => value !== undefined && value !== null && !isSecret(value))
      .map(([key, value]) => [key, typeof value === "object" ? JSON.stringify(value) : String(value)]),
  );
}

/** Only the engine can open a secret; without it, its default holds. */
function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}

function readYaml(folder: string, name: string): ConfigFile {
  const path = join(folder, name);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`expected the stack file ${path}, found none that can be read (${(error as Error).message})`);
  }
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw new Error(`expected YAML in ${path}: ${(error as Error).message}`);
  }
  if (typeof content === "object" && content !== null && !Array.isArray(content)) return content as ConfigFile;
  throw new Error(`expected keys and values in ${path}, with the stack's configuration under \`config\``);
}
