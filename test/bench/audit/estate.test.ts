import { expect } from "chai";
import { AuditBench, partsOf, renderAudits } from "../../../bench/audit/bench.ts";
import { peopleOf, resourcesOf, SIZES } from "../../../bench/audit/estate.ts";
import { audit } from "../../../policy/audit/audit.ts";

describe("the bench of the audit", () => {
  for (const size of SIZES) {
    it(`has as much as it says to audit: ${size.name}`, () => {
      expect(resourcesOf(size)).to.have.length(size.resources);
      expect(Object.keys(peopleOf(size).principals)).to.have.length(size.principals);
    });
  }

  it("audits what the audit can read, with copies on both clouds and people who reach some", () => {
    const [size] = SIZES;
    if (!size) throw new Error("expected sizes");
    const { unread, copies, actors } = audit({ people: peopleOf(size), resources: resourcesOf(size) });
    expect(unread).to.deep.equal([]);
    expect(new Set(copies.map(({ cloud }) => cloud)).size).to.equal(2);
    expect(actors.filter(({ destroys }) => destroys.length > 0)).to.not.be.empty;
  });

  it("tells the first run and the middle of all", async () => {
    const bench = new AuditBench({ subject: "audit", only: ["small"], runs: 2, quick: true, json: false });
    for (const { run } of bench.steps()) await run(() => {});
    expect(bench.results.sizes.map(({ name }) => name)).to.deep.equal(partsOf(true));
    expect(renderAudits(bench.results)).to.match(/small +50 +20 +\d+/);
  });
});
