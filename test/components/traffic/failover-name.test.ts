import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { FailoverName, type FailoverNameArgs } from "../../../components/traffic/failover-name.ts";
import { expectHouseRules, expectProtected } from "../../support/house-rules.ts";
import { deploy, type Registrations } from "../../support/mocks.ts";

function deployName(args: Partial<FailoverNameArgs> = {}) {
  const defaults: FailoverNameArgs = {
    zoneId: "Z0123456789ABCDEFGHIJ",
    recordName: "content.shop.example.com",
    hosts: {
      primary: pulumi.output("shop-content.s3.eu-west-1.amazonaws.com"),
      standby: "shopcopies.blob.core.windows.net",
    },
    weights: { primary: 100, standby: 0 },
    ttlSeconds: 60,
  };
  return deploy(() => new FailoverName("shop-content", { ...defaults, ...args }));
}

describe("FailoverName", () => {
  let resources: Registrations;

  before(async () => {
    ({ resources } = await deployName());
  });

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-content", "multicloud-dr:traffic:FailoverName");
    expectProtected(resources, []);
  });

  it("has a record for each site from the first day, under one name", () => {
    expect(resources.names).to.deep.equal(["shop-content-primary", "shop-content-standby"]);
    const common = { zoneId: "Z0123456789ABCDEFGHIJ", name: "content.shop.example.com", type: "CNAME", ttl: 60 };
    expect(resources.named("shop-content-primary").inputs).to.deep.equal({
      ...common,
      setIdentifier: "primary",
      records: ["shop-content.s3.eu-west-1.amazonaws.com"],
      weightedRoutingPolicies: [{ weight: 100 }],
    });
    expect(resources.named("shop-content-standby").inputs).to.deep.equal({
      ...common,
      setIdentifier: "standby",
      records: ["shopcopies.blob.core.windows.net"],
      weightedRoutingPolicies: [{ weight: 0 }],
    });
  });

  it("changes nothing but the weights when the other site is to answer", async () => {
    const { resources: moved } = await deployName({ weights: pulumi.output({ primary: 0, standby: 100 }) });
    expect(moved.named("shop-content-primary").inputs).to.deep.equal({
      ...resources.named("shop-content-primary").inputs,
      weightedRoutingPolicies: [{ weight: 0 }],
    });
    expect(moved.named("shop-content-standby").inputs).to.deep.equal({
      ...resources.named("shop-content-standby").inputs,
      weightedRoutingPolicies: [{ weight: 100 }],
    });
  });

  it("lets both answers live as long as it is told", async () => {
    const { resources: short } = await deployName({ ttlSeconds: 30 });
    expect(short.customs.map(({ inputs }) => inputs.ttl)).to.deep.equal([30, 30]);
  });
});
