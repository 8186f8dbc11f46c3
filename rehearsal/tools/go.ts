import { mkdir, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import semver from "semver";
import { findPackagedGo } from "./python.ts";
import { MissingTool, type Report, run } from "./run.ts";

/** The oldest Go that builds the engine (the `go` line of its modules). */
const OLDEST_GO = "1.25.11";

/** A program of a Go module that has its own dependencies replaced, as its authors' own build does. */
export interface GoProgram {
  /** Import path of the program's package. */
  package: string;
  /** Module that has it, and the version. */
  module: string;
  version: string;
  replace?: string[];
  ldflags?: string;
}

/**
 * Builds a program from its module into `target`.
 *
 * The machine's Go where it is new enough, else the one from the Python package.
 *
 * @throws MissingTool when neither is to be had, Error with the compiler's words when it does not build
 */
export async function buildGoProgram(
  program: GoProgram,
  target: string,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const path = await pathWithGo(report, signal);
  const environment = { PATH: path, GOTOOLCHAIN: "local", GOFLAGS: "-buildvcs=false -mod=mod" };
  const folder = `${target}.module`;
  await mkdir(folder, { recursive: true });
  const replaces = (program.replace ?? []).map((line) => `replace ${line}`);
  const require = `require ${program.module} ${program.version}`;
  await writeFile(join(folder, "go.mod"), ["module build", `go ${OLDEST_GO}`, require, ...replaces, ""].join("\n"));
  await writeFile(join(folder, "tools.go"), `//go:build tools\n\npackage tools\n\nimport _ "${program.package}"\n`);
  const options = { folder, environment, signal, report };
  await run("go", ["mod", "tidy"], options);
  report("compiling");
  const flags = ["-tags", "osusergo,grpcnotrace", "-ldflags", `-s -w ${program.ldflags ?? ""}`];
  await run("go", ["build", ...flags, "-o", target, program.package], options);
  await rm(folder, { recursive: true });
}

async function pathWithGo(report: Report, signal: AbortSignal): Promise<string> {
  const version = await run("go", ["env", "GOVERSION"], { environment: { GOTOOLCHAIN: "local" }, signal }).catch(
    () => "",
  );
  if (semver.gte(semver.coerce(version) ?? "0.0.0", OLDEST_GO)) return process.env.PATH ?? "";
  try {
    return [await findPackagedGo(report, signal), process.env.PATH].join(delimiter);
  } catch (error) {
    if (signal.aborted) throw error;
    throw new MissingTool(
      `Go ${OLDEST_GO} or newer was not found and could not be fetched; the rehearsal builds the Pulumi engine with it: ` +
        "install Go (go.dev/dl), or put Pulumi's own command on the PATH (pulumi.com/docs/install), and run this again.",
      { cause: error },
    );
  }
}
