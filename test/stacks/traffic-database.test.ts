import { expect } from "chai";
import type { traffic } from "../../stacks/traffic.ts";
import { expectProtected, expectTags } from "../support/house-rules.ts";
import { type Registrations, settled } from "../support/mocks.ts";
import { DR_OUTPUTS, PROD_OUTPUTS } from "../support/other-stacks.ts";
import { rejection } from "../support/rejection.ts";
import { answersOf, DR_STACK, deployTraffic, HEALTH_CHECK } from "../support/traffic-stack.ts";

const NAME = "database.shop.internal";

describe("the database's own name", () => {
  let resources: Registrations;
  let outputs: ReturnType<typeof traffic>;
  let without: Registrations;

  before(async () => {
    ({ resources, result: outputs } = await deployTraffic({ databaseHostName: NAME }));
    ({ resources: without } = await deployTraffic());
  });

  it("is in a zone that prod's network alone sees, and nobody has where none is asked for", () => {
    expect(resources.named("shop-database-zone").inputs).to.deep.include({
      name: "shop.internal",
      vpcs: [{ vpcId: PROD_OUTPUTS.vpcId, vpcRegion: PROD_OUTPUTS.region }],
    });
    const own = resources.customs.filter(({ name }) => name.startsWith("shop-database-"));
    expect(own.map(({ name }) => name)).to.have.members(
      ["zone", "declared", "ready", "primary-guard", "standby-guard", "primary", "standby"].map(
        (part) => `shop-database-${part}`,
      ),
    );
    expect(without.names).to.deep.equal(resources.names.filter((name) => !name.startsWith("shop-database-")));
  });

  it("is answered with the primary's server, or the standby's, from that zone", async () => {
    expect(answersOf(resources, NAME)).to.deep.equal({
      primary: [PROD_OUTPUTS.databaseAddress, 100],
      standby: [DR_OUTPUTS.databaseHost, 0],
    });
    const { databaseZoneId } = (await settled(outputs)).shop ?? {};
    for (const site of ["primary", "standby"]) {
      expect(resources.named(`shop-database-${site}`).inputs).to.include({ zoneId: databaseZoneId, ttl: 45 });
    }
    expect(databaseZoneId).to.match(/^Z/).and.not.equal(PROD_OUTPUTS.zoneId);
  });

  it("moves by its own declaration, once its own file says that it is ready: no checker reaches a database", () => {
    const marker = new URL(DR_OUTPUTS.markerEndpoint).hostname;
    const checks = resources.ofType(HEALTH_CHECK).filter(({ name }) => name.startsWith("shop-database-"));
    const looks = checks.filter(({ inputs }) => inputs.type !== "CALCULATED");
    expect(looks.map(({ inputs }) => `${inputs.fqdn}${inputs.resourcePath}`)).to.have.members([
      `${marker}/declared/database.json`,
      `${marker}/ready/database.json`,
    ]);
    for (const [site, child] of [
      ["primary", "declared"],
      ["standby", "ready"],
    ]) {
      const guard = resources.named(`shop-database-${site}-guard`);
      expect(guard.dependencies).to.deep.equal([`shop-database-${child}`]);
      expect(guard.inputs.childHealthThreshold).to.equal(1);
    }
  });

  it("moves by declaration also where the app's health moves its users", async () => {
    const { resources: automatic } = await deployTraffic({ databaseHostName: NAME, failoverMode: "automatic" });
    for (const { name, inputs } of resources.customs.filter(({ name }) => name.startsWith("shop-database-"))) {
      expect(automatic.named(name).inputs).to.deep.equal(inputs);
    }
  });

  it("leads nowhere at a standby that has no database, and that is never ready", async () => {
    const absent = { databaseHost: undefined };
    const { resources: cold } = await deployTraffic({ databaseHostName: NAME }, absent);
    expect(answersOf(cold, NAME).standby).to.deep.equal(["no-standby-database.invalid", 0]);
    expect(cold.names).to.deep.equal(resources.names);
    const { message } = await rejection(deployTraffic({ databaseHostName: NAME }, { ...absent, workload: "billing" }));
    expect(message).to.contain(`stack ${DR_STACK} has no output`);
  });

  it("comes here before prod's servers ask for it, and changes nothing once they do", async () => {
    const { resources: sought } = await deployTraffic({ databaseHostName: NAME }, {}, { databaseHostName: NAME });
    expect(sought.customs).to.deep.equal(resources.customs);
  });

  for (const [own, told] of [
    ["", "not set"],
    ["db.shop.internal", "db.shop.internal"],
  ] as const) {
    it(`stops all names where prod's servers ask for it and it is ${told} here: they would find no database`, async () => {
      const failing = deployTraffic({ databaseHostName: own }, {}, { databaseHostName: NAME });
      expect((await rejection(failing)).message).to.contain(
        `multicloud-dr:databaseHostName is ${NAME} in prod and ${told} in traffic: prod's servers would find no database; ` +
          "set both alike. To have another name, or none, take prod's away first",
      );
    });
  }

  it("is tagged as traffic's, and protects nothing", () => {
    expectTags(resources, { Purpose: "traffic", Workload: "shop" });
    expectProtected(resources, []);
  });

  it("is told, with what says who answers", async () => {
    const told = (await settled(outputs)).shop;
    expect(told?.names.database).to.equal(NAME);
    expect(told?.healthChecks.database).to.have.all.keys("declared", "ready", "primary", "standby");
  });
});
