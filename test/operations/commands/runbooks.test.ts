import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import type { Disaster } from "../../../components/standby/disaster.ts";
import type { Command } from "../../../operations/command.ts";
import { declare } from "../../../operations/commands/declare.ts";
import { drill } from "../../../operations/commands/drill.ts";
import { failback } from "../../../operations/commands/failback.ts";
import { undeclare } from "../../../operations/commands/undeclare.ts";
import { dispatch } from "../../../operations/dispatch.ts";
import { captured } from "../../support/captured.ts";
import { useFakeEngine } from "../../support/fake-engine.ts";
import { drOutputs } from "../sites-outputs.ts";

const COMMANDS: Command[] = [declare, drill, failback, undeclare];

describe("the commands that move users", () => {
  const engine = useFakeEngine();
  const { isTTY } = process.stdin;

  beforeEach(() => {
    process.stdin.isTTY = false;
    deployed("none");
  });
  afterEach(() => {
    process.stdin.isTTY = isTTY;
  });

  function deployed(disaster: Disaster): void {
    const { values } = drOutputs({ disaster });
    engine.tells({ ...values, workload: "shop", controlEndpoint: "https://control.invalid/control" });
  }

  /** What one says, with its exit code. */
  async function dr(...args: string[]) {
    const { value: code, stdout, stderr } = await captured(() => dispatch(COMMANDS, args));
    expect(stdout, "nothing is done").to.equal("");
    return { code, said: stripVTControlCharacters(stderr).split("\n")[0] };
  }

  describe("ask before they do anything", () => {
    const cases: [args: string[], disaster: Disaster, question: string][] = [
      [["declare", "site"], "none", "Declare the site of shop lost, and move its users to Azure?"],
      [["declare", "database"], "none", "Declare the database of shop lost, and move its users to Azure?"],
      [
        ["drill"],
        "none",
        "Stand the standby of shop up for a drill? It costs what it costs in a disaster, while it stands.",
      ],
      [
        ["failback"],
        "site",
        "Bring shop back to AWS? Users can't write from the copy of the database until the names have moved.",
      ],
      [["undeclare"], "content", "Take the declaration of shop back, and lead its users to AWS?"],
    ];
    for (const [args, disaster, question] of cases) {
      it(`\`${args.join(" ")}\`: ${question}`, async () => {
        deployed(disaster);
        expect(await dr(...args)).to.deep.equal({
          code: 2,
          said: `expected --yes or --dry-run, found no terminal to ask on: ${question}`,
        });
      });
    }
  });

  describe("refuse what must not be begun as things are", () => {
    const takeBack = "expected a declared disaster, found none: there is nothing to take back";
    const cases: [args: string[], disaster: Disaster, code: number, said: string][] = [
      [["failback"], "none", 2, takeBack],
      [["undeclare"], "none", 2, takeBack],
      [["drill"], "content", 2, "expected nothing to be declared, found content: this is no drill"],
    ];
    for (const [args, disaster, code, said] of cases) {
      it(`\`${args.join(" ")} --yes\` while ${disaster} is declared`, async () => {
        deployed(disaster);
        expect(await dr(...args, "--yes")).to.deep.equal({ code, said });
      });
    }

    it("a declaration of less than is declared: what was written meanwhile would not come home", async () => {
      const refusal = (declared: string, wanted: string) =>
        `Failed: expected nothing to be declared that ${wanted} does not include, found ${declared}; ` +
        "`npm run dr -- failback` hands that back first, or declare site, which includes all";
      for (const [declared, wanted] of [
        ["site", "database"],
        ["site", "content"],
        ["content", "database"],
        ["database", "content"],
      ] as const) {
        deployed(declared);
        expect(await dr("declare", wanted, "--yes")).to.deep.equal({ code: 1, said: refusal(declared, wanted) });
      }
    });

    it("but not a declaration of the same or of more: it goes on", async () => {
      for (const [declared, wanted] of [
        ["site", "site"],
        ["content", "site"],
        ["database", "database"],
      ] as const) {
        deployed(declared);
        const question = `Declare the ${wanted} of shop lost, and move its users to Azure?`;
        expect((await dr("declare", wanted)).said).to.include(question);
      }
    });
  });

  describe("refuse what can't be meant", () => {
    const cases: [args: string[], said: string][] = [
      [["declare"], "<disaster>: expected one of database, content, site, found none"],
      [["declare", "none"], "<disaster>: expected one of database, content, site, found none"],
      [["declare", "sight"], "<disaster>: expected one of database, content, site, found sight; did you mean site?"],
      [["failback", "--dwell", "soon"], "--dwell: expected seconds, 0 to 86400, found soon"],
      [
        ["failback", "--shares", "10,90"],
        "--shares: expected whole numbers below 100 that fall, as 90,50,10, found 10,90",
      ],
      [["undeclare", "--shares", "50"], "expected an option, found --shares"],
    ];
    for (const [args, said] of cases) {
      it(`\`${args.join(" ")}\``, async () => {
        deployed("site");
        const refused = await dr(...args);
        expect(refused.code).to.equal(2);
        expect(refused.said).to.include(said);
      });
    }
  });

  it("say that they need the stack of the standby", async () => {
    engine.tells({});
    expect(await dr("declare", "site", "--yes")).to.deep.equal({
      code: 1,
      said: "Failed: expected the outputs of stack dr, found none; deploy it: `pulumi up --stack dr`",
    });
  });

  it("need to be told which workload is meant where there are several", async () => {
    const { values } = drOutputs();
    engine.tells({ shop: values, blog: values });
    expect((await dr("drill", "--yes")).said).to.equal(
      "Failed: expected --workload with one of blog, shop, for stack dr has several, found none",
    );
  });
});
