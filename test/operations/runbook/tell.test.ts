import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import type { JournalStep } from "../../../operations/runbook/journal.ts";
import type { RunbookStep } from "../../../operations/runbook/runbook.ts";
import { teller } from "../../../operations/runbook/tell.ts";
import { captured } from "../../support/captured.ts";

const STEP: RunbookStep<never> = {
  ...{ id: "up", title: "Bring it up", what: "", byHand: [], limit: 60 },
  act: async () => undefined,
};

/** What is written of a step that ends so. */
async function told(
  outcome: Pick<JournalStep, "status"> & Partial<JournalStep>,
  lines: string[] = [],
): Promise<string> {
  const { stdout, stderr } = await captured(() => {
    const { begin, report, end } = teller();
    begin(STEP, { number: 2, of: 6 });
    for (const line of lines) report(line);
    end({ id: "up", title: "Bring it up", ...outcome }, 12_345);
  });
  expect(stdout, "what is for machines").to.equal("");
  return stripVTControlCharacters(stderr);
}

describe("the teller of a run", () => {
  const { isTTY } = process.stderr;

  beforeEach(() => {
    process.stderr.isTTY = false;
  });
  afterEach(() => {
    process.stderr.isTTY = isTTY;
  });

  it("says which step of how many is taken, how far it is, and how it ended", async () => {
    expect(await told({ status: "done", said: "2 create" }, ["create a server"])).to.equal(
      "[2/6] Bring it up\n[2/6] Bring it up: create a server\n✓ Bring it up (12.3 s): 2 create\n",
    );
  });

  for (const [what, outcome, line] of [
    ["is done without a word", { status: "done" }, "✓ Bring it up (12.3 s)"],
    ["failed", { status: "failed", error: "no room" }, "✗ Bring it up (12.3 s): no room"],
    [
      "failed after it had said something",
      { status: "failed", said: "2 create", error: "no marker" },
      "✗ Bring it up (12.3 s): no marker",
    ],
    [
      "is left for later",
      { status: "left", error: "AWS is down" },
      "– Bring it up (12.3 s): left for later: AWS is down",
    ],
  ] as const) {
    it(`has one line for a step that ${what}`, async () => {
      expect((await told(outcome)).split("\n").at(-2)).to.equal(line);
    });
  }
});
