import { expect } from "chai";
import type { Timing } from "../../rehearsal/steps.ts";
import { runScript } from "../support/script.ts";

/** Runs the steps of these lines off a terminal, with what they show. */
const show = (lines: string) => runScript("rehearsal/steps.ts", lines, { PATH: process.env.PATH });

describe("the steps of a run", () => {
  it("are shown one after the other on standard error, each with its last word", async () => {
    const { stdout, stderr, code } = await show(`
      const timings: unknown[] = [];
      await module.takeSteps([
        { title: "Find it", run: async () => "found" },
        { title: "Use it", run: async () => undefined },
      ], timings);
      console.log(JSON.stringify(timings));`);
    expect(code, stderr).to.equal(0);
    const timings = JSON.parse(stdout) as Timing[];
    expect(timings.map(({ title, result }) => [title, result])).to.deep.equal([
      ["Find it", "found"],
      ["Use it", ""],
    ]);
    expect(stderr).to.match(/Find it[\s\S]*Find it: found[\s\S]*Use it/);
  });

  it("end with the first that fails; those before it are accounted for, those after it are not taken", async () => {
    const { stdout, stderr } = await show(`
      const taken: string[] = [];
      const timings: { title: string }[] = [];
      const step = (title: string, fails = false) => ({ title, run: async () => {
        taken.push(title);
        if (fails) throw new Error("out of disk");
      } });
      const error = await module
        .takeSteps([step("one"), step("two", true), step("three")], timings)
        .then(() => "none", (error: Error) => error.message);
      console.log(JSON.stringify({ taken, error, timed: timings.map(({ title }) => title) }));`);
    expect(JSON.parse(stdout), stderr).to.deep.equal({ taken: ["one", "two"], error: "out of disk", timed: ["one"] });
  });

  it("take as long as they take", async () => {
    const { stdout, stderr } = await show(`
      const timings: { milliseconds: number }[] = [];
      const wait = () => new Promise<undefined>((resolve) => setTimeout(resolve, 120));
      await module.takeSteps([{ title: "wait", run: wait }], timings);
      console.log(timings[0]?.milliseconds);`);
    expect(Number(stdout), stderr).to.be.within(115, 2000);
  });

  it("say nothing of what they are at off a terminal, unless it takes long", async () => {
    const { stderr } = await show(`
      await module.takeSteps([{ title: "chatter", run: async (report: (line: string) => void) => {
        for (let i = 0; i < 1000; i++) report("line " + i);
      } }]);`);
    expect(stderr).to.include("chatter").and.not.include("line");
  });

  it("hand on the very error, not a copy of it", async () => {
    const { stdout, stderr } = await show(`
      const error = new Error("x");
      const step = { title: "fails", run: async () => { throw error; } };
      console.log(await module.takeSteps([step]).catch((found: unknown) => found === error));`);
    expect(stdout, stderr).to.equal("true\n");
  });
});
