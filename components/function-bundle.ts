import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { buildSync } from "esbuild";

const LAMBDAS = fileURLToPath(new URL("../lambdas/", import.meta.url));

/** Where bundles are kept: among the packages, where nobody but their owner writes, and git looks away. */
const BUNDLES = fileURLToPath(new URL("../node_modules/.cache/multicloud-dr/", import.meta.url));

/** What a bundle is made for. @default AWS Lambda's nodejs24.x, which brings nothing that is left out */
export interface BundleTarget {
  /** The Node that runs it, as esbuild names it. @default "node24" */
  node?: string;
  /** Modules that whoever runs it provides, and that are left out. @default none */
  provided?: string[];
}

/**
 * One function of lambdas/ with all that it imports, as a single CommonJS file `index.js`.
 *
 * The same sources give the same bytes, so an `up` without changes changes nothing.
 *
 * @param entry path of the function's module inside lambdas/ @example "objects/handler.ts"
 */
export function bundleFunction(entry: string): pulumi.asset.AssetArchive {
  return new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.FileAsset(bundleFile(entry)) });
}

/** The bundles of this process: sources do not change under a running program, and many workloads share a function. */
const made = new Map<string, string>();

/** Path of the file that a bundle is in. Its name is the digest of its bytes. */
export function bundleFile(entry: string, target: BundleTarget = {}): string {
  const key = JSON.stringify([entry, target]);
  const path = made.get(key) ?? build(entry, target);
  made.set(key, path);
  return path;
}

function build(entry: string, { node = "node24", provided = [] }: BundleTarget): string {
  const { outputFiles } = buildSync({
    entryPoints: [`${LAMBDAS}${entry}`],
    absWorkingDir: LAMBDAS,
    bundle: true,
    platform: "node",
    target: node,
    external: provided,
    format: "cjs",
    minify: true,
    keepNames: true,
    legalComments: "none",
    write: false,
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`esbuild gave no output for ${entry}`);
  return kept(file.contents);
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
