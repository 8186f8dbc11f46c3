import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { expect } from "chai";
import fc from "fast-check";
import { answer, choose, type Health } from "../../../rehearsal/dns/route53.ts";

const NAME = "app.shop.example.com.";

const weighted = (id: string, Weight: number, HealthCheckId?: string): ResourceRecordSet => ({
  Name: NAME,
  Type: "CNAME",
  TTL: 60,
  SetIdentifier: id,
  Weight,
  HealthCheckId,
  ResourceRecords: [{ Value: `${id}.example.net` }],
});

const simple = (Name: string, Type: ResourceRecordSet["Type"], Value: string, TTL = 60): ResourceRecordSet => ({
  Name,
  Type,
  TTL,
  ResourceRecords: [{ Value }],
});

/** Who is answered with, and how often out of all draws; found by going through them evenly. */
function shares(group: readonly ResourceRecordSet[], health: Health): Map<string, number> {
  // Divides by every sum of weights, and by every number of records, that these tests make.
  const draws = 2520;
  const counted = new Map<string, number>();
  for (let turn = 0; turn < draws; turn++) {
    const { SetIdentifier = "" } = choose(group, health, () => (turn + 0.5) / draws);
    counted.set(SetIdentifier, (counted.get(SetIdentifier) ?? 0) + 1 / draws);
  }
  return counted;
}

/**
 * The documentation's own procedure, step by step: take one of those with a weight, by weight; when it is unhealthy,
 * another of them; when none of them is left, those without a weight; when nobody is left at all, all are healthy.
 */
function documented(group: readonly ResourceRecordSet[], health: Health): Map<string, number> {
  const total = new Map<string, number>();
  const isHealthy = ({ HealthCheckId }: ResourceRecordSet) => !HealthCheckId || health.get(HealthCheckId) === true;
  const follow = (left: readonly ResourceRecordSet[], heed: boolean, chance: number): void => {
    const first = left.filter(({ Weight }) => Weight !== 0);
    const stage = first.length > 0 ? first : left;
    if (stage.length === 0) follow(group, false, chance);
    const partOf = ({ Weight = 0 }: ResourceRecordSet) => (first.length > 0 ? Weight : 1);
    const sum = stage.reduce((all, each) => all + partOf(each), 0);
    for (const taken of stage) {
      const share = chance * (partOf(taken) / sum);
      const { SetIdentifier = "" } = taken;
      if (!heed || isHealthy(taken)) total.set(SetIdentifier, (total.get(SetIdentifier) ?? 0) + share);
      else
        follow(
          left.filter((each) => each !== taken),
          heed,
          share,
        );
    }
  };
  follow(group, true, 1);
  return total;
}

