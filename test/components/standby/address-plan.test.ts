import { expect } from "chai";
import fc from "fast-check";
import { cidr } from "../../../components/cidr.ts";
import { planStandbyAddresses } from "../../../components/standby/address-plan.ts";
import { anySiteRange, expectToFitSideBySide } from "../../support/ranges.ts";

describe("the standby site's address plan", () => {
  it("cuts the largest range", () => {
    expect(planStandbyAddresses("10.32.0.0/16")).to.deep.equal({
      app: "10.32.0.0/18",
      data: "10.32.64.0/20",
      functions: "10.32.80.0/20",
      gateway: "10.32.96.0/21",
    });
  });

  it("cuts the smallest range", () => {
    expect(planStandbyAddresses("10.32.0.0/22")).to.deep.equal({
      app: "10.32.0.0/24",
      data: "10.32.1.0/26",
      functions: "10.32.1.64/26",
      gateway: "10.32.1.128/27",
    });
  });

  it("keeps everything in the site's range and nothing overlapping", () => {
    fc.assert(
      fc.property(anySiteRange, (range) => {
        expectToFitSideBySide(range, Object.values(planStandbyAddresses(range)));
      }),
    );
  });

  it("always has room for what Azure puts there: /27 for gateways, /28 for MySQL, /27 for functions", () => {
    fc.assert(
      fc.property(anySiteRange, (range) => {
        const { data, functions, gateway } = planStandbyAddresses(range);
        expect(cidr(gateway).prefix).to.be.at.most(27);
        expect(cidr(data).prefix).to.be.at.most(28);
        expect(cidr(functions).prefix).to.be.at.most(27);
      }),
    );
  });

  it("takes nothing but a range", () => {
    expect(() => planStandbyAddresses("standby")).to.throw(RangeError, 'found "standby"');
  });
});
