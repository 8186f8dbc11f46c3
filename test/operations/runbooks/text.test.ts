import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { runbookText } from "../../../operations/runbooks/text.ts";
import { PROJECT_FOLDER } from "../../../operations/stack-files.ts";

describe("the printed runbook", () => {
  it("is what the steps say; else `npm run --silent dr -- runbook > docs/runbook.md`", () => {
    expect(readFileSync(join(PROJECT_FOLDER, "docs/runbook.md"), "utf8")).to.equal(runbookText());
  });
});
