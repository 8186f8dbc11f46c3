import { parseArgs } from "node:util";
import { expect } from "chai";
import { unreadable } from "../../operations/command-line.ts";

const OPTIONS = {
  way: { type: "string" },
  "dry-run": { type: "boolean" },
  "bypass-edge": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

describe("a command line that can't be read", () => {
  for (const [args, complaint] of [
    [["--dryrun"], "expected an option, found --dryrun; did you mean --dry-run?"],
    [["--bypass"], "expected an option, found --bypass; did you mean --bypass-edge?"],
    [["-w"], "expected an option, found -w; did you mean --way?"],
    [["-x"], "expected an option, found -x"],
    [["--quite-another"], "expected an option, found --quite-another"],
    [["--way"], "expected a value after --way, found none"],
    [
      ["--way", "--help"],
      "expected a value after --way, found an option; one that begins with a dash is given as --way=-…",
    ],
    [["--help=yes"], "expected --help without a value, found one"],
    [["home"], "expected options alone, found home"],
  ] as const) {
    it(`says of "${args.join(" ")}" what was expected and found`, () => {
      let thrown: Error | undefined;
      try {
        parseArgs({ args: [...args], options: OPTIONS });
      } catch (error) {
        thrown = error as Error;
      }
      expect(unreadable(thrown as Error, Object.keys(OPTIONS)).message).to.equal(complaint);
    });
  }

  it("is told in the words of whatever else complains", () => {
    expect(unreadable(new Error("out of memory"), ["way"]).message).to.equal("out of memory");
  });
});
