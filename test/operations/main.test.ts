import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { CostReport } from "../../operations/costs/report.ts";
import { PROJECT_FOLDER } from "../../operations/stack-files.ts";

/** Runs `npm run dr -- …` as the script does, on the Node that is running already. */
async function dr(...args: string[]) {
  // Without an engine, whatever this machine has: no test may find stacks that somebody has deployed.
  const env = { ...process.env, PATH: "/nowhere" };
  const child = spawn(process.execPath, [join(PROJECT_FOLDER, "operations/main.ts"), ...args], { env });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].on("data", (chunk) => {
      said[stream] += chunk;
    });
  }
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, ...said };
}

describe("npm run dr", () => {
  it("lists its commands when asked, and is not content with none", async () => {
    const help = await dr("--help");
    expect(help).to.include({ code: 0, stderr: "" });
    expect(help.stdout).to.match(/Usage: npm run dr -- <command>[\s\S]* {2}costs {2,}\S/);
    const none = await dr();
    expect(none).to.include({ code: 2, stdout: "" });
    expect(none.stderr).to.include("expected a command, found none");
  });

  it("refuses what it does not know, and says what was probably meant", async () => {
    const { code, stdout, stderr } = await dr("costs", "--strategy", "pilot-lite");
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
    expect(stderr).to.include("found pilot-lite; did you mean pilot-light?");
  });
});

describe("npm run dr -- costs", () => {
  it("prints what docs/costs.md says of the stack files; else put there what it prints", async () => {
    const { code, stdout } = await dr("costs");
    expect(code).to.equal(0);
    const docs = readFileSync(join(PROJECT_FOLDER, "docs/costs.md"), "utf8");
    const [, shown] = /<!-- costs:begin[^>]*-->\n```text\n([\s\S]*?)```\n<!-- costs:end -->/.exec(docs) ?? [];
    expect(shown).to.equal(stdout);
  });

  it("explains its options", async () => {
    const { code, stdout } = await dr("costs", "--help");
    expect(code).to.equal(0);
    for (const option of ["--strategy", "--stack-files", "--json"]) expect(stdout).to.include(option);
  });

  it("prints one object for machines", async () => {
    const { code, stdout } = await dr("costs", "--json");
    expect(code).to.equal(0);
    const report: CostReport = JSON.parse(stdout);
    expect(report.strategies.length).to.equal(4);
    expect(report.currency).to.equal("USD");
  });

  it("prints every line of one strategy", async () => {
    const { code, stdout } = await dr("costs", "--strategy", "warm-standby");
    expect(code).to.equal(0);
    expect(stdout).to.include("shop: VPN");
  });

  it("fails with the reason when the stack files are not there", async () => {
    const { code, stdout, stderr } = await dr("costs", "--stack-files", "/nowhere");
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.include("Failed: expected the stack file /nowhere/Pulumi.yaml");
  });

  it("does not mind a reader that goes away", async () => {
    const child = spawn(process.execPath, [join(PROJECT_FOLDER, "operations/main.ts"), "costs"]);
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    expect(await new Promise((resolve) => child.once("close", resolve))).to.equal(0);
    expect(stderr).to.equal("");
  });
});

describe("npm run dr -- commands on objects", () => {
  for (const [args, complaint] of [
    [["restore-content"], "expected --at with the moment to go back to, found none"],
    [["restore-content", "--at", "noon"], "--at: expected a moment in the past with its zone"],
    [["restore-content", "--at", "2026-01-01T00:00:00Z", "--key", "a", "--prefix", "a"], "found both"],
    [["reconcile", "--back", "--repair"], "expected --repair or --back, found both"],
    [["reconcile", "--since", "2026-01-01T00:00:00Z"], "expected --since together with --back"],
  ] as const) {
    it(`refuse "${args.join(" ")}" before they look at anything`, async () => {
      const { code, stdout, stderr } = await dr(...args);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
      expect(stderr).to.include(complaint);
    });
  }

  it("say that there is no engine, and how to get it", async () => {
    const { code, stderr } = await dr("redrive");
    expect(code).to.equal(1);
    expect(stderr).to.include("expected the command pulumi on the PATH, found none");
  });
});

describe("npm run dr -- commands on the database", () => {
  for (const [args, complaint] of [
    [["restore-database"], "expected --from with a dump, or --list, found neither"],
    [["restore-database", "--list", "--from", "latest"], "expected --list or --from, found both"],
    [["restore-database", "--from", "yesterday"], "--from: expected latest, a moment as"],
    [["restore-database", "--from", "2026-01-01T02:00:00"], "--from: expected a moment in the past with its zone"],
    [["restore-database", "--from", "latest", "--user", "a"], "expected --into with the server"],
    [["restore-database", "--from", "latest", "--into", "db"], "expected --user and --password-file together"],
  ] as const) {
    it(`refuse "${args.join(" ")}" before they look at anything`, async () => {
      const { code, stdout, stderr } = await dr(...args);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
      expect(stderr).to.include(complaint);
    });
  }

  for (const args of [["restore-database", "--list"], ["dump-database"]]) {
    it(`say that there is no engine, and how to get it, when asked for "${args.join(" ")}"`, async () => {
      const { code, stderr } = await dr(...args);
      expect(code).to.equal(1);
      expect(stderr).to.include("expected the command pulumi on the PATH, found none");
    });
  }
});
