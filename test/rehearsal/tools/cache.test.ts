import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runScript } from "../../support/script.ts";

describe("the cache", () => {
  let home: string;
  let folder: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "cache-"));
    folder = join(home, "multicloud-dr");
  });
  afterEach(() => rm(home, { recursive: true }));

  const run = (lines: string) =>
    runScript(
      "rehearsal/tools/cache.ts",
      `const { writeFile } = await import("node:fs/promises");
       const { readdirSync, existsSync } = await import("node:fs");
       const { cached, CACHE } = module;\n${lines}`,
      { XDG_CACHE_HOME: home },
    );

  it("makes a folder once, and finds it from then on", async () => {
    const lines = `
      let made = 0;
      const make = async (folder: string) => { made++; await writeFile(folder + "/tool", "x"); };
      const paths = [await cached("tool-1", make), await cached("tool-1", make)];
      console.log(JSON.stringify({ made, paths }));`;
    const { stdout, stderr } = await run(lines);
    expect(JSON.parse(stdout), stderr).to.deep.equal({ made: 1, paths: Array(2).fill(join(folder, "tool-1")) });
    expect(await readdir(join(folder, "tool-1"))).to.deep.equal(["tool"]);
  });

  it("never shows a folder that is half made, and keeps none of one that failed", async () => {
    const lines = `
      const seen: unknown[] = [];
      await cached("tool-1", async (folder: string) => {
        await writeFile(folder + "/half", "x");
        seen.push(existsSync(CACHE + "/tool-1"));
        throw new Error("the network is gone");
      }).catch((error: Error) => seen.push(error.message));
      console.log(JSON.stringify(seen));`;
    const { stdout, stderr } = await run(lines);
    expect(JSON.parse(stdout), stderr).to.deep.equal([false, "the network is gone"]);
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("is not harmed by a run that is killed in the middle: the next one makes the folder", async () => {
    await run(`await cached("tool-1", async (folder: string) => {
      await writeFile(folder + "/half", "x");
      process.kill(process.pid, "SIGKILL");
    });`);
    const { stdout } = await run(`
      const path = await cached("tool-1", (folder: string) => writeFile(folder + "/whole", "x"));
      console.log(readdirSync(path).join());`);
    expect(stdout).to.equal("whole\n");
  });

  it("takes the first of two that are made at once, and throws the other one away", async () => {
    const lines = `
      const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
      const make = (own: number) => async (folder: string) => {
        await writeFile(folder + "/maker", String(own));
        // Neither goes on before both have begun.
        both[own]?.resolve();
        await both[1 - own]?.promise;
      };
      const paths = await Promise.all([cached("tool-1", make(0)), cached("tool-1", make(1))]);
      console.log(JSON.stringify(paths));`;
    const { stdout, stderr } = await run(lines);
    expect(JSON.parse(stdout), stderr).to.deep.equal(Array(2).fill(join(folder, "tool-1")));
    expect(await readdir(folder), "nothing unfinished is left").to.deep.equal(["tool-1"]);
  });

  it("says what stands in its way, rather than take it for its own", async () => {
    await mkdir(home, { recursive: true });
    await writeFile(folder, "a file where the cache should be");
    const { code, stderr } = await run(`await cached("tool-1", async () => {});`);
    expect(code).to.equal(1);
    expect(stderr).to.match(/ENOTDIR|EEXIST/);
  });
});
