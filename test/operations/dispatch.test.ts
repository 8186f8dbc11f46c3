import { expect } from "chai";
import { type Argument, type Command, type Values, WrongUsage } from "../../operations/command.ts";
import { dispatch } from "../../operations/dispatch.ts";
import { captured } from "../support/captured.ts";

/** A command that does what a test says. */
function commandThat(run: Command["run"]): Command {
  const options: Command["options"] = {
    fast: { type: "boolean", help: "do it fast" },
    way: { type: "string", value: "way", values: ["up", "down"], help: "which way" },
  };
  return { name: "walk", summary: "Walk somewhere.", options, run };
}

/** Runs the command and tells its exit code and what it wrote. */
async function walk(args: string[], run: Command["run"] = async () => {}, argument?: Argument) {
  const command = { ...commandThat(run), ...(argument && { argument }) };
  const { value: code, ...said } = await captured(() => dispatch([command], args));
  return { code, ...said };
}

describe("dispatch", () => {
  it("hands a command its options, and 0 back", async () => {
    let seen: Values = {};
    const { code } = await walk(["walk", "--fast", "--way", "up"], async (values) => {
      seen = values;
    });
    expect(code).to.equal(0);
    expect({ ...seen }).to.deep.equal({ fast: true, way: "up" });
  });

  it("says why a command failed, and hands 1 back", async () => {
    const { code, stdout, stderr } = await walk(["walk"], async () => {
      throw new Error("expected a path, found a wall; turn round");
    });
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.include("Failed:").and.include("expected a path, found a wall; turn round");
  });

  it("says where a command's options are told, where it says itself that it was used wrongly, and hands 2 back", async () => {
    const { code, stdout, stderr } = await walk(["walk"], async () => {
      throw new WrongUsage("expected --way, found none");
    });
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
    expect(stderr).to.equal("expected --way, found none\nnpm run dr -- help walk tells its options.\n");
  });

  it("does nothing when npm has taken an option for its own, for want of a --", async () => {
    process.env.npm_config_fast = "true";
    try {
      let done = false;
      const run = async () => {
        done = true;
      };
      const { code, stderr } = await walk(["walk"], run);
      expect({ code, done }).to.deep.equal({ code: 2, done: false });
      expect(stderr).to.match(/^npm took --fast for itself, .*: npm run dr -- walk --fast\n/);
      expect((await walk(["walk", "--fast"], run)).code, "given after the --").to.equal(0);
    } finally {
      delete process.env.npm_config_fast;
    }
  });

  it("tells a command that the process is to end, waits for it, and hands 130 back", async () => {
    let cleaned = false;
    const listening = process.listenerCount("SIGTERM");
    const { code } = await walk(["walk"], async (_values, signal) => {
      const ended = new Promise((resolve) => signal.addEventListener("abort", resolve));
      process.emit("SIGTERM");
      await ended;
      cleaned = true;
      signal.throwIfAborted();
    });
    expect({ code, cleaned }).to.deep.equal({ code: 130, cleaned: true });
    expect(process.listenerCount("SIGTERM")).to.equal(listening);
  });

  for (const [args, complaint, more] of [
    [[], "expected a command, found none", "help lists the commands"],
    [["wakl"], "expected a command, found wakl; did you mean walk?", "help lists the commands"],
    [["fly-somewhere"], "expected a command, found fly-somewhere", "help lists the commands"],
    [["help", "wakl"], "expected a command, found wakl; did you mean walk?", "help lists the commands"],
    [["walk", "--fats"], "expected an option, found --fats; did you mean --fast?", "help walk tells its options"],
    [
      ["walk", "--way", "dwon"],
      "--way: expected one of up, down, found dwon; did you mean down?",
      "help walk tells its options",
    ],
    [["walk", "--way"], "expected a value after --way, found none", "help walk tells its options"],
    [["walk", "home"], "expected options alone, found home", "help walk tells its options"],
  ] as const) {
    it(`refuses "${args.join(" ")}" in two lines, and hands 2 back`, async () => {
      const { code, stdout, stderr } = await walk([...args]);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
      expect(stderr).to.equal(`${complaint}\nnpm run dr -- ${more}.\n`);
    });
  }

  it("lists the commands, and what each takes", async () => {
    for (const args of [["--help"], ["-h"], ["help"], ["--help", "--stack-files", "/nowhere"]]) {
      expect((await walk(args)).stdout).to.include("  walk  Walk somewhere.");
    }
    for (const args of [
      ["walk", "--help"],
      ["walk", "-h"],
      ["help", "walk"],
      ["--help", "walk"],
    ]) {
      const { code, stdout } = await walk(args);
      expect(code).to.equal(0);
      expect(stdout).to.match(/--way <way> +which way: up, down\n +--help +this text/);
    }
  });
});

describe("a command that takes a word", () => {
  const where: Argument = { name: "where", help: "whereto", values: ["home", "hill"] };

  it("is handed it by its name, wherever among the options it stands", async () => {
    const seen: Values[] = [];
    const run = async (values: Values) => void seen.push({ ...values });
    await walk(["walk", "home", "--fast"], run, where);
    await walk(["walk", "--way", "up", "hill"], run, where);
    expect(seen).to.deep.equal([
      { fast: true, where: "home" },
      { way: "up", where: "hill" },
    ]);
  });

  for (const [args, complaint] of [
    [["walk"], "<where>: expected one of home, hill, found none"],
    [["walk", "hime"], "<where>: expected one of home, hill, found hime; did you mean home?"],
    [["walk", "home", "hill"], "<where>: expected one of home, hill, found home hill"],
    [["walk", "home", "--fats"], "expected an option, found --fats; did you mean --fast?"],
    [["walk", "home", "--way", "dwon"], "--way: expected one of up, down, found dwon; did you mean down?"],
  ] as const) {
    it(`refuses "${args.join(" ")}", and does nothing`, async () => {
      let done = false;
      const run = async () => {
        done = true;
      };
      const { code, stdout, stderr } = await walk([...args], run, where);
      expect({ code, stdout, done }).to.deep.equal({ code: 2, stdout: "", done: false });
      expect(stderr.split("\n")[0]).to.equal(complaint);
    });
  }

  it("explains itself without it", async () => {
    for (const args of [
      ["walk", "--help"],
      ["help", "walk"],
    ]) {
      const { code, stdout } = await walk(args, undefined, where);
      expect(code).to.equal(0);
      expect(stdout).to.match(/Usage: npm run dr -- walk <where> \[options\]\n\n {2}<where> {2}whereto: home, hill\n/);
    }
  });
});
