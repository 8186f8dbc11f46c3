import { expect } from "chai";
import type { Disaster } from "../../../components/standby/disaster.ts";
import type { VpnMode } from "../../../components/vpn/vpn-plan.ts";
import { makeWay, removeWay } from "../../../operations/steps/way.ts";
import { FakeOperation, watching } from "../../support/fake-operation.ts";

const operationWith = (vpn: VpnMode, disaster: Disaster) => new FakeOperation({ disaster, values: { vpn } });

describe("the way between the sites", () => {
  it("is made where it is made on demand, and only the database is lost", async () => {
    const operation = operationWith("on-demand", "database");
    expect(await makeWay().before?.(operation.real, watching().watch)).to.equal("due");
    expect(await makeWay().act(operation.real, watching().watch)).to.equal("2 create");
    expect(operation.done).to.deep.equal(["up link"]);
  });

  for (const [vpn, disaster] of [
    ["none", "database"],
    ["standing", "database"],
    ["on-demand", "site"],
    ["on-demand", "content"],
  ] as const) {
    it(`is nobody's to make with a VPN that is ${vpn}, for a lost ${disaster}`, async () => {
      expect(await makeWay().before?.(operationWith(vpn, disaster).real, watching().watch)).to.equal("done");
    });
  }

  it("is taken away when it stands though nothing is declared any more", async () => {
    const operation = operationWith("on-demand", "none");
    operation.link = { vpn: { stands: true } };
    expect(await removeWay().before?.(operation.real, watching().watch)).to.equal("due");
    await removeWay().act(operation.real, watching().watch);
    expect(operation.done).to.deep.equal(["up link"]);
  });

  it("is left alone where there is none, or one at any time", async () => {
    const without = operationWith("on-demand", "none");
    without.link = { vpn: { stands: false } };
    expect(await removeWay().before?.(without.real, watching().watch)).to.equal("done");
    const standing = operationWith("standing", "none");
    expect(await removeWay().before?.(standing.real, watching().watch)).to.equal("done");
  });
});
