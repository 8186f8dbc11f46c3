import { expect } from "chai";
import {
  azureDatabaseHour,
  azureServerHour,
  databaseHour,
  serverHour,
  UnknownSize,
} from "../../../operations/costs/sizes.ts";

describe("the price of a size", () => {
  it("is that of its family, in proportion", () => {
    expect(serverHour("m7i.large").usd).to.equal(0.11235);
    expect(serverHour("m7i.4xlarge").usd).to.be.closeTo(0.8988, 1e-9);
    expect(serverHour("t4g.medium").usd).to.be.closeTo(0.0368, 1e-9);
    expect(databaseHour("db.m7g.xlarge").usd).to.be.closeTo(0.3715, 1e-9);
    expect(databaseHour("db.r6g.large").usd).to.equal(0.237);
    expect(azureServerHour("Standard_D2s_v5").usd).to.equal(0.115);
    expect(azureServerHour("Standard_D8s_v5").usd).to.be.closeTo(0.46, 1e-9);
    expect(azureDatabaseHour("Standard_D4ads_v5").usd).to.be.closeTo(0.406, 1e-9);
  });

  it("is by the hour, and as good as its family's", () => {
    expect(databaseHour("db.m7g.large")).to.include({ unit: "hour", grade: "derived" });
    expect(azureDatabaseHour("Standard_D2ads_v5")).to.include({ unit: "hour", grade: "listed" });
  });

  for (const [key, estimate] of [
    ["serverType", () => serverHour("x9z.large")],
    ["serverType", () => serverHour("m7i.metal-24xl")],
    ["databaseClass", () => databaseHour("db.z1d.large")],
    ["standbyServerSize", () => azureServerHour("Standard_M8ms")],
    ["standbyDatabaseSize", () => azureDatabaseHour("Standard_E4ads_v5")],
  ] as const) {
    it(`refuses a ${key} whose price nobody knows, and says where to put it: ${estimate.toString().slice(6)}`, () => {
      expect(estimate).to.throw(UnknownSize, `multicloud-dr:${key}: no price is known for`);
      expect(estimate).to.throw(UnknownSize, "operations/costs/sizes.ts");
    });
  }
});
