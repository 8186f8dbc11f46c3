import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import semver from "semver";
import { CACHE, cached } from "./cache.ts";
import { buildGoProgram } from "./go.ts";
import { MissingTool, type Report } from "./run.ts";

/** The oldest engine on the PATH that is taken as it is. */
const OLDEST_ENGINE = "3.240.0";

/** The engine that is built where none can be downloaded: the newest whose module is widely mirrored. */
const BUILT_ENGINE = "3.259.0";

/** How long the installer's site may take to answer before it counts as out of reach, in milliseconds. */
const INSTALLER_PATIENCE = 3000;

/** A Pulumi engine. */
export interface Engine {
  command: PulumiCommand;
  /** How it was come by, for the report. */
  origin: string;
}

/**
 * The real Pulumi engine: the one built before, else the one on the PATH, else Pulumi's own installer,
 * else a build from its Go modules (some four minutes on two cores).
 *
 * @throws MissingTool when it must be built and there is no Go
 */
export async function findEngine(report: Report, signal: AbortSignal): Promise<Engine> {
  const built = join(CACHE, `engine-${BUILT_ENGINE}`);
  if (existsSync(built)) return { command: await PulumiCommand.get({ root: built }), origin: "cached build" };
  const onPath = await engineOnPath();
  if (onPath) return { command: onPath, origin: "on the PATH" };
  const version = sdkVersion();
  const installed = join(CACHE, `installed-${version}`);
  if (existsSync(join(installed, "bin/pulumi")) || (await installerAnswers(signal))) {
    report(`installing Pulumi ${version}`);
    const root = await cached(`installed-${version}`, async (folder) => {
      await PulumiCommand.install({ version: new semver.SemVer(version), root: folder });
    });
    return { command: await PulumiCommand.get({ root }), origin: "Pulumi's installer" };
  }
  report("no engine on the PATH and Pulumi's installer is out of reach: building it from source");
  return { command: await PulumiCommand.get({ root: await buildEngine(report, signal) }), origin: "built from source" };
}

async function engineOnPath(): Promise<PulumiCommand | undefined> {
  const command = await PulumiCommand.get().catch(() => undefined);
  return command?.version && semver.gte(command.version, OLDEST_ENGINE) ? command : undefined;
}

async function installerAnswers(signal: AbortSignal): Promise<boolean> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(INSTALLER_PATIENCE)]);
  return fetch("https://get.pulumi.com/install.sh", { method: "HEAD", signal: patience }).then(
    ({ ok }) => ok,
    () => false,
  );
}

function buildEngine(report: Report, signal: AbortSignal): Promise<string> {
  return cached(`engine-${BUILT_ENGINE}`, async (folder) => {
    const engine = {
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      module: "github.com/pulumi/pulumi/pkg/v3",
      version: `v${BUILT_ENGINE}`,
      // The engine's own go.mod has these, and Go takes no note of replacements in a dependency.
      replace: [
        "github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e",
        "golang.org/x/text => golang.org/x/text v0.39.0",
      ],
      ldflags: `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${BUILT_ENGINE}`,
    };
    await buildGoProgram(engine, join(folder, "bin/pulumi"), report, signal);
  }).catch((error) => {
    if (error instanceof MissingTool || signal.aborted) throw error;
    throw new MissingTool(
      "The Pulumi engine was not found and could not be built; everything here is deployed by it: put Pulumi's own " +
        `command on the PATH (pulumi.com/docs/install), or let Go reach its module proxy, and run this again.\n${error.message}`,
      { cause: error },
    );
  });
}

/** Version of the SDK that the project uses; the engine of the same version is there to be installed. */
function sdkVersion(): string {
  return String(createRequire(import.meta.url)("@pulumi/pulumi/package.json").version);
}
