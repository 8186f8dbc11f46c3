import type { types } from "@pulumi/azure-native";
import { expect } from "chai";
import fc from "fast-check";
import { scaleProfile } from "../../../components/standby/scale-profile.ts";

const SCALE_SET = "/subscriptions/1/resourceGroups/shop/providers/Microsoft.Compute/virtualMachineScaleSets/shop-web";
const rulesOf = (min: number, max: number) =>
  scaleProfile({ min, max }, SCALE_SET).rules as types.input.monitor.ScaleRuleArgs[];

describe("the scale profile", () => {
  it("keeps within the range, as text, and begins at its lower end", () => {
    const sizes = fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1000 }));
    fc.assert(
      fc.property(sizes, ([min, more]) => {
        const { capacity } = scaleProfile({ min, max: min + more }, SCALE_SET);
        expect(capacity).to.deep.equal({ minimum: `${min}`, maximum: `${min + more}`, default: `${min}` });
      }),
    );
  });

  it("watches the processors of the scale set itself", () => {
    for (const { metricTrigger } of rulesOf(3, 12)) {
      expect(metricTrigger).to.include({ metricName: "Percentage CPU", metricResourceUri: SCALE_SET });
    }
  });

  it("adds servers faster than it takes them away, and has room between the two", () => {
    const [out, back] = rulesOf(3, 12) as unknown as { metricTrigger: { threshold: number }; scaleAction: object }[];
    expect(out?.scaleAction).to.include({ direction: "Increase", value: "2", cooldown: "PT3M" });
    expect(back?.scaleAction).to.include({ direction: "Decrease", value: "1", cooldown: "PT10M" });
    expect(out?.metricTrigger.threshold).to.equal(60);
    // From the most that one server fewer would carry without being added again.
    expect(back?.metricTrigger.threshold).to.be.lessThan((60 * 3) / 4);
  });
});