const group = fc
  .array(fc.record({ weight: fc.constantFrom(0, 0, 1, 2, 3), checked: fc.boolean(), healthy: fc.boolean() }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((records) => ({
    sets: records.map(({ weight, checked }, index) => weighted(`r${index}`, weight, checked ? `h${index}` : undefined)),
    health: new Map(records.map(({ healthy }, index) => [`h${index}`, healthy])),
  }));

describe("the local Route 53's choice among weighted records", () => {
  it("shares exactly as the documentation's procedure would", () => {
    fc.assert(
      fc.property(group, ({ sets, health }) => {
        const expected = documented(sets, health);
        const found = shares(sets, health);
        for (const { SetIdentifier = "" } of sets) {
          expect(found.get(SetIdentifier) ?? 0, SetIdentifier).to.be.closeTo(expected.get(SetIdentifier) ?? 0, 1e-6);
        }
      }),
    );
  });

  it("never answers with an unhealthy record while there is a healthy one", () => {
    fc.assert(
      fc.property(group, fc.double({ min: 0, max: 1, noNaN: true }), ({ sets, health }, point) => {
        const isHealthy = (set: ResourceRecordSet) => !set.HealthCheckId || health.get(set.HealthCheckId) === true;
        const chosen = choose(sets, health, () => point);
        expect(isHealthy(chosen)).to.equal(sets.some(isHealthy));
      }),
    );
  });

  it("goes by weight among healthy ones: 1 to 3 is a quarter to three quarters", () => {
    const sets = [weighted("a", 1), weighted("b", 3)];
    expect(shares(sets, new Map()).get("a")).to.be.closeTo(0.25, 1e-6);
  });

  it("shares equally among the healthy ones when all weights are zero", () => {
    const sets = [weighted("a", 0), weighted("b", 0), weighted("c", 0, "h")];
    const share = (healthy: boolean) => [...shares(sets, new Map([["h", healthy]])).values()].map((v) => v.toFixed(3));
    expect(share(true)).to.deep.equal(["0.333", "0.333", "0.333"]);
    expect(share(false)).to.deep.equal(["0.500", "0.500"]);
  });

  it("answers with a record of weight zero once every other one is unhealthy", () => {
    const sets = [weighted("primary", 100, "p"), weighted("standby", 0, "s")];
    const served = (p: boolean, s: boolean) => [
      ...shares(
        sets,
        new Map([
          ["p", p],
          ["s", s],
        ]),
      ).keys(),
    ];
    expect(served(true, true)).to.deep.equal(["primary"]);
    expect(served(true, false)).to.deep.equal(["primary"]);
    expect(served(false, true)).to.deep.equal(["standby"]);
    expect(served(false, false), "all unhealthy: as if all were healthy").to.deep.equal(["primary"]);
  });

  it("takes a record without a check for healthy always, and one whose check is gone too", () => {
    const sets = [weighted("primary", 100, "p"), weighted("standby", 0)];
    expect([...shares(sets, new Map([["p", false]])).keys()]).to.deep.equal(["standby"]);
    expect([...shares(sets, new Map()).keys()]).to.deep.equal(["primary"]);
  });

  it("refuses what it does not model, and says so", () => {
    const alias = { Name: NAME, Type: "A", AliasTarget: {} } as ResourceRecordSet;
    const failover = { ...weighted("a", 1), Weight: undefined, Failover: "PRIMARY" } as ResourceRecordSet;
    expect(() => choose([alias], new Map(), () => 0)).to.throw(/found an alias: the local Route 53 does not model/);
    expect(() => choose([failover], new Map(), () => 0)).to.throw(/found another routing policy/);
  });
});

describe("the local Route 53's answer from a zone", () => {
  const soa = simple("shop.example.com.", "SOA", "ns-1.example.net. host.example.net. 1 7200 900 1209600 86400", 900);
  const zone = {
    name: "shop.example.com",
    sets: [
      soa,
      weighted("primary", 100),
      simple("www.shop.example.com.", "CNAME", "app.shop.example.com", 300),
      simple("a.b.shop.example.com.", "A", "192.0.2.1"),
      simple("loop.shop.example.com.", "CNAME", "pool.shop.example.com"),
      simple("pool.shop.example.com.", "CNAME", "LOOP.shop.example.com."),
      simple("lost.shop.example.com.", "CNAME", "nobody.shop.example.com"),
    ],
  };
  const ask = (name: string, type = "A") => answer(zone, { name, type }, new Map(), () => 0);
  const names = (name: string, type?: string) => ask(name, type).sets.map((set) => set.Name);

  it("has a CNAME for whatever type is asked", () => {
    expect(names("app.shop.example.com")).to.deep.equal([NAME]);
    expect(names("app.shop.example.com", "TXT")).to.deep.equal([NAME]);
    expect(names("APP.shop.example.com.", "CNAME")).to.deep.equal([NAME]);
  });

  it("follows CNAMEs for as long as they stay in the zone, but not when they themselves are asked for", () => {
    expect(names("www.shop.example.com")).to.deep.equal(["www.shop.example.com.", NAME]);
    expect(names("www.shop.example.com", "CNAME")).to.deep.equal(["www.shop.example.com."]);
    expect(ask("www.shop.example.com").sets.map(({ TTL }) => TTL)).to.deep.equal([300, 60]);
  });

  it("ends where CNAMEs go in a circle", () => {
    expect(names("loop.shop.example.com")).to.deep.equal(["loop.shop.example.com.", "pool.shop.example.com."]);
  });

  it("tells a name that is not there from one that has no such record", () => {
    expect(ask("nobody.shop.example.com")).to.deep.equal({ code: "NXDOMAIN", sets: [], authority: soa });
    expect(ask("a.b.shop.example.com", "TXT")).to.deep.equal({ code: "NOERROR", sets: [], authority: soa });
    expect(ask("b.shop.example.com"), "a name with something below it").to.include({ code: "NOERROR" });
    expect(ask("a.b.shop.example.com")).to.deep.include({ code: "NOERROR", authority: undefined });
  });

  it("says of a CNAME that leads to nothing what it is, and that there is nothing", () => {
    const { code, sets, authority } = ask("lost.shop.example.com");
    expect([code, sets.length, authority]).to.deep.equal(["NXDOMAIN", 1, soa]);
  });
});
