import { readFile } from "node:fs/promises";
import { zipSync } from "fflate";
import type { Properties } from "./codec.ts";

/** Marks an asset or an archive on the wire (sdk/go/common/resource/sig), and which of the two it is. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const ASSET = "c44067f5952c0a294b673a41bacd8c17";
export const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** ZIP knows no time before this; the same files must give the same bytes, so that the hash changes with them only. */
const MODIFIED = new Date(1980, 0, 1);

/**
 * The bytes that an asset of Pulumi's stands for.
 *
 * @param name what the asset is for; named in the error
 * @throws Error for an asset that is given by address, which nothing here may fetch
 */
export async function assetBytes(name: string, asset: unknown): Promise<Buffer> {
  const { [SIGNATURE]: signature, text, path } = (asset ?? {}) as Properties;
  if (signature === ASSET && typeof text === "string") return Buffer.from(text);
  if (signature === ASSET && typeof path === "string") return readFile(path);
  throw new Error(
    `expected an asset of text or of a path as ${name}, found ${JSON.stringify(asset)}: give one of these`,
  );
}

/**
 * The bytes that an archive of Pulumi's stands for, as ZIP.
 *
 * @param name what the archive is for; named in the error
 * @throws Error for an archive that is given by address, which nothing here may fetch
 */
export async function archiveBytes(name: string, value: unknown): Promise<Buffer> {
  const archive = (value ?? {}) as Properties;
  if (archive[SIGNATURE] !== ARCHIVE) throw new Error(`expected an archive as ${name}, found ${JSON.stringify(value)}`);
  if (typeof archive.path === "string") return readFile(archive.path);
  return Buffer.from(zipSync(await filesOf(name, archive), { mtime: MODIFIED }));
}

/** Whether it is an archive, and not an asset. */
export function isArchive(value: unknown): boolean {
  return (value as Properties | undefined)?.[SIGNATURE] === ARCHIVE;
}

/** The files of an archive of assets by their paths, those of archives inside it too. */
async function filesOf(name: string, archive: Properties): Promise<Record<string, Uint8Array>> {
  if (archive.assets === undefined) {
    const found = `with ${Object.keys(archive).filter((key) => key !== SIGNATURE)}`;
    throw new Error(
      `expected an archive of assets or of a ZIP file's path as ${name}, found one ${found}: give one of these`,
    );
  }
  const files: Record<string, Uint8Array> = {};
  for (const [path, item] of Object.entries(archive.assets as Record<string, Properties>)) {
    if (!isArchive(item)) files[path] = await assetBytes(path, item);
    else for (const [inner, bytes] of Object.entries(await filesOf(path, item))) files[`${path}/${inner}`] = bytes;
  }
  return files;
}
