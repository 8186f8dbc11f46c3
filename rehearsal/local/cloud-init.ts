import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";

/** What a cloud-config may ask for here. */
interface CloudConfig {
  write_files?: { path: string; content: string; permissions?: string }[];
}

/**
 * Does at a machine's first boot what cloud-init does: writes the files that the user data asks for.
 *
 * @param root folder that stands for the machine's disk
 * @throws Error for user data that is no cloud-config, or asks for what is not done here
 */
export async function applyUserData(userData: string, root: string): Promise<void> {
  if (!userData.startsWith("#cloud-config\n")) {
    throw new Error(`the user data is no cloud-config: it begins with ${JSON.stringify(userData.slice(0, 30))}`);
  }
  const config = (parse(userData) ?? {}) as CloudConfig;
  const others = Object.keys(config).filter((key) => key !== "write_files");
  if (others.length > 0)
    throw new Error(`the local machines carry write_files out, and nothing else: ${others.join(", ")}`);
  for (const { path, content, permissions = "0644" } of config.write_files ?? []) {
    const file = join(root, resolve("/", path));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    await chmod(file, Number.parseInt(permissions, 8));
  }
}
