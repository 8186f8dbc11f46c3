import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { cached } from "./cache.ts";
import type { Engine } from "./engine.ts";
import { buildGoProgram } from "./go.ts";
import type { Report } from "./run.ts";

/** The last version of the SDK's module that has the language host in it; it runs programs of every later SDK. */
const HOST = "3.66.0";

/**
 * The folder with `pulumi-language-nodejs`, by which the engine runs a program when it is started from a
 * shell. Pulumi's own installation has it beside the engine; it is built (15 s) where there is none.
 */
export async function findLanguageHost(engine: Engine, report: Report, signal: AbortSignal): Promise<string> {
  const folders = [dirname(engine.command.command), ...(process.env.PATH ?? "").split(delimiter)];
  const found = folders.find((folder) => existsSync(join(folder, "pulumi-language-nodejs")));
  if (found) return found;
  const root = await cached(`language-host-${HOST}`, async (folder) => {
    await mkdir(join(folder, "bin"));
    const program = {
      package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      module: "github.com/pulumi/pulumi/sdk/v3",
      version: `v${HOST}`,
    };
    await buildGoProgram(program, folder, join(folder, "bin/pulumi-language-nodejs"), report, signal);
  });
  return join(root, "bin");
}
