import type { HealthCheckConfig } from "@aws-sdk/client-route-53";
import { expect } from "chai";
import { type Check, endpointHealth } from "../../../rehearsal/dns/health.ts";
import { HealthCheckers } from "../../../rehearsal/dns/health-checkers.ts";
import { Clock } from "../../../rehearsal/local/clock.ts";
import { Names } from "../../../rehearsal/local/names.ts";
import { until } from "../../support/until.ts";
import { Endpoint } from "./endpoint.ts";

describe("the local Route 53's health checkers", () => {
  const HOST = "site.example.net";
  let endpoint: Endpoint;
  let checkers: HealthCheckers;
  let results: number;

  /** @param speed at 100 an interval of 10 s is 100 ms */
  function start(speed = 100): void {
    const names = new Names();
    names.set(HOST, 80, endpoint.address);
    checkers = new HealthCheckers({ names, clock: new Clock(speed), onResult: () => results++ });
  }

  beforeEach(async () => {
    results = 0;
    endpoint = await new Endpoint().open();
  });
  afterEach(async () => {
    checkers[Symbol.dispose]();
    await endpoint[Symbol.asyncDispose]();
  });

  const config: HealthCheckConfig = {
    Type: "HTTP",
    FullyQualifiedDomainName: HOST,
    RequestInterval: 10,
    FailureThreshold: 3,
  };
  const check = (more: object = {}): Check => ({ id: "a", config: { ...config, ...more } });
  const isHealthy = () => endpointHealth(config, checkers.opinionsOf("a"));

  it("are three for each check, and look at different times", async () => {
    // A second between two looks of one checker, a third of it between those of two.
    start(10);
    checkers.update([check()]);
    expect(checkers.statusOf("a")).to.deep.equal([]);
    await until(() => results >= 4, "the first one looked twice");
    const times = endpoint.asked.map(({ at }) => at);
    for (const [index, at] of times.entries()) {
      if (index > 0) expect(at - Number(times[index - 1])).to.be.above(150);
    }
    expect(Number(times[3]) - Number(times[0])).to.be.at.least(990);
  });

  it("find an endpoint unhealthy after three looks each, and healthy again after three", async () => {
    start();
    checkers.update([check()]);
    await until(() => endpoint.asked.length >= 3, "each looked once");
    endpoint.status = 500;
    endpoint.asked.length = 0;
    expect(isHealthy()).to.equal(true);
    await until(() => !isHealthy(), "unhealthy");
    // As long as one of three finds it healthy it counts as healthy: the last one's third look decides.
    expect(endpoint.asked.length).to.be.at.least(9);
    endpoint.status = 200;
    endpoint.asked.length = 0;
    await until(isHealthy, "healthy again");
    // Here the first one's third look is enough, whatever the others have seen by then.
    expect(endpoint.asked.length).to.be.at.least(3);
  });

  it("tell what each of them saw last, where, and when", async () => {
    start();
    endpoint.status = 503;
    checkers.update([check()]);
    await until(() => checkers.statusOf("a").length === 3, "all have looked");
    for (const { Region, IPAddress, StatusReport } of checkers.statusOf("a")) {
      expect(Region).to.match(/^(eu|us|ap)-/);
      expect(IPAddress).to.match(/^192\.0\.2\./);
      expect(StatusReport?.Status).to.equal("Failure: HTTP Status Code 503, Service Unavailable");
      expect(Date.now() - Number(StatusReport?.CheckedTime)).to.be.within(0, 10_000);
    }
  });

  it("take a changed check in without forgetting what they know, and end with a check that is gone", async () => {
    start();
    endpoint.status = 500;
    checkers.update([check()]);
    await until(() => !isHealthy(), "unhealthy");
    checkers.update([check({ ResourcePath: "/other" })]);
    expect(isHealthy()).to.equal(false);
    await until(() => endpoint.asked.at(-1)?.url === "/other", "the new path is asked for");
    checkers.update([]);
    expect(checkers.opinionsOf("a")).to.deep.equal([]);
    const asked = endpoint.asked.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(endpoint.asked.length).to.be.at.most(asked + 1);
  });

  it("look at nothing for a disabled check, and at none that is looked at from elsewhere", async () => {
    start();
    const calculated: Check = { id: "b", config: { Type: "CALCULATED", ChildHealthChecks: ["a"], HealthThreshold: 1 } };
    checkers.update([check({ Disabled: true }), calculated]);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect([endpoint.asked.length, checkers.statusOf("a").length]).to.deep.equal([0, 0]);
    expect(checkers.opinionsOf("b")).to.deep.equal([]);
    checkers.update([check(), calculated]);
    await until(() => endpoint.asked.length > 0, "the enabled check is looked at");
  });
});
