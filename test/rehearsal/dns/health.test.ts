import type { HealthCheckConfig } from "@aws-sdk/client-route-53";
import { expect } from "chai";
import fc from "fast-check";
import { after, calculatedHealth, endpointHealth, healthOf, NEW, type Opinion } from "../../../rehearsal/dns/health.ts";

const ENDPOINT: HealthCheckConfig = { Type: "HTTPS_STR_MATCH", FailureThreshold: 3 };
const INVERTED: HealthCheckConfig = { ...ENDPOINT, Inverted: true };
const opinion = (healthy: boolean): Opinion => ({ healthy, against: 0 });
const opinionAfter = (results: readonly boolean[], config: HealthCheckConfig) =>
  results.reduce((before, passed) => after(before, passed, config), NEW);

describe("a health checker's opinion", () => {
  it("changes after as many results in a row as the threshold says, and a single other one begins it anew", () => {
    expect(opinionAfter([false, false], ENDPOINT).healthy).to.equal(true);
    expect(opinionAfter([false, false, true, false, false], ENDPOINT).healthy).to.equal(true);
    expect(opinionAfter([false, false, false], ENDPOINT).healthy).to.equal(false);
    expect(opinionAfter([false, false, false, true, true], ENDPOINT).healthy).to.equal(false);
    expect(opinionAfter([false, false, false, true, true, true], ENDPOINT).healthy).to.equal(true);
    expect(opinionAfter([false], { ...ENDPOINT, FailureThreshold: 1 }).healthy).to.equal(false);
  });

  it("is what the last run of equal results said that was long enough, and healthy before there was one", () => {
    const results = fc.array(fc.boolean(), { maxLength: 30 });
    fc.assert(
      fc.property(results, fc.integer({ min: 1, max: 10 }), (given, FailureThreshold) => {
        const ends = given.map((_, index) => given.slice(0, index + 1).slice(-FailureThreshold));
        const runs = ends.filter((run) => run.length === FailureThreshold && new Set(run).size === 1);
        const expected = runs.at(-1)?.[0] ?? true;
        expect(opinionAfter(given, { ...ENDPOINT, FailureThreshold }).healthy).to.equal(expected);
      }),
    );
  });
});

describe("the health of a check of an endpoint", () => {
  it("needs more than 18 % of the checkers, and not exactly as many", () => {
    const among = (healthy: number, all: number) =>
      endpointHealth(
        ENDPOINT,
        Array.from({ length: all }, (_, index) => opinion(index < healthy)),
      );
    expect([among(0, 3), among(1, 3), among(3, 3)]).to.deep.equal([false, true, true]);
    expect([among(18, 100), among(19, 100)]).to.deep.equal([false, true]);
  });

  it("is healthy while it is new, and unhealthy when it is new and inverted", () => {
    for (const opinions of [[], [NEW, NEW, NEW]]) {
      expect([endpointHealth(ENDPOINT, opinions), endpointHealth(INVERTED, opinions)]).to.deep.equal([true, false]);
    }
  });

  it("is healthy when disabled, whatever was seen, and unhealthy when inverted besides", () => {
    const unwell = [opinion(false)];
    expect(endpointHealth({ ...ENDPOINT, Disabled: true }, unwell)).to.equal(true);
    expect(endpointHealth({ ...INVERTED, Disabled: true }, unwell)).to.equal(false);
  });

  it("is turned round by inversion, always", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 20 }), fc.boolean(), (healthy, Disabled) => {
        const opinions = healthy.map(opinion);
        const plain = endpointHealth({ ...ENDPOINT, Disabled }, opinions);
        expect(endpointHealth({ ...INVERTED, Disabled }, opinions)).to.equal(!plain);
      }),
    );
  });
});

describe("the health of a calculated check", () => {
  const atLeast = (HealthThreshold: number, more: object = {}): HealthCheckConfig => ({
    Type: "CALCULATED",
    HealthThreshold,
    ...more,
  });

  it("counts healthy children", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 10 }), fc.integer({ min: 0, max: 12 }), (children, threshold) => {
        const healthy = children.filter(Boolean).length >= threshold;
        expect(calculatedHealth(atLeast(threshold), children)).to.equal(healthy);
        expect(calculatedHealth(atLeast(threshold, { Inverted: true }), children)).to.equal(!healthy);
        expect(calculatedHealth(atLeast(threshold, { Disabled: true }), children)).to.equal(true);
      }),
    );
  });

  it("is always healthy with threshold 0, and never with more than it has children", () => {
    expect(calculatedHealth(atLeast(0), [false])).to.equal(true);
    expect(calculatedHealth(atLeast(3), [true, true])).to.equal(false);
  });

  it("takes children as they count themselves: inverted, disabled, new", () => {
    const checks = [
      { id: "new", config: ENDPOINT },
      { id: "newInverted", config: INVERTED },
      { id: "disabled", config: { ...ENDPOINT, Disabled: true } },
      { id: "all", config: atLeast(3, { ChildHealthChecks: ["new", "newInverted", "disabled"] }) },
      { id: "two", config: atLeast(2, { ChildHealthChecks: ["new", "newInverted", "disabled"] }) },
    ];
    const health = healthOf(checks, (id) => (id === "disabled" ? [opinion(false)] : [NEW]));
    expect(Object.fromEntries(health)).to.deep.equal({
      new: true,
      newInverted: false,
      disabled: true,
      all: false,
      two: true,
    });
  });

  it("never counts a calculated child, which Route 53 refuses, nor one that is gone", () => {
    const checks = [
      { id: "endpoint", config: ENDPOINT },
      { id: "inner", config: atLeast(1, { ChildHealthChecks: ["endpoint"] }) },
      { id: "outer", config: atLeast(1, { ChildHealthChecks: ["inner", "gone"] }) },
    ];
    expect(healthOf(checks, () => [NEW]).get("inner")).to.equal(true);
    expect(healthOf(checks, () => [NEW]).get("outer")).to.equal(false);
  });
});
