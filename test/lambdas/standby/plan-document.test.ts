import { expect } from "chai";
import fc from "fast-check";
import { readPlan } from "../../../lambdas/standby/plan-document.ts";
import { planned, SERVER_ID } from "../../support/standby-plans.ts";

describe("the plan document", () => {
  const primarySecretId = "https://shop.vault.azure.net/secrets/primary-replicator";
  const good = planned({ target: "promoted", restore: true, own: true, primarySecretId });

  it("is read as it was written", () => {
    expect(readPlan(JSON.stringify(good))).to.deep.equal(good);
    expect(readPlan('{"version": 2}')).to.deep.equal({ version: 2 });
  });

  const bad: [what: string, text: string, reason: RegExp][] = [
    ["no JSON", "none", /expected JSON in plan\.json/],
    ["nothing", "", /expected JSON in plan\.json/],
    ["another version", '{"version": 1}', /version 2.*\n.*version/s],
    ["a target that is none", JSON.stringify({ ...good, database: { ...good.database, target: "on" } }), /target/],
    ["no server", JSON.stringify({ ...good, database: { ...good.database, serverId: undefined } }), /serverId/],
    [
      "a server that is none",
      JSON.stringify({ ...good, database: { ...good.database, serverId: "https://elsewhere.example/" } }),
      /serverId/,
    ],
    ["a secret over plain HTTP", JSON.stringify(planned({ secretId: "http://shop.example/secrets/a" })), /secretId/],
    ["more than it knows", JSON.stringify({ ...good, servers: 3 }), /servers/],
  ];
  for (const [what, text, reason] of bad) {
    it(`is refused when it is ${what}, with what to do`, () => {
      expect(() => readPlan(text))
        .to.throw(reason)
        .with.property("message")
        .that.includes("pulumi up --stack dr");
    });
  }

  it("names everything that is wrong at once", () => {
    const text = JSON.stringify({ version: 0, database: { serverId: SERVER_ID, target: "", restore: "yes" } });
    expect(() => readPlan(text)).to.throw(/version[\s\S]*target[\s\S]*restore/);
  });

  it("is never taken for one by chance", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => readPlan(text)).to.throw();
      }),
    );
  });
});
