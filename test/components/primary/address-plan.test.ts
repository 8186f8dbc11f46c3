import { expect } from "chai";
import fc from "fast-check";
import { cidr } from "../../../components/cidr.ts";
import { MAX_ZONES, planPrimaryAddresses, TIERS } from "../../../components/primary/address-plan.ts";
import { anySiteRange, expectToFitSideBySide } from "../../support/ranges.ts";

const anyZones = fc.integer({ min: 1, max: MAX_ZONES });

describe("the primary site's address plan", () => {
  it("gives each tier a quarter, and each zone an eighth of that", () => {
    expect(planPrimaryAddresses("10.16.0.0/16", 3)).to.deep.equal({
      public: ["10.16.0.0/21", "10.16.8.0/21", "10.16.16.0/21"],
      private: ["10.16.64.0/21", "10.16.72.0/21", "10.16.80.0/21"],
      data: ["10.16.128.0/21", "10.16.136.0/21", "10.16.144.0/21"],
    });
  });

  it("has one range per zone in each tier, all in the site's range, none overlapping", () => {
    fc.assert(
      fc.property(anySiteRange, anyZones, (range, zones) => {
        const plan = planPrimaryAddresses(range, zones);
        for (const tier of TIERS) expect(plan[tier]).to.have.length(zones);
        expectToFitSideBySide(
          range,
          TIERS.flatMap((tier) => plan[tier]),
        );
      }),
    );
  });

  it("leaves a subnet its range when zones are added", () => {
    fc.assert(
      fc.property(anySiteRange, anyZones, anyZones, (range, zones, more) => {
        const [fewer, all] = [Math.min(zones, more), Math.max(zones, more)];
        const before = planPrimaryAddresses(range, fewer);
        const after = planPrimaryAddresses(range, all);
        for (const tier of TIERS) expect(after[tier].slice(0, fewer)).to.deep.equal(before[tier]);
      }),
    );
  });

  it("keeps the last quarter free for what comes later", () => {
    fc.assert(
      fc.property(anySiteRange, anyZones, (range, zones) => {
        const { address, prefix } = cidr(range);
        const free = address + 0.75 * 2 ** (32 - prefix);
        for (const subnet of Object.values(planPrimaryAddresses(range, zones)).flat()) {
          expect(cidr(subnet).address).to.be.lessThan(free);
        }
      }),
    );
  });

  it("never gives a subnet smaller than the /28 that AWS allows", () => {
    fc.assert(
      fc.property(anySiteRange, (range) => {
        for (const subnet of Object.values(planPrimaryAddresses(range, MAX_ZONES)).flat()) {
          expect(cidr(subnet).prefix).to.be.at.most(28);
        }
      }),
    );
  });

  it("has no room for more zones than its most, and takes nothing but a range", () => {
    expect(() => planPrimaryAddresses("10.16.0.0/16", MAX_ZONES + 1)).to.throw(RangeError, "part 8 of 8");
    expect(() => planPrimaryAddresses("10.16.0.0", 3)).to.throw(RangeError, 'found "10.16.0.0"');
  });
});
