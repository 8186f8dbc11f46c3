import { readFile } from "node:fs/promises";
import { zipSync } from "fflate";
import { fields, text } from "./common.ts";

/** Marks an asset or an archive on the wire (sdk/go/common/resource/sig), and which of the two it is. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** ZIP knows no time before this; the same files must give the same bytes, so that the hash changes with them only. */
const MODIFIED = new Date(1980, 0, 1);

/**
 * The deployment package that an archive of Pulumi's describes, as ZIP.
 *
 * @throws Error for an archive that is given by address, which nothing here may fetch
 */
export async function packageOf(code: unknown): Promise<Buffer> {
  const archive = fields(code);
  if (archive[SIGNATURE] !== ARCHIVE) throw new Error(`expected an archive as code, found ${JSON.stringify(code)}`);
  const path = text(archive.path);
  if (path) return readFile(path);
  if (archive.assets === undefined) {
    const found = `with ${Object.keys(archive).filter((key) => key !== SIGNATURE)}`;
    throw new Error(
      `expected an archive of assets or of a ZIP file's path as code, found one ${found}: give one of these`,
    );
  }
  return Buffer.from(zipSync(await filesOf(archive), { mtime: MODIFIED }));
}

/** The files of an archive of assets by their paths, those of archives inside it too. */
async function filesOf(archive: Record<string, unknown>): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const [name, value] of Object.entries(fields(archive.assets))) {
    const item = fields(value);
    if (item[SIGNATURE] === ASSET) files[name] = await bytesOf(name, item);
    else for (const [inner, bytes] of Object.entries(await filesOf(item))) files[`${name}/${inner}`] = bytes;
  }
  return files;
}

async function bytesOf(name: string, asset: Record<string, unknown>): Promise<Uint8Array> {
  const content = text(asset.text);
  if (content !== undefined) return Buffer.from(content);
  const path = text(asset.path);
  if (path) return readFile(path);
  throw new Error(
    `expected an asset of text or of a path as ${name}, found ${JSON.stringify(asset)}: give one of these`,
  );
}
