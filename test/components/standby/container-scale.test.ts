import { expect } from "chai";
import fc from "fast-check";
import { containerScale, MOST_REPLICAS } from "../../../components/standby/container-scale.ts";

describe("the scale of the containers", () => {
  it("is none, and nobody reaches them, where the plan has no servers", () => {
    expect(containerScale({ min: 0, max: 0 })).to.deep.equal({ minReplicas: 0, maxReplicas: 1, reachable: false });
  });

  it("is the plan's otherwise", () => {
    expect(containerScale({ min: 3, max: 12 })).to.deep.equal({ minReplicas: 3, maxReplicas: 12, reachable: true });
  });

  it("is one that Azure takes, and reachable exactly where there are servers, whatever the plan", () => {
    const range = fc.tuple(fc.nat(1000), fc.nat(1000)).map(([min, more]) => ({ min, max: min + more }));
    fc.assert(
      fc.property(range, (servers) => {
        const { minReplicas, maxReplicas, reachable } = containerScale(servers);
        expect(maxReplicas).to.be.within(Math.max(1, minReplicas), MOST_REPLICAS);
        expect(reachable).to.equal(servers.max > 0);
        if (!reachable) expect(minReplicas).to.equal(0);
      }),
    );
  });
});
