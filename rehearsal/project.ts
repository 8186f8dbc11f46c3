import { copyFile, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the checkout. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * Lays the project out in `folder`: the stack files as copies, because the engine writes into them, and
 * everything else as links to the checkout.
 */
export async function copyProject(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(ROOT)) {
    if (name === ".git") continue;
    if (/^Pulumi(\..+)?\.ya?ml$/.test(name)) await copyFile(join(ROOT, name), join(folder, name));
    else await symlink(join(ROOT, name), join(folder, name));
  }
}
