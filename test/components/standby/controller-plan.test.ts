import { expect } from "chai";
import { controllerPlan } from "../../../components/standby/controller-plan.ts";
import type { Database } from "../../../components/standby/database.ts";
import { DISASTERS } from "../../../components/standby/disaster.ts";
import { DEFAULT_CAPACITY, standbyPlan } from "../../../components/standby/standby-plan.ts";
import { type PlanDocument, readPlan } from "../../../lambdas/standby/plan-document.ts";
import { readyText } from "../../../lambdas/standby/ready-file.ts";
import { deploy, settled } from "../../support/mocks.ts";
import { ORDINARY } from "../../support/standby-plans.ts";

const VAULT = "https://shop.vault.azure.net/";

async function planOf(...by: Parameters<typeof standbyPlan>): Promise<PlanDocument> {
  const plan = standbyPlan(...by);
  const server = plan.database.state === "absent" ? undefined : (ORDINARY as unknown as Database);
  const { result } = await deploy(() => ({ plan: controllerPlan(plan, server, VAULT, 100) }));
  const document = await settled(result.plan);
  expect(readPlan(JSON.stringify(document))).to.deep.equal(document);
  return document;
}

describe("the plan of the standby's controller", () => {
  it("has no server where the site has none", async () => {
    expect(await planOf("backup-restore", "none", false)).to.deep.equal({ version: 2 });
  });

  const table: [Parameters<typeof standbyPlan>, object][] = [
    [["pilot-light", "none", false], { target: "stopped", follows: "dumps", restore: false, own: false }],
    [["warm-standby", "none", false], { target: "running", follows: "primary", restore: false, own: false }],
    [["warm-standby", "site", false], { target: "promoted", follows: "nobody", restore: false, own: true }],
    [["pilot-light", "none", true], { target: "promoted", follows: "nobody", restore: false, own: false }],
    [["backup-restore", "database", false], { target: "promoted", follows: "nobody", restore: true, own: true }],
  ];
  for (const [[strategy, disaster, drill], expected] of table) {
    it(`says what becomes of the server of ${strategy} for ${drill ? "a drill" : disaster}`, async () => {
      const { database } = await planOf(strategy, disaster, drill);
      expect(database).to.deep.include(expected);
    });
  }

  it("says which names are declared switched, with a server or without, and none in a drill", async () => {
    expect(await planOf("backup-restore", "content", false)).to.deep.equal({ version: 2, ready: ["content"] });
    expect(await planOf("pilot-light", "site", false)).to.deep.include({ ready: ["database", "content", "site"] });
    expect(await planOf("warm-standby", "database", false)).to.deep.include({ ready: ["database"] });
    expect(await planOf("warm-standby", "none", true)).not.to.have.property("ready");
    expect(await planOf("warm-standby", "none", false)).not.to.have.property("ready");
  });

  it("has what is said of them name the disaster that was declared", () => {
    for (const disaster of DISASTERS) {
      const { markers } = standbyPlan("warm-standby", disaster, false);
      for (const name of markers) expect(JSON.parse(readyText(name, markers))).to.deep.equal({ ready: true, disaster });
    }
  });

  it("says that the server hands back, once it does, and goes on saying which names it serves", async () => {
    for (const handBack of ["copy", "move"] as const) {
      const course = { handBack, growDatabase: false };
      const { database, ready } = await planOf("warm-standby", "site", false, DEFAULT_CAPACITY, course);
      expect(database).to.include({ target: "promoted", own: true, handsBack: true });
      expect(ready).to.deep.equal(["database", "content", "site"]);
    }
    expect((await planOf("warm-standby", "site", false)).database).not.to.have.property("handsBack");
  });

  it("says how large a server is that does not grow by itself", async () => {
    expect((await planOf("pilot-light", "none", false)).database).to.include({ storageGib: 100 });
    expect((await planOf("active-active", "none", false)).database).not.to.have.property("storageGib");
  });

  it("says what was given up, by the name that it was given", async () => {
    const { result } = await deploy(() => ({
      plan: controllerPlan(
        standbyPlan("warm-standby", "site", false),
        ORDINARY as unknown as Database,
        VAULT,
        100,
        "u-u-i-d:23",
      ),
    }));
    expect((await settled(result.plan)).database).to.include({ givenUp: "u-u-i-d:23" });
    expect((await planOf("warm-standby", "site", false)).database).not.to.have.property("givenUp");
  });

  it("says how the server and the primary are reached", async () => {
    const { database } = await planOf("warm-standby", "site", false);
    const { host, port, secretId, serverId } = ORDINARY;
    const primarySecretId = `${VAULT}secrets/primary-replicator`;
    expect(database).to.deep.include({ host, port, secretId, serverId, primarySecretId });
  });
});
