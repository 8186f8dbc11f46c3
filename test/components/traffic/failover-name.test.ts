import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { FailoverName, type FailoverNameArgs } from "../../../components/traffic/failover-name.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";
import { rejection } from "../../support/rejection.ts";

const CHECK = "aws:route53/healthCheck:HealthCheck";

function deployName(args: Partial<FailoverNameArgs> = {}) {
  const defaults: FailoverNameArgs = {
    zoneId: "Z0123456789ABCDEFGHIJ",
    recordName: "app.shop.example.com",
    moves: "site",
    hosts: {
      primary: pulumi.output("shop-web.eu-west-1.elb.amazonaws.com"),
      standby: "shop-app.z01.azurefd.net",
    },
    healthPaths: { primary: "/healthz", standby: pulumi.output("/ready") },
    markers: [pulumi.output("https://shopmarker.z1.web.core.windows.net/")],
    mode: "manual",
    weights: { primary: 100, standby: 0 },
    ttlSeconds: 60,
    settle: async (id) => `settled ${id}`,
    tags: TAGS,
  };
  return deploy(() => new FailoverName("shop-app", { ...defaults, ...args }));
}

/** What a check counts, by the names of what it counts. */
function childrenOf(resources: Registrations, name: string): string[] {
  return resources.named(name).dependencies;
}

describe("FailoverName", () => {
  let resources: Registrations;
  let name: FailoverName;

  before(async () => {
    ({ resources, result: name } = await deployName());
  });

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-app", "multicloud-dr:traffic:FailoverName");
    expectProtected(resources, []);
  });

  it("has a record for each site from the first day, under one name, each with its check", async () => {
    const records = resources.ofType("aws:route53/record:Record");
    expect(records.map((record) => record.name)).to.deep.equal(["shop-app-primary", "shop-app-standby"]);
    const common = { zoneId: "Z0123456789ABCDEFGHIJ", name: "app.shop.example.com", type: "CNAME", ttl: 60 };
    const ids = await settled(name.checkIds);
    expect(resources.named("shop-app-primary").inputs).to.deep.equal({
      ...common,
      setIdentifier: "primary",
      records: ["shop-web.eu-west-1.elb.amazonaws.com"],
      weightedRoutingPolicies: [{ weight: 100 }],
      healthCheckId: ids.primary,
    });
    expect(resources.named("shop-app-standby").inputs).to.deep.equal({
      ...common,
      setIdentifier: "standby",
      records: ["shop-app.z01.azurefd.net"],
      weightedRoutingPolicies: [{ weight: 0 }],
      healthCheckId: ids.standby,
    });
  });

  it("makes the standby's record after the primary's: alone, one of weight 0 is answered", () => {
    expect(resources.named("shop-app-standby").dependencies).to.include("shop-app-primary");
  });

  it("looks for the declaration on the marker's website, and names it when TLS begins", () => {
    expect(resources.named("shop-app-declared").inputs).to.deep.equal({
      type: "HTTPS_STR_MATCH",
      fqdn: "shopmarker.z1.web.core.windows.net",
      port: 443,
      resourcePath: "/declared/site.json",
      searchString: '"declared":true',
      invertHealthcheck: true,
      enableSni: true,
      failureThreshold: 3,
      requestInterval: 10,
      measureLatency: false,
      tags: { ...TAGS, Name: "shop-app-declared" },
    });
  });

  it("looks whether the standby is ready, by its word and by the app's own", () => {
    expect(resources.named("shop-app-ready").inputs).to.include({
      fqdn: "shopmarker.z1.web.core.windows.net",
      resourcePath: "/ready/site.json",
      invertHealthcheck: false,
      failureThreshold: 1,
    });
    expect(resources.named("shop-app-standby-app").inputs).to.include({
      type: "HTTPS",
      fqdn: "shop-app.z01.azurefd.net",
      port: 443,
      resourcePath: "/ready",
      enableSni: true,
    });
  });

  it("counts for each record what the plan says", () => {
    expect(resources.named("shop-app-primary-guard").inputs).to.include({
      type: "CALCULATED",
      childHealthThreshold: 1,
    });
    expect(childrenOf(resources, "shop-app-primary-guard")).to.have.members(["shop-app-declared"]);
    expect(resources.named("shop-app-standby-guard").inputs).to.include({
      type: "CALCULATED",
      childHealthThreshold: 2,
    });
    expect(childrenOf(resources, "shop-app-standby-guard")).to.have.members(["shop-app-standby-app", "shop-app-ready"]);
  });

  it("counts a check only once it is settled", async () => {
    const ids = await settled(name.checkIds);
    const counted = resources.ofType(CHECK).flatMap(({ inputs }) => (inputs.childHealthchecks as string[]) ?? []);
    const looks = [ids.declared, ids["standby-app"], ids.ready];
    expect(counted).to.have.members(looks.map((id) => `settled ${id}`));
  });

  it("stops before any record has a check that did not settle", async () => {
    const settle = async () => {
      throw new Error("nobody looked");
    };
    const { message } = await rejection(deployName({ settle }));
    // What the engine was about to be told is before it, and is not the same each time.
    expect(message).to.match(/(^|: )nobody looked$/);
  });

  it("asks three markers of different owners, wherever they are", async () => {
    const markers = [
      "https://shopmarker.z1.web.core.windows.net/",
      "https://marker.example.net:8443/shop",
      "https://marker.example.org/",
    ];
    const { resources: many } = await deployName({ markers });
    expect(many.named("shop-app-declared-2").inputs).to.include({
      fqdn: "marker.example.net",
      port: 8443,
      resourcePath: "/shop/declared/site.json",
    });
    expect(many.named("shop-app-declared-3").inputs).to.include({ fqdn: "marker.example.org" });
    expect(many.named("shop-app-primary-guard").inputs).to.include({ childHealthThreshold: 2 });
    expect(childrenOf(many, "shop-app-primary-guard")).to.have.length(3);
  });

  it("looks at the primary's app in automatic mode, never under the name that it guards", async () => {
    const { resources: automatic } = await deployName({ mode: "automatic" });
    expect(automatic.named("shop-app-primary-app").inputs).to.include({
      type: "HTTPS",
      fqdn: "shop-web.eu-west-1.elb.amazonaws.com",
      resourcePath: "/healthz",
    });
    for (const { inputs } of automatic.ofType(CHECK)) expect(inputs.fqdn).to.not.equal("app.shop.example.com");
  });

  it("only knocks at the content's edge", async () => {
    const { resources: content } = await deployName({ moves: "content", healthPaths: undefined });
    const { inputs } = content.named("shop-app-edge");
    expect(inputs).to.include({ type: "TCP", fqdn: "shop-app.z01.azurefd.net", port: 443 });
    expect(inputs).to.not.have.any.keys("resourcePath", "searchString", "enableSni");
  });

  it("changes nothing but the weights when the other site is to answer", async () => {
    const { resources: moved } = await deployName({ weights: pulumi.output({ primary: 0, standby: 100 }) });
    for (const { name, inputs } of resources.customs) {
      const weight = { "shop-app-primary": 0, "shop-app-standby": 100 }[name];
      const expected = weight === undefined ? inputs : { ...inputs, weightedRoutingPolicies: [{ weight }] };
      expect(moved.named(name).inputs).to.deep.equal(expected);
    }
  });

  it("lets both answers live as long as it is told", async () => {
    const { resources: short } = await deployName({ ttlSeconds: 30 });
    const records = short.ofType("aws:route53/record:Record");
    expect(records.map(({ inputs }) => inputs.ttl)).to.deep.equal([30, 30]);
  });
});
