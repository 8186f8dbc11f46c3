import { expect } from "chai";
import fc from "fast-check";
import { planStandbyAddresses } from "../../../components/standby/address-plan.ts";
import { planNetworkRules, type SecurityRule } from "../../../components/standby/network-rules.ts";
import { anySiteRange } from "../../support/ranges.ts";

const PLAN = planStandbyAddresses("10.32.0.0/16");

/** What is let through, as "from > to:port", the strongest first. */
function allowed(rules: SecurityRule[], direction: SecurityRule["direction"]): string[] {
  return rules
    .filter((rule) => rule.access === "Allow" && rule.direction === direction)
    .map((rule) => `${rule.sourceAddressPrefix} > ${rule.destinationAddressPrefix}:${rule.destinationPortRange}`);
}

describe("the rules of the standby's subnets", () => {
  it("let the world and the load balancer's probe to the app, and the app to its database and to services", () => {
    const { app } = planNetworkRules(PLAN);
    expect(allowed(app, "Inbound")).to.deep.equal([
      "Internet > 10.32.0.0/18:8443",
      "AzureLoadBalancer > 10.32.0.0/18:8443",
    ]);
    expect(allowed(app, "Outbound")).to.deep.equal([
      "10.32.0.0/18 > 10.32.64.0/20:3306",
      "10.32.0.0/18 > Internet:443",
    ]);
  });

  it("let the world to the proxy of containers, its probes, and its parts to one another", () => {
    const { app } = planNetworkRules(PLAN, undefined, "containers");
    expect(allowed(app, "Inbound")).to.deep.equal([
      "Internet > 10.32.0.0/18:443",
      "Internet > 10.32.0.0/18:31443",
      "AzureLoadBalancer > 10.32.0.0/18:30000-32767",
      "10.32.0.0/18 > 10.32.0.0/18:*",
    ]);
    expect(allowed(app, "Outbound")).to.deep.equal([
      "10.32.0.0/18 > 10.32.64.0/20:3306",
      "10.32.0.0/18 > Internet:443",
      "10.32.0.0/18 > 10.32.0.0/18:*",
    ]);
    const names = app.map(({ name }) => name);
    expect(new Set(names).size, "names of their own").to.equal(names.length);
  });

  it("let the app, the functions and its own second server to the database", () => {
    expect(allowed(planNetworkRules(PLAN).data, "Inbound")).to.deep.equal([
      "10.32.0.0/18 > 10.32.64.0/20:3306",
      "10.32.80.0/20 > 10.32.64.0/20:3306",
      "10.32.64.0/20 > 10.32.64.0/20:3306",
    ]);
  });

  it("let the primary to the database and its name, and to nothing else, once it is named", () => {
    const [without, named] = [planNetworkRules(PLAN), planNetworkRules(PLAN, { servers: "10.16.64.0/18" })];
    expect(allowed(named.data, "Inbound")).to.include("10.16.64.0/18 > 10.32.64.0/20:3306");
    expect({ ...named, data: [], resolver: [] }).to.deep.equal({ ...without, data: [], resolver: [] });
  });

  it("let the primary's servers ask the resolver, over UDP and TCP, and nobody else anything", () => {
    const { resolver } = planNetworkRules(PLAN, { servers: "10.16.64.0/18", database: "10.16.128.0/18" });
    const question = "10.16.64.0/18 > 10.32.104.0/28:53";
    expect(allowed(resolver, "Inbound")).to.deep.equal([question, question]);
    const protocols = resolver.filter(({ access }) => access === "Allow").map(({ protocol }) => protocol);
    expect(protocols).to.deep.equal(["Udp", "Tcp"]);
    expect(allowed(planNetworkRules(PLAN).resolver, "Inbound")).to.be.empty;
  });

  it("let the controller to the primary's database, where the standby's follows it, and nobody else", () => {
    const servers = "10.16.64.0/18";
    const [used, followed] = [{ servers }, { servers, database: "10.16.128.0/18" }].map((primary) =>
      planNetworkRules(PLAN, primary),
    );
    expect(allowed(followed?.functions ?? [], "Outbound")).to.include("10.32.80.0/20 > 10.16.128.0/18:3306");
    expect({ ...followed, functions: [] }).to.deep.equal({ ...used, functions: [] });
  });

  it("let nothing into the functions, and out what the app may reach", () => {
    const { functions } = planNetworkRules(PLAN);
    expect(allowed(functions, "Inbound")).to.be.empty;
    expect(allowed(functions, "Outbound")).to.deep.equal([
      "10.32.80.0/20 > 10.32.64.0/20:3306",
      "10.32.80.0/20 > Internet:443",
    ]);
  });

  it("leave to the managed database what it reaches", () => {
    expect(planNetworkRules(PLAN).data.filter(({ direction }) => direction === "Outbound")).to.be.empty;
  });

  const anyRules = fc
    .tuple(anySiteRange, fc.option(anySiteRange, { nil: undefined }))
    .map(([standby, servers]) =>
      planNetworkRules(planStandbyAddresses(standby), servers ? { servers, database: servers } : undefined),
    );

  it("always end with a denial of all that is left, before Azure's own open rules", () => {
    fc.assert(
      fc.property(anyRules, (plan) => {
        for (const rules of Object.values(plan)) {
          for (const direction of new Set(rules.map((rule) => rule.direction))) {
            const last = rules.filter((rule) => rule.direction === direction).at(-1);
            expect(last).to.include({
              access: "Deny",
              priority: 4096,
              protocol: "*",
              sourceAddressPrefix: "*",
              destinationAddressPrefix: "*",
              destinationPortRange: "*",
            });
          }
        }
        expect(Object.values(plan).every((rules) => rules.some(({ direction }) => direction === "Inbound"))).to.equal(
          true,
        );
      }),
    );
  });

  it("always have names and priorities that Azure takes: distinct, and 100 to 4096", () => {
    fc.assert(
      fc.property(anyRules, (plan) => {
        for (const rules of Object.values(plan)) {
          const places = rules.map(({ direction, priority }) => `${direction} ${priority}`);
          expect(new Set(places).size).to.equal(rules.length);
          expect(new Set(rules.map(({ name }) => name)).size).to.equal(rules.length);
          for (const { priority } of rules) expect(priority).to.be.within(100, 4096);
        }
      }),
    );
  });

  it("always let TCP through only, at a port of ours, but for questions of DNS", () => {
    fc.assert(
      fc.property(anyRules, (plan) => {
        const through = Object.values(plan).flatMap((rules) => rules.filter(({ access }) => access === "Allow"));
        for (const rule of through) {
          const ports = rule.protocol === "Udp" ? ["53"] : ["53", "443", "3306", "8443"];
          expect(rule.protocol).to.not.equal("*");
          expect(ports).to.include(rule.destinationPortRange);
        }
      }),
    );
  });
});
