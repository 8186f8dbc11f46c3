import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { findChromium } from "../../../rehearsal/tools/chromium.ts";
import { run } from "../../../rehearsal/tools/run.ts";
import { runScript } from "../../support/script.ts";

describe("a browser without a screen", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "chromium-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** What comes of the search on another PATH, with an empty cache. */
  async function found(PATH: string, signal = "new AbortController().signal"): Promise<Record<string, string>> {
    const lines = `
      const told = (error: Error) => ({ name: error.constructor.name, message: error.message });
      console.log(JSON.stringify(await module.findChromium(() => {}, ${signal}).catch(told)));`;
    const environment = { PATH, XDG_CACHE_HOME: join(folder, "cache"), HOME: folder };
    const { stdout, stderr } = await runScript("rehearsal/tools/chromium.ts", lines, environment);
    expect(stdout, stderr).to.not.equal("");
    return JSON.parse(stdout);
  }

  it("is found on this machine, or brought along, and starts", async () => {
    const { executable, version, origin } = await findChromium(() => {}, new AbortController().signal);
    expect(version).to.match(/\d+\.\d+/);
    expect(origin).to.be.oneOf(["on the PATH", "Debian's packages"]);
    expect((await run(executable, ["--version"])).trim()).to.equal(version);
  });

  it("is the one on the PATH, by its whole path", async () => {
    const program = join(folder, "chromium");
    await writeFile(program, "#!/bin/sh\necho Chromium 1.2.3\n");
    await chmod(program, 0o755);
    expect(await found([folder, "/usr/bin", "/bin"].join(delimiter))).to.deep.equal({
      ...{ version: "Chromium 1.2.3", origin: "on the PATH", executable: program },
    });
  });

  it("is said in one sentence to be missing, what for, and both ways to get it", async () => {
    const { name, message = "" } = await found(join(folder, "empty"));
    expect(name).to.equal("MissingTool");
    expect(message.split("\n")[0]).to.match(
      /^Chromium was not found .* page of the report .*install it.*apt-get.*run this again\.$/,
    );
  });

  it("is not said to be missing when the search is interrupted", async () => {
    const { name } = await found(join(folder, "empty"), 'AbortSignal.abort(new Error("interrupted"))');
    expect(name).to.not.equal("MissingTool");
  });
});
