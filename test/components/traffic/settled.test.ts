import {
  GetHealthCheckStatusCommand,
  type HealthCheckObservation,
  ListHealthChecksCommand,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { settling } from "../../../components/traffic/settled.ts";
import { rejection } from "../../support/rejection.ts";

const NEW = "aaaaaaaa-1111-4222-8333-444455556666";
const COUNTED = "bbbbbbbb-1111-4222-8333-444455556666";

/** When each checker looked last, as one answer tells it; undefined for one that has not looked. */
type Seen = Record<string, number | undefined>;

/** Route 53 with a calculated check that counts one other; it answers with these sights one after the other. */
class FakeRoute53 {
  readonly asked: string[] = [];
  readonly #sights: Seen[];

  constructor(sights: Seen[]) {
    this.#sights = sights;
  }

  async send(command: object): Promise<object> {
    if (command instanceof ListHealthChecksCommand) {
      this.asked.push(`list from ${command.input.Marker ?? "the start"}`);
      if (!command.input.Marker) return { HealthChecks: [{ Id: NEW }], IsTruncated: true, NextMarker: "b" };
      return { HealthChecks: [{ HealthCheckConfig: { ChildHealthChecks: [COUNTED] } }], IsTruncated: false };
    }
    if (!(command instanceof GetHealthCheckStatusCommand)) throw new Error("expected no other question");
    this.asked.push(`status of ${command.input.HealthCheckId}`);
    const sight = (this.#sights.length > 1 ? this.#sights.shift() : this.#sights[0]) ?? {};
    const HealthCheckObservations = Object.entries(sight).map(
      ([IPAddress, time]): HealthCheckObservation => ({
        Region: "eu-west-1",
        IPAddress,
        StatusReport: time === undefined ? {} : { Status: "Success", CheckedTime: new Date(time) },
      }),
    );
    return { HealthCheckObservations };
  }
}

/** Settles a check. @returns what was asked, and the milliseconds that were waited */
async function settle(id: string, sights: Seen[]) {
  const fake = new FakeRoute53(sights);
  let waited = 0;
  const wait = async (milliseconds: number) => {
    waited += milliseconds;
  };
  const run = settling(fake as unknown as Pick<Route53Client, "send">, wait);
  return { settled: run(id), run, fake, waited: () => waited };
}

const TWICE: Seen[] = [{ a: 0 }, { a: 10 }, { a: 20 }];

describe("a new health check", () => {
  it("is settled once each checker has looked three times: it then has changed its mind, if it had to", async () => {
    const { settled, waited } = await settle(NEW, [
      {},
      { a: undefined },
      { a: 0, b: undefined },
      { a: 0, b: 1 },
      { a: 10, b: 1 },
      { a: 20, b: 11 },
      { a: 20, b: 21 },
      { a: 999, b: 999 },
    ]);
    expect(await settled).to.equal(NEW);
    expect(waited()).to.equal(6 * 2000);
  });

  it("waits for a checker that only comes late", async () => {
    const { settled, waited } = await settle(NEW, [
      { a: 0 },
      { a: 10 },
      { a: 20, b: 21 },
      { b: 31 },
      { b: 41 },
      { b: 51 },
    ]);
    await settled;
    expect(waited()).to.equal(4 * 2000);
  });

  it("is given up after three minutes, with what is missing and what to do", async () => {
    const { settled, waited } = await settle(NEW, [{ a: 0 }, { a: 10 }, { a: 20, b: 20 }]);
    const error = await rejection(settled);
    expect(error).to.be.instanceOf(pulumi.RunError);
    expect(error.message).to.contain(`health check ${NEW}: expected 3 looks of each of Route 53's checkers`);
    expect(error.message).to.contain("within 3 minutes, found them of 1 of 2 checkers");
    expect(error.message).to.contain("run `pulumi up` on this stack again");
    expect(waited()).to.equal(180_000);
  });

  it("fails with what Route 53 says", async () => {
    const route53 = { send: () => Promise.reject(new Error("AccessDenied: route53:ListHealthChecks")) };
    const settled = settling(route53 as unknown as Pick<Route53Client, "send">)(NEW);
    expect((await rejection(settled)).message).to.contain("AccessDenied");
  });
});

describe("a health check that a standing one counts", () => {
  it("is settled without a question about it, so that later runs depend on no checker", async () => {
    const { settled, fake, waited } = await settle(COUNTED, []);
    expect(await settled).to.equal(COUNTED);
    expect(fake.asked).to.deep.equal(["list from the start", "list from b"]);
    expect(waited()).to.equal(0);
  });

  it("is looked for once in a run", async () => {
    const { settled, run, fake } = await settle(COUNTED, TWICE);
    await Promise.all([settled, run(COUNTED), run(NEW)]);
    expect(fake.asked.filter((question) => question.startsWith("list"))).to.have.length(2);
  });
});

describe("a preview", () => {
  it("asks nobody", async () => {
    await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "p", "s", true);
    try {
      const { settled, fake } = await settle(NEW, TWICE);
      expect(await settled).to.equal(NEW);
      expect(fake.asked).to.be.empty;
    } finally {
      await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "p", "s", false);
    }
  });
});
