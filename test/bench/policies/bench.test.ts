import { expect } from "chai";
import { PolicyBench, partsOf, renderPolicies } from "../../../bench/policies/bench.ts";

describe("the bench of the policies", () => {
  it("starts the pack as the engine does, and asks it of every resource", async () => {
    const bench = new PolicyBench({ subject: "policies", only: [], runs: 1, quick: true, json: false });
    for (const { run } of bench.steps()) await run(() => {});
    expect(bench.results.sizes.map(({ name }) => name)).to.deep.equal(partsOf(true));
    for (const { cpuMilliseconds } of bench.results.sizes) expect(cpuMilliseconds).to.be.greaterThan(0);
    expect(renderPolicies(bench.results)).to.match(/stack +150 +[\d,]+ +[\d,]+ +[\d,]+/);
  });
});
