import { expect } from "chai";
import fc from "fast-check";
import { type AccessRule, accessRules, GROUPS } from "../../../components/primary/access-rules.ts";

const anyPort = fc.integer({ min: 1, max: 65_535 });

function table(rules: AccessRule[]): string[] {
  return rules.map(({ of, direction, peer, port }) => `${of} ${direction === "in" ? "<-" : "->"} ${peer} ${port}`);
}

describe("who may speak with whom at the primary site", () => {
  it("is users with the load balancer, that with the servers, those with the database and the internet", () => {
    expect(table(accessRules(8080, 3306))).to.have.members([
      "loadBalancer <- internet 443",
      "loadBalancer <- internet 80",
      "loadBalancer -> servers 8080",
      "servers <- loadBalancer 8080",
      "servers -> database 3306",
      "servers -> internet 443",
      "database <- servers 3306",
    ]);
  });

  it("agrees on both sides: what a group sends to another, that one takes, and the other way round", () => {
    fc.assert(
      fc.property(anyPort, anyPort, (appPort, databasePort) => {
        const between = accessRules(appPort, databasePort).filter(({ peer }) => peer !== "internet");
        const sent = between.filter(({ direction }) => direction === "out");
        const taken = between.filter(({ direction }) => direction === "in");
        const way = (from: string, to: string, port: number) => `${from} ${to} ${port}`;
        expect(sent.map(({ of, peer, port }) => way(of, peer, port))).to.have.members(
          taken.map(({ of, peer, port }) => way(peer, of, port)),
        );
      }),
    );
  });

  it("never lets the internet to a server or the database, nor the database to anybody", () => {
    fc.assert(
      fc.property(anyPort, anyPort, (appPort, databasePort) => {
        const rules = accessRules(appPort, databasePort);
        const entered = rules.filter(({ direction, peer }) => direction === "in" && peer === "internet");
        expect(new Set(entered.map(({ of }) => of))).to.deep.equal(new Set(["loadBalancer"]));
        expect(rules.filter(({ of, direction }) => of === "database" && direction === "out")).to.be.empty;
      }),
    );
  });

  it("says of every rule what it is for, in letters that EC2 takes, under a name of its own", () => {
    const rules = accessRules(8080, 3306);
    expect(new Set(rules.map(({ name }) => name)).size).to.equal(rules.length);
    for (const { description } of rules) expect(description).to.match(/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
  });

  it("has something to say for every group", () => {
    expect(new Set(accessRules(8080, 3306).map(({ of }) => of))).to.deep.equal(new Set(GROUPS));
  });
});
