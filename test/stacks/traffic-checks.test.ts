import { expect } from "chai";
import { STRATEGIES, standbyPlan } from "../../components/standby/standby-plan.ts";
import type { Settings } from "../../stacks/settings.ts";
import type { Registrations } from "../support/mocks.ts";
import { DR_OUTPUTS, PROD_OUTPUTS } from "../support/other-stacks.ts";
import { rejection } from "../support/rejection.ts";
import { deployTraffic, HEALTH_CHECK } from "../support/traffic-stack.ts";

const MARKER = new URL(DR_OUTPUTS.markerEndpoint).hostname;
const OTHERS = ["https://marker.example.net/", "https://marker.example.org:8443/shop"];

/** Where each check looks, by its name; those of records look nowhere. */
function places(resources: Registrations): Record<string, string> {
  const looks = resources.ofType(HEALTH_CHECK).filter(({ inputs }) => inputs.type !== "CALCULATED");
  return Object.fromEntries(
    looks.map(({ name, inputs: { type, fqdn, port, resourcePath } }) => [
      name,
      `${type} ${fqdn}:${port}${resourcePath ?? ""}`,
    ]),
  );
}

/** What decides about each record: how many of which checks must be well. */
function guards(resources: Registrations): Record<string, [threshold: unknown, ...checks: string[]]> {
  const counting = resources.ofType(HEALTH_CHECK).filter(({ inputs }) => inputs.type === "CALCULATED");
  return Object.fromEntries(
    counting.map(({ name, inputs, dependencies }) => [name, [inputs.childHealthThreshold, ...dependencies.sort()]]),
  );
}

describe("the traffic stack's health checks", () => {
  let resources: Registrations;
  before(async () => {
    ({ resources } = await deployTraffic());
  });

  it("look at dr's markers, and at the standby itself; the app's path is each site's own", () => {
    expect(places(resources)).to.deep.equal({
      "shop-app-declared": `HTTPS_STR_MATCH ${MARKER}:443/declared/site.json`,
      "shop-app-ready": `HTTPS_STR_MATCH ${MARKER}:443/ready/site.json`,
      "shop-app-standby-app": `HTTPS ${DR_OUTPUTS.appHost}:443${DR_OUTPUTS.healthPath}`,
      "shop-content-declared": `HTTPS_STR_MATCH ${MARKER}:443/declared/content.json`,
      "shop-content-ready": `HTTPS_STR_MATCH ${MARKER}:443/ready/content.json`,
      "shop-content-edge": `TCP ${DR_OUTPUTS.contentHost}:443`,
    });
  });

  it("have the primary answered until it is declared lost, and the standby once it is ready", () => {
    expect(guards(resources)).to.deep.equal({
      "shop-app-primary-guard": [1, "shop-app-declared"],
      "shop-app-standby-guard": [2, "shop-app-ready", "shop-app-standby-app"],
      "shop-content-primary-guard": [1, "shop-content-declared"],
      "shop-content-standby-guard": [2, "shop-content-edge", "shop-content-ready"],
    });
  });

  it("stand at their records", () => {
    for (const { name, inputs, dependencies } of resources.ofType("aws:route53/record:Record")) {
      if (inputs.type === "CNAME") expect(dependencies, name).to.include(`${name}-guard`);
      else expect(inputs, name).to.not.have.property("healthCheckId");
    }
  });

  it("change nothing when a disaster is declared: they see it by themselves", async () => {
    const { resources: declared } = await deployTraffic({}, { plan: standbyPlan("warm-standby", "site", false) });
    for (const { name, inputs } of resources.ofType(HEALTH_CHECK)) {
      expect(declared.named(name).inputs).to.deep.equal(inputs);
    }
    expect(declared.names).to.deep.equal(resources.names);
  });

  it("ask two of three markers where others keep one too, and leave those that stand as they are", async () => {
    const { resources: many } = await deployTraffic({ otherMarkers: OTHERS });
    const { "shop-app-declared-2": second, "shop-app-declared-3": third, ...rest } = places(many);
    expect([second, third]).to.deep.equal([
      "HTTPS_STR_MATCH marker.example.net:443/declared/site.json",
      "HTTPS_STR_MATCH marker.example.org:8443/shop/declared/site.json",
    ]);
    expect(rest).to.include(places(resources));
    for (const name of ["shop-app", "shop-content"]) {
      const declared = ["declared", "declared-2", "declared-3"].map((label) => `${name}-${label}`);
      expect(guards(many)[`${name}-primary-guard`]).to.deep.equal([2, ...declared]);
      expect(guards(many)[`${name}-standby-guard`]).to.deep.equal(guards(resources)[`${name}-standby-guard`]);
    }
  });

  describe("in automatic mode", () => {
    const AUTOMATIC: Partial<Settings<"traffic">> = { failoverMode: "automatic" };

    it("have the app's own health move its users too, and nothing else the content's", async () => {
      const { resources: automatic } = await deployTraffic(AUTOMATIC);
      expect(places(automatic)["shop-app-primary-app"]).to.equal(
        `HTTPS ${PROD_OUTPUTS.appHost}:443${PROD_OUTPUTS.healthPath}`,
      );
      const { "shop-app-primary-guard": primary, "shop-app-standby-guard": standby, ...rest } = guards(automatic);
      expect(primary).to.deep.equal([2, "shop-app-declared", "shop-app-primary-app"]);
      expect(standby).to.deep.equal([1, "shop-app-standby-app"]);
      expect(guards(resources)).to.deep.include(rest);
    });

    for (const strategy of STRATEGIES) {
      const dr = { strategy, plan: standbyPlan(strategy, "none", false) };
      if (strategy === "warm-standby" || strategy === "active-active") {
        it(`go with ${strategy}, whose standby serves all the time`, async () => {
          await deployTraffic(AUTOMATIC, dr);
        });
        continue;
      }
      it(`are refused with ${strategy}, whose standby somebody must start first`, async () => {
        const { message } = await rejection(deployTraffic(AUTOMATIC, dr));
        expect(message).to.contain(
          `multicloud-dr:failoverMode is automatic, and multicloud-dr:strategy in dr is ${strategy}: expected ` +
            "warm-standby or active-active, whose standby serves before anybody is there to start it; " +
            "set failoverMode to manual",
        );
        await deployTraffic({}, dr);
      });
    }
  });
});
