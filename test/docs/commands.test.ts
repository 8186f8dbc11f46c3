import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { REPLICATE_TAG } from "../../lambdas/secrets/secret-state.ts";
import type { Command } from "../../operations/command.ts";
import { PROJECT_FOLDER } from "../../operations/stack-files.ts";
import { HELP } from "../../rehearsal/options.ts";

/** Pages that people read, and copy from. */
const PAGES = ["*.md", "docs/**/*.md"];

async function pages(): Promise<[page: string, text: string][]> {
  const names = await Array.fromAsync(glob(PAGES, { cwd: PROJECT_FOLDER }));
  return names.map((name) => [name, readFileSync(join(PROJECT_FOLDER, name), "utf8")]);
}

/** All commands of `npm run dr`, by their names. */
async function commands(): Promise<Map<string, Command>> {
  const folder = join(PROJECT_FOLDER, "operations/commands");
  const files = await Array.fromAsync(glob("*.ts", { cwd: folder }));
  const modules: Record<string, unknown>[] = await Promise.all(files.map((file) => import(join(folder, file))));
  const found = modules.flatMap((module) => Object.values(module)).filter(isCommand);
  return new Map(found.map((command) => [command.name, command]));
}

function isCommand(value: unknown): value is Command {
  return typeof value === "object" && value !== null && "run" in value && "summary" in value;
}

/** A command as it is written: up to the end of its line, of its code, or of what a shell takes for its own. */
const DR = /npm run (?:--silent )?dr -- ([a-z-]+)([^`\n&|#;)]*)/g;
const START = /npm start -- ([^`\n&|#;)]*)/g;

const flagsIn = (text: string) => [...text.matchAll(/--([a-z-]+)/g)].map(([, flag = ""]) => flag);

describe("what the documentation has people type", () => {
  it("are commands of `npm run dr` that exist, with options that they have", async () => {
    const known = await commands();
    const wrong: string[] = [];
    for (const [page, text] of await pages()) {
      for (const [all, name = "", rest = ""] of text.matchAll(DR)) {
        const options = known.get(name)?.options;
        const strange = flagsIn(rest).filter((flag) => flag !== "help" && !(flag in (options ?? {})));
        if (!options || strange.length > 0) wrong.push(`${page}: ${all}`);
      }
    }
    expect(wrong).to.deep.equal([]);
  });

  it("are options that `npm start` has", async () => {
    const wrong: string[] = [];
    for (const [page, text] of await pages()) {
      for (const [all, rest = ""] of text.matchAll(START)) {
        if (flagsIn(rest).some((flag) => !HELP.includes(`--${flag} `))) wrong.push(`${page}: ${all}`);
      }
    }
    expect(wrong).to.deep.equal([]);
  });

  it("are keys that Pulumi.yaml explains", async () => {
    const { config } = parse(readFileSync(join(PROJECT_FOLDER, "Pulumi.yaml"), "utf8")) as { config: object };
    const keys = new Set([...Object.keys(config), "workloads"]);
    const wrong: string[] = [];
    for (const [page, text] of await pages()) {
      for (const [all, key = ""] of text.matchAll(/multicloud-dr:([a-z]\w*)/g)) {
        // A token of a component has a room and a class behind it.
        const isToken = text.includes(`${all}:`) && /^[a-z]+$/.test(key) && !keys.has(key);
        // What lets a secret across is a tag on AWS, and no key.
        if (!keys.has(key) && !isToken && all !== REPLICATE_TAG) wrong.push(`${page}: ${all}`);
      }
    }
    expect(wrong).to.deep.equal([]);
  });
});
