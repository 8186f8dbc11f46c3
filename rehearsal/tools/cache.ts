import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where everything that is downloaded or built is kept between runs, outside the work tree. */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "multicloud-dr");

/**
 * The folder `name` of the cache, made once by `make` and never changed.
 *
 * It takes its name only when it is whole, so a run that is cut short, or two runs at once, leave no
 * half of one behind.
 */
export async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  const unfinished = await mkdtemp(join(CACHE, `${name}.unfinished-`));
  try {
    await make(unfinished);
    await rename(unfinished, folder).catch((error: NodeJS.ErrnoException) => {
      // Another run was faster; its folder is as good.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}
