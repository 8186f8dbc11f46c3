import { expect } from "chai";
import fc from "fast-check";
import { failuresWith, isFurther, type LoadFailures, type Reached } from "../../../lambdas/standby/load-failures.ts";

const reached = fc.record({
  phase: fc.constantFrom("rows", "keys", "swap", "programs"),
  done: fc.nat({ max: 5 }),
});

describe("how far loads came that failed", () => {
  it("is told by the phase first, and then by what was done in it", () => {
    const at = (phase: string, done: number): Reached => ({ phase, done });
    expect(isFurther(at("rows", 0), undefined)).to.equal(true);
    expect(isFurther(at("rows", 2), at("rows", 1))).to.equal(true);
    expect(isFurther(at("keys", 0), at("rows", 9))).to.equal(true);
    expect(isFurther(at("rows", 9), at("keys", 0))).to.equal(false);
  });

  it("is an order in which nothing is further than itself", () => {
    fc.assert(
      fc.property(reached, reached, (one, other) => {
        const [further, back] = [isFurther(one, other), isFurther(other, one)];
        expect(further && back).to.equal(false);
        expect(further || back).to.equal(one.phase !== other.phase || one.done !== other.done);
      }),
    );
  });

  it("is counted from the furthest on: any step forward begins anew", () => {
    fc.assert(
      fc.property(fc.array(reached, { minLength: 1, maxLength: 30 }), (all) => {
        let failures: LoadFailures | undefined;
        for (const one of all) failures = failuresWith(failures, { dump: "d", faulty: false, reached: one });
        const furthest = all.reduce((most, one) => (isFurther(one, most) ? one : most));
        expect(failures?.reached).to.deep.equal(furthest);
        expect(failures?.idle).to.equal(all.length - all.findIndex((one) => !isFurther(furthest, one)));
      }),
    );
  });
});
