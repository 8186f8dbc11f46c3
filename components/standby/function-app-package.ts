import { createHash } from "node:crypto";
import { basename } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { APP_FILES } from "../../lambdas/standby/app-files.ts";
import { type BundleTarget, bundleFile } from "../function-bundle.ts";

/** The code of a function app, zipped when it is handed over. */
export interface FunctionAppPackage {
  archive: pulumi.asset.AssetArchive;
  /** File name that tells its contents: another package has another one. @example "4fd1….zip" */
  fileName: string;
}

/** Node of a Flex Consumption app ("Azure Functions Flex Consumption plan hosting", Supported language stacks). */
export const NODE_VERSION = "22";

/** What runs the app has this module itself, and the library of the functions looks for it there. */
const TARGET: BundleTarget = { node: `node${NODE_VERSION}`, provided: ["@azure/functions-core"] };

/**
 * Packs a function app: one bundle, and the two files that Azure Functions looks for beside it.
 *
 * @param entry path of the app's module inside lambdas/ @example "standby/handler.ts"
 */
export function functionAppPackage(entry: string): FunctionAppPackage {
  const bundle = bundleFile(entry, TARGET);
  const files = Object.entries(APP_FILES).map(([name, text]) => [name, new pulumi.asset.StringAsset(text)]);
  const digest = createHash("sha256")
    .update(JSON.stringify([basename(bundle), APP_FILES]))
    .digest("hex");
  return {
    archive: new pulumi.asset.AssetArchive({
      ...Object.fromEntries(files),
      "index.js": new pulumi.asset.FileAsset(bundle),
    }),
    fileName: `${digest}.zip`,
  };
}
