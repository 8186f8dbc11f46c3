import { expect } from "chai";
import fc from "fast-check";
import { cidr, contains } from "../../../components/cidr.ts";
import { planStandbyAddresses, resolverAddress } from "../../../components/standby/address-plan.ts";
import { anySiteRange, expectToFitSideBySide } from "../../support/ranges.ts";

describe("the standby site's address plan", () => {
  it("cuts the largest range", () => {
    expect(planStandbyAddresses("10.32.0.0/16")).to.deep.equal({
      app: "10.32.0.0/18",
      data: "10.32.64.0/20",
      functions: "10.32.80.0/20",
      gateway: "10.32.96.0/21",
      resolver: "10.32.104.0/28",
    });
  });

  it("cuts the smallest range", () => {
    expect(planStandbyAddresses("10.32.0.0/22")).to.deep.equal({
      app: "10.32.0.0/24",
      data: "10.32.1.0/26",
      functions: "10.32.1.64/26",
      gateway: "10.32.1.128/27",
      resolver: "10.32.1.160/28",
    });
  });

  it("keeps everything in the site's range and nothing overlapping", () => {
    fc.assert(
      fc.property(anySiteRange, (range) => {
        expectToFitSideBySide(range, Object.values(planStandbyAddresses(range)));
      }),
    );
  });

  it("always has room for what Azure puts there: /27 for gateways, /28 for MySQL, /27 for functions, /28 for DNS", () => {
    fc.assert(
      fc.property(anySiteRange, (range) => {
        const { data, functions, gateway, resolver } = planStandbyAddresses(range);
        expect(cidr(gateway).prefix).to.be.at.most(27);
        expect(cidr(data).prefix).to.be.at.most(28);
        expect(cidr(functions).prefix).to.be.at.most(27);
        // "What is Azure DNS Private Resolver", subnet restrictions: /28 to /24.
        expect(cidr(resolver).prefix).to.be.within(24, 28);
      }),
    );
  });

  it("has the resolver answer at an address of its subnet that Azure does not keep", () => {
    expect(resolverAddress(planStandbyAddresses("10.32.0.0/16"))).to.equal("10.32.104.4");
    fc.assert(
      fc.property(anySiteRange, (range) => {
        const plan = planStandbyAddresses(range);
        const [subnet, address] = [cidr(plan.resolver), cidr(`${resolverAddress(plan)}/32`)];
        expect(contains(subnet, address)).to.equal(true);
        // The first four and the last ("Azure Virtual Network FAQ").
        expect(address.address - subnet.address).to.be.within(4, 14);
      }),
    );
  });

  it("takes nothing but a range", () => {
    expect(() => planStandbyAddresses("standby")).to.throw(RangeError, 'found "standby"');
  });
});
