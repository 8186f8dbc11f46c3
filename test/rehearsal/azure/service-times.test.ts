import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { PROJECT_FOLDER } from "../../../operations/stack-files.ts";
import { SERVICE_TIMES, type ServiceTime, serviceTimesTable } from "../../../rehearsal/azure/service-times.ts";

const times: ServiceTime[] = Object.values(SERVICE_TIMES);

describe("what Azure's operations take", () => {
  it("is known from somewhere, or said to be assumed", () => {
    for (const { what, seconds, source, evidence } of times) {
      expect(seconds, what).to.be.above(0);
      expect(source.length, what).to.be.above(20);
      expect(evidence === "assumed", what).to.equal(/nothing found|no figure found/.test(source));
    }
  });

  it("is a table for people, a row for each, the columns of which are not broken", () => {
    const lines = serviceTimesTable().split("\n");
    expect(lines).to.have.length(times.length + 3);
    for (const line of lines.slice(0, -1)) expect(line.match(/\|/g), line).to.have.length(5);
    expect(lines[0]).to.equal("| Operation | Counted with | Known from | Waited for here |");
    expect(lines).to.include(
      "| MySQL Flexible Server, stop | 120 s | assumed: nothing found; as long as a start | yes |",
    );
  });

  it("stands so in docs/rehearsal.md", () => {
    expect(readFileSync(join(PROJECT_FOLDER, "docs/rehearsal.md"), "utf8")).to.include(serviceTimesTable());
  });
});
