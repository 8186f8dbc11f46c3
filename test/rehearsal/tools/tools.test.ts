import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { MissingTool, run } from "../../../rehearsal/tools/run.ts";
import { rejection } from "../../support/rejection.ts";
import { runScript } from "../../support/script.ts";

describe("a command of the set-up", () => {
  it("gives all that it prints, and every line of it as it comes", async () => {
    const lines: string[] = [];
    const output = await run("sh", ["-c", "echo one; echo two >&2"], { report: (line) => lines.push(line) });
    expect(output.split("\n").sort()).to.deep.equal(["one", "two"]);
    expect(lines.sort()).to.deep.equal(["one", "two"]);
  });

  for (const report of [undefined, () => {}]) {
    it(`that fails says which it was, how, and its last words${report ? ", also when it is listened to" : ""}`, async () => {
      const script = "for i in $(seq 1 20); do echo line $i; done; exit 3";
      const { message } = await rejection(run("sh", ["-c", script], { report }));
      expect(message).to.match(/^`sh -c for .*` failed \(Command failed with exit code 3/);
      expect(message.match(/\| line \d+/g))
        .to.have.length(12)
        .and.include("| line 20")
        .and.not.include("| line 8");
    });
  }

  it("that is not there says so without empty last words", async () => {
    const { message } = await rejection(run("no-such-command", []));
    expect(message)
      .to.match(/`no-such-command ` failed \(.*ENOENT/)
      .and.not.match(/\|/);
  });

  it("ends with the signal, and the reason is the signal's", async () => {
    const end = new AbortController();
    const running = rejection(run("sleep", ["60"], { signal: end.signal }));
    end.abort(new Error("interrupted"));
    const error = await running;
    expect(error).to.not.be.instanceOf(MissingTool);
    expect(`${error.message} ${(error as { cause?: Error }).cause?.message}`).to.include("interrupted");
  });

  it("runs in its folder with its environment, and reads nothing from the terminal", async () => {
    const output = await run("sh", ["-c", 'pwd; echo "$COLOUR"; cat'], {
      folder: "/",
      environment: { COLOUR: "blue" },
    });
    expect(output).to.equal("/\nblue");
  });
});

describe("a machine without tools", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "no-tools-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Nothing on the PATH, nothing in the cache. */
  const bare = () => ({ PATH: join(folder, "empty"), XDG_CACHE_HOME: join(folder, "cache"), HOME: folder });
  const tell =
    ".catch((error) => console.log(JSON.stringify({ name: error.constructor.name, message: error.message })));";

  async function found(module: string, call: string): Promise<{ name: string; message: string }> {
    const { stdout, stderr } = await runScript(module, `await ${call}${tell}`, bare());
    expect(stdout, stderr).to.not.equal("");
    return JSON.parse(stdout);
  }

  it("is told in one sentence that Python is missing, what for, and how to get it", async () => {
    const call = "module.findMiniStack(() => {}, new AbortController().signal)";
    const { name, message } = await found("rehearsal/tools/python.ts", call);
    expect(name).to.equal("MissingTool");
    expect(message).to.match(/^Python 3\.10 or newer .*MiniStack.*apt-get install python3-venv.*run this again\.$/);
  });

  it("is told in one sentence that Go is missing, what for, and both ways round it", async () => {
    const program = '{ package: "p", module: "m", version: "v1" }';
    const call = `module.buildGoProgram(${program}, ${JSON.stringify(join(folder, "p"))}, () => {}, new AbortController().signal)`;
    const { name, message } = await found("rehearsal/tools/go.ts", call);
    expect(name).to.equal("MissingTool");
    expect(message).to.match(
      /^Go 1\.25\.11 or newer .*Pulumi engine.*go\.dev\/dl.*pulumi\.com\/docs\/install.*again\.$/,
    );
  });

  it("is told in one sentence that MySQL is missing, what for, and both ways round it", async () => {
    const { name, message } = await found(
      "rehearsal/tools/mysql.ts",
      "module.findMySql(() => {}, new AbortController().signal)",
    );
    expect(name).to.equal("MissingTool");
    expect(message.split("\n")[0]).to.match(
      /^MySQL 8\.4\.0 or newer .*databases of both sites.*dev\.mysql\.com.*apt-get.*run this again\.$/,
    );
    expect(await readdir(join(folder, "cache/multicloud-dr")), "nothing half fetched is left").to.deep.equal([]);
  });

  it("has nothing left behind in its cache", async () => {
    await found("rehearsal/tools/python.ts", "module.findMiniStack(() => {}, new AbortController().signal)");
    expect(await readdir(join(folder, "cache/multicloud-dr"))).to.deep.equal([]);
  });

  it("is told of an interruption as such, not of a missing tool", async () => {
    const call = 'module.findMiniStack(() => {}, AbortSignal.abort(new Error("interrupted")))';
    expect((await found("rehearsal/tools/python.ts", call)).name).to.not.equal("MissingTool");
  });
});
