import { expect } from "chai";
import fc from "fast-check";
import { planNatGateways } from "../../../components/primary/nat-plan.ts";

const anyZones = fc.integer({ min: 1, max: 8 });

describe("the plan of the NAT gateways", () => {
  it("sends every zone out by its own, or all by the first zone's", () => {
    expect(planNatGateways("zone", 3)).to.deep.equal([0, 1, 2]);
    expect(planNatGateways("one", 3)).to.deep.equal([0, 0, 0]);
  });

  it("has a way out for every zone, by a gateway in a zone that there is", () => {
    fc.assert(
      fc.property(fc.constantFrom("one" as const, "zone" as const), anyZones, (mode, zones) => {
        const plan = planNatGateways(mode, zones);
        expect(plan).to.have.length(zones);
        for (const gateway of plan) expect(gateway).to.be.within(0, zones - 1);
        expect(new Set(plan).size).to.equal(mode === "one" ? 1 : zones);
      }),
    );
  });
});
