import { expect } from "chai";
import { HELP, readOptions } from "../../rehearsal/options.ts";

/** Why a command line can't be read. */
function refusalOf(...args: string[]): string {
  const read = readOptions(args);
  expect(read, args.join(" ")).to.be.an("error");
  return (read as Error).message;
}

describe("the options of a rehearsal", () => {
  it("are those of a lost site at the users' own pace with the strategy of the stack file, when nothing is said", () => {
    expect(readOptions([])).to.deep.equal({
      ...{ scenario: "site", strategy: "pilot-light", speed: 1, page: "rehearsal.html" },
      ...{ json: false, resources: false, keep: false, users: { orders: 5, objects: 2 } },
    });
  });

  it("are read from the command line", () => {
    const args = [
      "--scenario",
      "site",
      "--strategy=warm-standby",
      "--speed",
      "12.5",
      "--page",
      "out.html",
      "--objects=50",
    ];
    expect(readOptions([...args, "--json", "--resources", "--keep"])).to.deep.equal({
      ...{ scenario: "site", strategy: "warm-standby", speed: 12.5, page: "out.html" },
      ...{ json: true, resources: true, keep: true, users: { orders: 5, objects: 50 } },
    });
  });

  it("give way to the help, which names every one of them", () => {
    expect(readOptions(["--speed", "nonsense", "--help"])).to.equal("help");
    for (const name of [
      "scenario",
      "strategy",
      "speed",
      "orders",
      "objects",
      "page",
      "resources",
      "json",
      "keep",
      "help",
    ]) {
      expect(HELP).to.include(`--${name}`);
    }
  });

  it("are refused with what was expected and what was found", () => {
    expect(refusalOf("--scenario", "flood")).to.match(/^--scenario: expected one of site.*, found flood$/);
    expect(refusalOf("--scenario", "sites")).to.match(/found sites; did you mean site\?$/);
    expect(refusalOf("--strategy", "hope")).to.match(/^--strategy: expected one of .*pilot-light.*, found hope$/);
    for (const speed of ["0", "0.5", "61", "fast", "", "NaN", "Infinity"]) {
      expect(refusalOf("--speed", speed)).to.equal(`--speed: expected 1 to 60, found ${speed}`);
    }
  });

  it("are found again where somebody mistyped them", () => {
    expect(refusalOf("--sped", "2")).to.equal("expected an option, found --sped; did you mean --speed?");
    expect(refusalOf("--strategy", "pilot-lite")).to.match(/found pilot-lite; did you mean pilot-light\?$/);
    expect(refusalOf("--res")).to.equal("expected an option, found --res; did you mean --resources?");
    expect(refusalOf("--quite-another")).to.equal("expected an option, found --quite-another");
  });

  it("are refused without their value, with one that they don't take, and with anything beside them", () => {
    expect(refusalOf("--speed")).to.equal("expected a value after --speed, found none");
    expect(refusalOf("--json=yes")).to.equal("expected --json without a value, found one");
    expect(refusalOf("site")).to.equal("expected options alone, found site");
  });
});
