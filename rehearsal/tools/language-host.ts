import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { cached } from "./cache.ts";
import type { Engine } from "./engine.ts";
import { buildGoProgram } from "./go.ts";
import type { Report } from "./run.ts";

/** The last version of the SDK's Go module that has the language host in it; it runs programs of every later SDK. */
const HOST = "3.66.0";

/**
 * The folder with `pulumi-language-nodejs`, by which the engine runs a program when it is started from a
 * shell. Pulumi's own installation has it beside the engine; where there is none it is built (20 s).
 *
 * It is kept apart from an engine of our own: an engine that finds a host asks it to run policy packs too,
 * and this one can't; without it the engine runs them by `pulumi-analyzer-policy-nodejs`.
 */
export async function findLanguageHost(engine: Engine, report: Report, signal: AbortSignal): Promise<string> {
  const folders = [dirname(engine.command.command), ...(process.env.PATH ?? "").split(delimiter)];
  const found = folders.find((folder) => existsSync(join(folder, "pulumi-language-nodejs")));
  if (found) return found;
  const root = await cached(`language-host-${HOST}`, async (folder) => {
    const host = {
      package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      module: "github.com/pulumi/pulumi/sdk/v3",
      version: `v${HOST}`,
    };
    await buildGoProgram(host, join(folder, "bin/pulumi-language-nodejs"), report, signal);
  });
  return join(root, "bin");
}
