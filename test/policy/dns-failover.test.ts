import { expect } from "chai";
import { dnsFailover } from "../../policy/dns-failover.ts";
import { judged, LATER, type Written } from "../support/judged.ts";
import { writtenStack } from "../support/written-stacks.ts";

const RECORD = "aws:route53/record:Record";
const wrong = (resources: Written[], config: object = {}) => judged(dnsFailover, resources, config).wrong;

/** The two records of a name, with what is special to one of them, and their checks. */
function name(standby: Record<string, unknown> = {}, primary: Record<string, unknown> = {}): Written[] {
  const record = (site: string, weight: number, change: object): Written => ({
    type: RECORD,
    name: `app-${site}`,
    within: ["traffic:FailoverName"],
    props: {
      zoneId: "Z1",
      name: "app.example.com",
      ttl: 60,
      weightedRoutingPolicies: [{ weight }],
      healthCheckId: `${site}-guard`,
      ...change,
    },
  });
  return [record("primary", 100, primary), record("standby", 0, standby), ...CHECKS];
}

const check = (id: string, props: object): Written => ({
  type: "aws:route53/healthCheck:HealthCheck",
  name: id,
  props: { id, ...props },
});
const CHECKS = [
  check("primary-guard", { type: "CALCULATED", childHealthchecks: ["declared"] }),
  check("standby-guard", { type: "CALCULATED", childHealthchecks: ["ready"] }),
  check("declared", { fqdn: "marker.z1.web.core.windows.net" }),
  check("ready", { fqdn: "shop.azurefd.net" }),
];

describe("policy dns-failover", () => {
  it("takes a name with both records, and stack traffic as it comes", async () => {
    expect(wrong(name())).to.be.empty;
    expect(judged(dnsFailover, await writtenStack("traffic"))).to.deep.equal({ wrong: [], advice: [] });
  });

  it("stops a name that has one record only", () => {
    const [primary] = name() as [Written];
    expect(wrong([primary, ...CHECKS]).join()).to.include("app-primary stands alone");
  });

  it("stops a plain record of a name that is to move", () => {
    const plain = name({ weightedRoutingPolicies: undefined });
    expect(wrong(plain).join()).to.include("app-standby is plain, and cannot be made weighted in place");
  });

  it("stops weights that are all zero, and takes a name that has moved", () => {
    const none = [{ weight: 0 }];
    expect(wrong(name({}, { weightedRoutingPolicies: none })).join()).to.include("weigh nothing");
    expect(wrong(name({ weightedRoutingPolicies: [{ weight: 100 }] }, { weightedRoutingPolicies: none }))).to.be.empty;
  });

  it("stops a record without a check, on either side", () => {
    expect(wrong(name({ healthCheckId: undefined })).join()).to.include("app-standby has no health check");
    expect(wrong(name({}, { healthCheckId: undefined })).join()).to.include("app-primary has no health check");
  });

  it("stops a check that looks at the name that it guards, itself or by what it counts", () => {
    const looking = check("ready", { fqdn: "App.example.com." });
    const resources = [...name().filter((each) => each.name !== "ready"), looking];
    expect(wrong(resources).join()).to.include("ready looks at App.example.com., which is the name that it guards");
    const direct = name({ healthCheckId: "own" });
    expect(wrong([...direct, check("own", { fqdn: "app.example.com" })])).to.have.length(1);
  });

  it("stops a life that is too long or too short, by what is set", () => {
    expect(wrong(name({ ttl: 300 })).join()).to.include("has ttl: 300; write 30 to 60 seconds");
    expect(wrong(name({ ttl: 5 }))).to.have.length(1);
    expect(wrong(name({ ttl: 300 }), { ttlTo: 300 })).to.be.empty;
    expect(wrong(name({ ttl: undefined })).join()).to.include("has no ttl");
  });

  it("leaves records that do not move", () => {
    const proof: Written = { type: RECORD, props: { name: "_dnsauth.app.example.com", ttl: 3600 } };
    const refreshed = { ...proof, props: { ...proof.props, weightedRoutingPolicies: [], healthCheckId: "" } };
    expect(wrong([proof])).to.be.empty;
    expect(wrong([refreshed])).to.be.empty;
  });

  it("says what it does not know yet", () => {
    const later = name(
      { weightedRoutingPolicies: LATER, ttl: LATER },
      { weightedRoutingPolicies: [{ weight: LATER }] },
    );
    const { wrong, advice } = judged(dnsFailover, later);
    expect(wrong).to.be.empty;
    expect(advice.join()).to.include("app-primary: weight; app-standby: ttl");
    const unread = judged(dnsFailover, name({ healthCheckId: LATER }));
    expect(unread.wrong).to.be.empty;
    expect(unread.advice.join()).to.include("app-standby: which check it has");
  });
});
