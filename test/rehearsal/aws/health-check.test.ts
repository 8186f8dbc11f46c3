import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { useLocalAws } from "./local-aws.ts";

const CHECK = "aws:route53/healthCheck:HealthCheck";
const RECORD = "aws:route53/record:Record";

const MARKER = {
  type: "HTTPS_STR_MATCH",
  fqdn: "marker.example.net",
  port: 443,
  resourcePath: "/declared/site.json",
  searchString: '"declared":true',
  enableSni: true,
  invertHealthcheck: true,
  failureThreshold: 3,
  requestInterval: 10,
  measureLatency: false,
};

describe("the local AWS's Route 53, a health check", () => {
  const aws = useLocalAws();

  it("looks at an endpoint, takes new settings and tags in place, and is gone once it is deleted", async () => {
    const inputs = { ...MARKER, tags: { Name: "a" } };
    const check = await aws.deploy(CHECK, inputs);
    expect(check.id).to.match(/^[0-9a-f-]{36}$/);
    expect(check.properties.arn).to.equal(`arn:aws:route53:::healthcheck/${check.id}`);
    expect(await check.refresh()).to.deep.equal(inputs);

    const next = { ...MARKER, fqdn: "other.example.net", invertHealthcheck: false, tags: { Other: "b" } };
    await check.update(next);
    expect(await check.refresh()).to.deep.equal(next);

    await check.delete();
    await check.delete();
    expect(await check.refresh()).to.equal(undefined);
  });

  it("counts others, and can count others than before", async () => {
    const children = [];
    for (const fqdn of ["a.example.net", "b.example.net"]) {
      children.push((await aws.deploy(CHECK, { ...MARKER, fqdn })).id);
    }
    const inputs = { type: "CALCULATED", childHealthchecks: children.slice(0, 1), childHealthThreshold: 1 };
    const check = await aws.deploy(CHECK, inputs);
    expect(await check.refresh()).to.deep.equal(inputs);
    await check.update({ ...inputs, childHealthchecks: children, childHealthThreshold: 2 });
    expect(await check.refresh()).to.deep.equal({
      type: "CALCULATED",
      childHealthchecks: children,
      childHealthThreshold: 2,
    });
  });

  it("guards a record", async () => {
    const { id: healthCheckId } = await aws.deploy(CHECK, MARKER);
    const { id: zoneId } = await aws.deploy("aws:route53/zone:Zone", { name: "shop.example.com" });
    const inputs = {
      zoneId,
      name: "app.shop.example.com",
      type: "CNAME",
      ttl: 60,
      records: ["a.example.net"],
      setIdentifier: "primary",
      weightedRoutingPolicies: [{ weight: 100 }],
    };
    const record = await aws.deploy(RECORD, inputs);
    await record.update({ ...inputs, healthCheckId });
    expect(await record.refresh()).to.deep.equal({ ...inputs, healthCheckId });
    expect(await aws.refusals(RECORD, { ...inputs, setIdentifier: "standby", healthCheckId: "none" })).to.match(
      /healthCheckId: there is no health check "none"/,
    );
  });

  it("is another one where it would ask otherwise: Route 53 changes neither type nor interval", () => {
    const args = { token: CHECK, name: "a-test", ignored: [] };
    const replacedBy = (changes: Properties) =>
      aws.provider.diff({ ...args, former: MARKER, inputs: { ...MARKER, ...changes } } as never).replaced;
    expect(replacedBy({ requestInterval: 30 })).to.deep.equal(["requestInterval"]);
    expect(replacedBy({ type: "HTTPS" })).to.deep.equal(["type"]);
    expect(replacedBy({ measureLatency: true })).to.deep.equal(["measureLatency"]);
    expect(replacedBy({ fqdn: "other.example.net", failureThreshold: 1 })).to.be.empty;
  });

  const refused: [string, Properties, RegExp][] = [
    ["a type that is not carried out", { ...MARKER, type: "CLOUDWATCH_METRIC" }, /is no type that is carried out/],
    ["no host", { ...MARKER, fqdn: undefined }, /fqdn: missing/],
    ["a match without a text", { ...MARKER, searchString: undefined }, /searchString: missing/],
    ["a text that is not matched", { ...MARKER, type: "HTTPS" }, /searchString: given for a check of type HTTPS/],
    ["another interval", { ...MARKER, requestInterval: 20 }, /10 or 30 seconds/],
    ["no looks at all", { ...MARKER, failureThreshold: 0 }, /1 to 10, whole/],
    ["a port beyond the last", { ...MARKER, port: 65_536 }, /1 to 65535/],
    ["a path that is too long", { ...MARKER, resourcePath: `/${"a".repeat(255)}` }, /longer than 255/],
    ["children of an endpoint's", { ...MARKER, childHealthThreshold: 1 }, /given for a check of type HTTPS_STR_MATCH/],
    ["a host of a calculated one's", { type: "CALCULATED", fqdn: "a.net" }, /given for a check of type CALCULATED/],
    ["a child that is not there", { type: "CALCULATED", childHealthchecks: ["none"] }, /no health check "none"/],
    ["checkers of some regions", { ...MARKER, regions: ["us-east-1"] }, /does not carry this input out/],
  ];
  for (const [what, inputs, reason] of refused) {
    it(`is refused with ${what}`, async () => {
      expect(await aws.refusals(CHECK, inputs)).to.match(reason);
    });
  }

  it("is refused with a calculated one to count: they don't nest", async () => {
    const { id } = await aws.deploy(CHECK, { type: "CALCULATED", childHealthchecks: [], childHealthThreshold: 0 });
    expect(await aws.refusals(CHECK, { type: "CALCULATED", childHealthchecks: [id] })).to.match(
      /counts no other calculated one/,
    );
  });
});
