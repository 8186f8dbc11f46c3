import { expect } from "chai";
import fc from "fast-check";
import { vaultName } from "../../../components/standby/vault-name.ts";

describe("a key vault's name", () => {
  it("says whose vault it is, and ends with what makes it unique", () => {
    expect(vaultName("shop", "a1b2c3d4")).to.equal("shop-a1b2c3d4");
  });

  it("is cut where room ends, never in what makes it unique", () => {
    expect(vaultName("web-shop-europe-west", "a1b2c3d4")).to.equal("web-shop-europe-a1b2c3d4");
    expect(vaultName("web-shop-europ-west", "a1b2c3d4")).to.equal("web-shop-europ-a1b2c3d4");
  });

  it("is always one that Azure takes, for every workload that the settings take", () => {
    const anyWorkload = fc.stringMatching(/^[a-z](-?[a-z0-9]){2,30}$/);
    const anySuffix = fc.stringMatching(/^[a-z0-9]{8}$/);
    fc.assert(
      fc.property(anyWorkload, anySuffix, (workload, suffix) => {
        expect(vaultName(workload, suffix)).to.match(/^(?=.{3,24}$)[a-z](-?[a-z0-9])*$/);
        expect(vaultName(workload, suffix).endsWith(`-${suffix}`)).to.equal(true);
      }),
    );
  });
});
