import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { buildSync } from "esbuild";

const LAMBDAS = fileURLToPath(new URL("../../lambdas/", import.meta.url));

/** Where bundles are kept: among the packages, where nobody but their owner writes, and git looks away. */
const BUNDLES = fileURLToPath(new URL("../../node_modules/.cache/multicloud-dr/", import.meta.url));

/**
 * One function of lambdas/ with all that it imports, as a single CommonJS file `index.js`.
 *
 * The same sources give the same bytes, so an `up` without changes changes nothing.
 *
 * @param entry path of the function's module inside lambdas/ @example "objects/handler.ts"
 */
export function bundleFunction(entry: string): pulumi.asset.AssetArchive {
  const { outputFiles } = buildSync({
    entryPoints: [`${LAMBDAS}${entry}`],
    absWorkingDir: LAMBDAS,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    minify: true,
    keepNames: true,
    legalComments: "none",
    write: false,
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`esbuild gave no output for ${entry}`);
  return new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.FileAsset(kept(file.contents)) });
}

/**
 * A file with the bytes, under a name that tells them. As a file they stay out of the state and off the wire, on
 * which Pulumi spends seconds with a text of two megabytes.
 */
function kept(contents: Uint8Array): string {
  const digest = createHash("sha256").update(contents).digest("hex");
  const path = join(BUNDLES, `${digest}.js`);
  if (existsSync(path)) return path;
  mkdirSync(BUNDLES, { recursive: true });
  // It takes its name when it is whole: another `up` may be at the same.
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
  return path;
}
