import { resolve } from "node:path";
import type { Option, Values } from "../command.ts";
import { PROJECT_FOLDER } from "../stack-files.ts";

/** Options of every command on objects. */
export const OBJECTS_OPTIONS = {
  workload: { type: "string", value: "workload", help: "which one, where the stacks have several" },
  "stack-files": {
    type: "string",
    value: "folder",
    help: "folder with Pulumi.yaml and the stack files; the project's own without it",
  },
  json: { type: "boolean", help: "one JSON object on standard output" },
} as const satisfies Record<string, Option>;

/** The folder with the stack files. */
export function folderOf({ "stack-files": folder }: Values): string {
  return typeof folder === "string" ? resolve(folder) : PROJECT_FOLDER;
}

/** The value of an option that takes a text. */
export function textOf(value: Values[string]): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Prints the one object that `--json` asks for, or the text. */
export function print(json: unknown, result: object, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : `${text}\n`);
}
