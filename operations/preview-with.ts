import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Operation, renderChanges } from "./operation.ts";

/**
 * What an `up` of stack `dr` would do with other values in its file, which stays as it is: a copy is changed.
 *
 * @param values by their names without namespace
 */
export async function previewWith(
  { folder, workload }: Operation,
  values: Record<string, string>,
  signal: AbortSignal,
): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "multicloud-dr-preview-"));
  try {
    const files = (await readdir(folder)).filter((name) => /^Pulumi\..*yaml$|^Pulumi\.yaml$/.test(name));
    await Promise.all(files.map((name) => copyFile(join(folder, name), join(copy, name))));
    const copied = await Operation.open({ folder: copy, workload });
    await copied.set("dr", values);
    const { preview } = await import("./stacks.ts");
    return renderChanges(await preview(await copied.stack("dr"), { signal }));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
