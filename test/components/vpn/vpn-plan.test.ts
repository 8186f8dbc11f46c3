import { expect } from "chai";
import fc from "fast-check";
import { DISASTERS, type Disaster, HANDING_BACK } from "../../../components/standby/disaster.ts";
import { STRATEGIES, standbyPlan } from "../../../components/standby/standby-plan.ts";
import { modesFor, VPN_MODES, type VpnMode, vpnPlan } from "../../../components/vpn/vpn-plan.ts";

const planIn = (mode: VpnMode, disaster: Disaster, drill = false) =>
  vpnPlan(mode, false, standbyPlan("pilot-light", disaster, drill));

describe("the plan of the VPN", () => {
  it("never has gateways by default, and always where they are to stand", () => {
    for (const disaster of DISASTERS) {
      expect(planIn("none", disaster)).to.deep.equal({ mode: "none", stands: false, minutesToWait: 0, directions: [] });
      expect(planIn("standing", disaster)).to.include({ stands: true, minutesToWait: 0 });
    }
  });

  it("has them on demand while the database alone is lost, and says how long they take to come", () => {
    expect(DISASTERS.filter((disaster) => planIn("on-demand", disaster).stands)).to.deep.equal(["database"]);
    expect(planIn("on-demand", "none")).to.include({ minutesToWait: 45 });
  });

  it("makes none for a drill", () => {
    for (const disaster of DISASTERS) expect(planIn("on-demand", disaster, true).stands).to.equal(false);
  });

  it("keeps them until the declaration is taken back, also while the database is handed back", () => {
    for (const handBack of HANDING_BACK) {
      const standby = standbyPlan("pilot-light", "database", false, undefined, { handBack, growDatabase: false });
      expect(vpnPlan("on-demand", false, standby).stands).to.equal(true);
    }
  });

  it("lets the servers to the standby's database, and that one to theirs only where it follows", () => {
    const standby = standbyPlan("warm-standby", "none", false);
    expect(vpnPlan("standing", false, standby).directions).to.deep.equal(["servers-to-standby"]);
    expect(vpnPlan("standing", true, standby).directions).to.deep.equal(["servers-to-standby", "standby-to-primary"]);
  });

  it("lets nothing through that does not stand", () => {
    const any = fc.record({
      mode: fc.constantFrom(...VPN_MODES),
      live: fc.boolean(),
      strategy: fc.constantFrom(...STRATEGIES),
      disaster: fc.constantFrom(...DISASTERS),
      drill: fc.boolean(),
    });
    fc.assert(
      fc.property(any, ({ mode, live, strategy, disaster, drill }) => {
        const { stands, directions } = vpnPlan(mode, live, standbyPlan(strategy, disaster, drill));
        expect(directions.length > 0).to.equal(stands);
      }),
    );
  });

  it("suits a strategy: all day where the standby runs all day, on demand where it does not", () => {
    expect(STRATEGIES.map(modesFor)).to.deep.equal([
      ["none", "on-demand"],
      ["none", "on-demand"],
      ["none", "standing"],
      ["none", "standing"],
    ]);
  });
});
