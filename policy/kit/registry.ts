import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { PROJECT_FOLDER } from "../../operations/stack-files.ts";
import { TIERS } from "./tiers.ts";

const tiers = Object.keys(TIERS).map(Number);

const REGISTRY = z.strictObject({
  version: z.literal(1),
  workloads: z.record(
    z.string(),
    z.strictObject({
      tier: z.number().refine((tier) => tiers.includes(tier), `expected a tier: ${tiers.join(", ")}`),
      standby: z.literal("azure", "expected azure, where the standby of this project is"),
    }),
  ),
});

/** The workloads that there are, by name. */
export type Registry = z.infer<typeof REGISTRY>["workloads"];

/**
 * Reads the list of workloads.
 *
 * @param file from the project's folder @example "workloads.yaml"
 * @returns it, or what is wrong with the file
 */
export function readRegistry(file: string): { workloads: Registry } | { wrong: string } {
  try {
    const read = REGISTRY.safeParse(parse(readFileSync(join(PROJECT_FOLDER, file), "utf8")));
    if (read.success) return { workloads: read.data.workloads };
    const [issue] = read.error.issues;
    return { wrong: `${file} is wrong at ${issue?.path.join(".") || "its top"}: ${issue?.message}` };
  } catch (error) {
    return { wrong: `${file} cannot be read: ${(error as Error).message}` };
  }
}
