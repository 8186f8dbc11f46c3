import { join } from "node:path";
import { PROJECT_FOLDER, readStackSettings } from "../../operations/stack-files.ts";
import type { Role } from "../../stacks/fields.ts";
import type { Settings } from "../../stacks/settings.ts";

/** Where the stack files are; a path is taken from the project's folder. */
export interface Files {
  folder: string;
}

/** How a policy takes it as configuration. */
export const FILES = { folder: { type: "string", default: "." } } as const;

/**
 * What the file of another stack says of a workload: one stack sees nothing of the others' resources.
 *
 * @returns undefined when there is no file that could be read, or it has no such workload
 */
export function settingsIn<R extends Role>(role: R, workload: string, { folder }: Files): Settings<R> | undefined {
  try {
    const workloads = readStackSettings(join(PROJECT_FOLDER, folder), role) as (Settings<R> & { workload: string })[];
    return workloads.find((each) => each.workload === workload);
  } catch {
    // Whoever asks says that it is not known; `pulumi preview` of that stack says what is wrong with its file.
    return undefined;
  }
}
