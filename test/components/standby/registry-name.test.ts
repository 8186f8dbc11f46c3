import { expect } from "chai";
import fc from "fast-check";
import { registryName } from "../../../components/standby/registry-name.ts";

describe("the name of a container registry", () => {
  it("is the workload's, without hyphens, and what makes it unique", () => {
    expect(registryName("web-shop-2", "1a2b3c4d")).to.equal("webshop21a2b3c4d");
  });

  it("is one that Azure takes, whatever the workload is called", () => {
    const workload = fc.stringMatching(/^[a-z][a-z0-9-]{1,14}[a-z0-9]$/);
    fc.assert(
      fc.property(workload, fc.stringMatching(/^[a-z0-9]{8}$/), (name, suffix) => {
        expect(registryName(name, suffix)).to.match(/^[a-z0-9]{5,50}$/);
      }),
    );
  });
});
