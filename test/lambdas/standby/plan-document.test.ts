import { expect } from "chai";
import fc from "fast-check";
import { type PlanDocument, readPlan } from "../../../lambdas/standby/plan-document.ts";

const SERVER_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.DBforMySQL/flexibleServers/shop";

describe("the plan document", () => {
  const good: PlanDocument = { version: 1, database: { serverId: SERVER_ID, target: "promoted", restore: true } };

  it("is read as it was written", () => {
    expect(readPlan(JSON.stringify(good))).to.deep.equal(good);
    expect(readPlan('{"version": 1}')).to.deep.equal({ version: 1 });
  });

  const bad: [what: string, text: string, reason: RegExp][] = [
    ["no JSON", "none", /expected JSON in plan\.json/],
    ["nothing", "", /expected JSON in plan\.json/],
    ["another version", '{"version": 2}', /version 1.*\n.*version/s],
    ["a target that is none", JSON.stringify({ ...good, database: { ...good.database, target: "on" } }), /target/],
    ["no server", JSON.stringify({ version: 1, database: { target: "running", restore: false } }), /serverId/],
    [
      "a server that is none",
      JSON.stringify({ ...good, database: { ...good.database, serverId: "https://elsewhere.example/" } }),
      /serverId/,
    ],
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
