import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { expect } from "chai";
import { parse } from "yaml";
import { preflight } from "../../operations/commands/preflight.ts";
import { PROJECT_FOLDER } from "../../operations/stack-files.ts";

/** A pipeline as its service takes it. */
type Pipeline = Record<string, unknown>;

/** What stands after `npm run --silent dr --`, where a line runs it. */
const COMMAND = /^npm run --silent dr -- (.+)$/;

const FILES: Record<string, (pipeline: Pipeline) => { lines: string[]; kept: unknown }> = {
  "preflight.yml": (pipeline) => {
    const { steps } = (pipeline.jobs as { preflight: { steps: { run?: string; with?: { path?: string } }[] } })
      .preflight;
    return {
      lines: steps.flatMap(({ run = "" }) => run.split("\n")),
      kept: steps.find((step) => step.with?.path !== undefined)?.with?.path,
    };
  },
  "preflight.gitlab-ci.yml": (pipeline) => {
    const { script, artifacts } = pipeline.preflight as { script: string[]; artifacts: { paths: string[] } };
    return { lines: script.flatMap((text) => text.split("\n")), kept: artifacts.paths[0] };
  },
};

for (const [name, read] of Object.entries(FILES)) {
  describe(`the nightly check in docs/ci/${name}`, () => {
    const text = readFileSync(join(PROJECT_FOLDER, "docs/ci", name), "utf8");
    const { lines, kept } = read(parse(text) as Pipeline);
    const commands = lines.flatMap((line) => COMMAND.exec(line)?.[1] ?? []);

    it("runs a command that exists, with options that it has", () => {
      expect(commands.at(-1)).to.equal("preflight --export state-of-dr.json --json");
      for (const command of commands) {
        const [called, ...args] = command.split(" ");
        expect(called).to.equal(preflight.name);
        parseArgs({ args, options: { ...preflight.options, help: { type: "boolean" } } });
      }
    });

    it("keeps the export of the state, and no secret to sign in by", () => {
      expect(kept).to.equal("state-of-dr.json");
      expect(text).to.include("api://AzureADTokenExchange");
      expect(text).not.to.match(/secrets\.|CLIENT_SECRET|PASSPHRASE|AWS_/);
    });
  });
}
