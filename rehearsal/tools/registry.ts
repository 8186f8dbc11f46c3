import { join } from "node:path";
import { cached } from "./cache.ts";
import { buildGoProgram, type GoProgram } from "./go.ts";
import { MissingTool, type Report } from "./run.ts";

/** Registries that containers' images are copied between here; both are free software under the Apache licence. */
const REGISTRIES = {
  /** Small, and lists what refers to an image, as AWS's and Azure's do. */
  olareg: { package: "github.com/olareg/olareg/cmd/olareg", module: "github.com/olareg/olareg", version: "v0.1.2" },
  /** The reference implementation, strict, and without such lists. */
  distribution: {
    package: "github.com/distribution/distribution/v3/cmd/registry",
    module: "github.com/distribution/distribution/v3",
    version: "v3.1.2",
  },
} satisfies Record<string, GoProgram>;

export type RegistryKind = keyof typeof REGISTRIES;

/**
 * A real registry of containers' images, built from its Go module: 5 s for the small one, 2 min for the other.
 *
 * @returns path of the program
 * @throws MissingTool when it can't be built
 */
export async function findRegistry(kind: RegistryKind, report: Report, signal: AbortSignal): Promise<string> {
  const program = REGISTRIES[kind];
  const folder = await cached(`${kind}-${program.version.slice(1)}`, async (unfinished) => {
    await buildGoProgram(program, join(unfinished, kind), report, signal);
  }).catch((error) => {
    if (error instanceof MissingTool || signal.aborted) throw error;
    throw new MissingTool(
      `The registry ${kind} could not be built; containers' images are copied between real ones here: let Go reach its ` +
        `module proxy, and run this again.\n${error.message}`,
      { cause: error },
    );
  });
  return join(folder, kind);
}
