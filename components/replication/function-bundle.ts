import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { buildSync } from "esbuild";

const LAMBDAS = fileURLToPath(new URL("../../lambdas/", import.meta.url));

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
  return new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(file.text) });
}
