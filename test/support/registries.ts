import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningRegistry, startRegistry } from "../../rehearsal/local/registry.ts";
import { findRegistry, type RegistryKind } from "../../rehearsal/tools/registry.ts";

/** The real registries of a suite, by the names that it gives them; they end with it. @returns where one answers */
export function useRegistries<Name extends string>(kinds: Record<Name, RegistryKind>): (name: Name) => string {
  const running = new Map<string, RunningRegistry>();
  let folder: string;

  before(async function () {
    // A machine's first run may have to build them.
    this.timeout(600_000);
    folder = await mkdtemp(join(tmpdir(), "multicloud-dr-registries-"));
    for (const [name, kind] of Object.entries<RegistryKind>(kinds)) {
      const program = await findRegistry(kind, () => {}, new AbortController().signal);
      const onDeath = (error: Error) => console.error(error.message);
      running.set(name, await startRegistry({ kind, program, folder: join(folder, name), onDeath }));
    }
  });
  after(async () => {
    for (const { service } of running.values()) await service.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  return (name) => {
    const found = running.get(name);
    if (!found) throw new Error(`the registry ${name} does not run yet`);
    return found.origin;
  };
}

let repositories = 0;

/** A repository's name that no other test has. */
export function freshName(): string {
  repositories += 1;
  return `team/app-${process.pid}-${repositories}`;
}
