import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { ScenarioReport } from "../../rehearsal/scenario-report.ts";
import { type Command, processesOf, useCommands } from "../support/command.ts";

/** How long a run may take to its own end, in milliseconds; on two busy cores it takes its time. */
const WHOLE_STORY = 900_000;

/** How long a run may go on after the blow that ends it, in milliseconds. */
const SOON = 10_000;

/** The emulators' processes, as the run tells them. */
async function emulators(command: Command): Promise<{ aws: number; azure: number }> {
  const [, aws, azure] = await command.says(/processes (\d+) and (\d+)/);
  return { aws: Number(aws), azure: Number(azure) };
}

/** The run's folder, which a failed run names so that its logs can be read. */
function folderOf({ stderr }: Command): string {
  return /of this run: (\S+)/.exec(stderr)?.[1] ?? "";
}

async function endsSoon(command: Command): Promise<number | null> {
  const struck = performance.now();
  const code = await command.ended;
  expect(performance.now() - struck).to.be.below(SOON);
  return code;
}

describe("npm start", () => {
  const start = useCommands();
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "page-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** With a clock that is faster than the users' own; the page goes where nobody looks for it. */
  const options = (...more: string[]) => ["--speed", "30", "--page", join(folder, "page.html"), ...more];

  it("plays the loss of AWS with a standby that follows live, fails back, and leaves nothing behind", async () => {
    const command = start("rehearsal/main.ts", options("--json", "--strategy", "warm-standby"));
    const { aws, azure } = await emulators(command);
    expect(await command.ended, command.stderr).to.equal(0);

    const report: ScenarioReport = JSON.parse(command.stdout);
    expect(report).to.include({ ok: true, scenario: "site", strategy: "warm-standby", speed: 30 });
    expect(new Set(report.resources.map(({ stack }) => stack))).to.deep.equal(
      new Set(["prod", "dr", "link", "traffic"]),
    );
    expect(report.audit).to.include({ passed: true });
    expect(report.crossed.map(({ key }) => key)).to.have.members([
      "index.html",
      "empty",
      "media/large.bin",
      "a folder/with spaces.txt",
      "plus+and+plus.txt",
      "unicode/übergrößen-日本語-🙂.txt",
      "percent%20and 100%.txt",
      "a folder/",
      "back\\slash and dot.",
    ]);
    const compared = report.timings.find(({ title }) => title.includes("compare both sides"));
    expect(compared?.result, "one of them was deleted").to.match(
      /^8 objects agree, digest [0-9a-f]{16} on both sides$/,
    );
    expect(report.crossed.find(({ key }) => key === "media/large.bin")).to.have.property("bytes", 200 * 1024 * 1024);
    expect(report.answers.map(({ site, question, status }) => `${site}: ${question}: ${status}`)).to.deep.equal([
      ...["primary: health: 200", "primary: write a row: 201", "primary: read the rows: 200"],
      ...["primary: content by the app: 200", "primary: content by the edge: 200"],
    ]);
    expect(report.assertions).to.deep.include({
      ...{ what: "a second declaration leaves nothing for later", ok: true, found: "nothing left" },
    });
    expect(report.assertions.map(({ what }) => what)).to.include(
      "no confirmed row older than 5 s is lost (at the primary)",
    );
    const { recovery, requests } = report.measured;
    expect(recovery.fromWord).to.be.greaterThan(0);
    expect(requests.orders.open).to.equal(0);
    const waited = report.criticalPath.reduce((sum, { seconds }) => sum + seconds, 0);
    expect(waited).to.be.closeTo(((recovery.fromWord ?? 0) * 30) / 1000, 0.1);
    expect(await readFile(join(folder, "page.html"), "utf8")).to.include("Rehearsal: site, warm-standby");
    expect(report.timings.at(-1)?.result).to.match(/^both clouds are empty, but for the database snapshot shop-\S+/);
    for (const pid of [aws, azure]) expect(existsSync(`/proc/${pid}`), `process ${pid} is still there`).to.equal(false);
  }).timeout(WHOLE_STORY);

  it("explains itself, and refuses what it does not know", async () => {
    const help = start("rehearsal/main.ts", ["--help"]);
    expect(await help.ended).to.equal(0);
    expect(help.stdout).to.include("Usage: npm start");
    const wrong = start("rehearsal/main.ts", ["--fast"]);
    expect(await wrong.ended).to.equal(2);
    expect(wrong.stderr).to.include("--fast");
  });

  for (const cloud of ["aws", "azure"] as const) {
    it(`fails in seconds when the local ${cloud} dies, says so, and stops the rest`, async () => {
      const command = start("rehearsal/main.ts", options());
      const pids = await emulators(command);
      await command.says(/✔ Deploy stack prod/);
      process.kill(pids[cloud], "SIGKILL");
      expect(await endsSoon(command)).to.equal(1);
      expect(command.stderr).to.match(
        /Failed: (MiniStack|Azurite) .* died \(killed by SIGKILL\)\. The last lines of its log/,
      );
      expect(command.stderr).to.include("  | ");
      expect(processesOf(folderOf(command))).to.deep.equal([]);
    });
  }

  it("stops everything at Ctrl-C, while it deploys", async () => {
    const command = start("rehearsal/main.ts", options());
    await command.says(/Deploy stack dr/);
    command.interrupt();
    expect(await endsSoon(command), command.stderr).to.equal(130);
    expect(processesOf(folderOf(command))).to.deep.equal([]);
  });
});

describe("npm run shell", () => {
  const start = useCommands();

  it("previews a stack with the ordinary command", async () => {
    const command = start("rehearsal/shell.ts", ["pulumi", "preview", "--stack", "prod", "--non-interactive"]);
    expect(await command.ended, command.stderr).to.equal(0);
    expect(command.stdout).to.match(/\+ \d+ to create/);
  });

  it("ends with the code of the command that it ran", async () => {
    const command = start("rehearsal/shell.ts", ["sh", "-c", "exit 7"]);
    expect(await command.ended).to.equal(7);
  });
});
