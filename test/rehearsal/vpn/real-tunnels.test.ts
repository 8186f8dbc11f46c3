import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { makeCertificate } from "../../../rehearsal/local/certificate.ts";
import type { Mysqld } from "../../../rehearsal/local/mysqld.ts";
import { findMySql } from "../../../rehearsal/tools/mysql.ts";
import { findVpnTools } from "../../../rehearsal/tools/vpn.ts";
import { awsEnds } from "../../../rehearsal/vpn/aws-ends.ts";
import { azureEnds } from "../../../rehearsal/vpn/azure-ends.ts";
import { APP_USER, startDatabase } from "../../../rehearsal/vpn/database.ts";
import { type Pair, pairsOf } from "../../../rehearsal/vpn/pairs.ts";
import { whyNoTunnels } from "../../../rehearsal/vpn/rights.ts";
import { StandingVpn } from "../../../rehearsal/vpn/standing-vpn.ts";
import { resourcesOf, type StateResource } from "../../../rehearsal/vpn/state.ts";
import type { TunnelEnd } from "../../../rehearsal/vpn/tunnel-end.ts";
import { Writer } from "../../../rehearsal/vpn/writer.ts";
import { TestStage } from "../../support/stage.ts";
import { until } from "../../support/until.ts";
import { RANGES, vpnStack } from "../../support/vpn-stack.ts";
import { newKeys } from "./new-keys.ts";

const TUNNELS = ["tunnel-1", "tunnel-2", "tunnel-3", "tunnel-4"];

/** The time after which an end is dead, by the profile, with what it takes to look again, in milliseconds. */
const DPD = 30_000;

/** How long a tunnel that flaps is gone, in milliseconds: not long enough for anybody to take it for dead. */
const FLAP = 5000;

/** How long a tunnel may take until it is up again once its wire is, in milliseconds. */
const RETURN = 60_000;

describe("four tunnels of real IPsec between the sites", function () {
  this.timeout(120_000);
  const stage = new TestStage();
  const settings = { keyGenerations: [1, 1, 1, 1] };
  let stack: Stack;
  let vpn: StandingVpn | undefined;
  let database: Mysqld | undefined;
  let writer: Writer | undefined;
  const running = () => vpn as StandingVpn;
  const traffic = () => writer as Writer;

  /** What the engine's state says of both ends now. */
  async function registered(): Promise<StateResource[]> {
    return resourcesOf(await stack.exportStack());
  }

  const pairsIn = (resources: StateResource[]): Pair[] => pairsOf(awsEnds(resources), azureEnds(resources));

  const allUp = () =>
    until(async () => (await running().established()).length === TUNNELS.length, "BGP over all tunnels", RETURN);

  /** Waits until what was lost is back, and prints how long it took. */
  async function returns(what: string): Promise<void> {
    const since = performance.now();
    await allUp();
    console.log(`      ${what} back: all tunnels up after ${((performance.now() - since) / 1000).toFixed(1)} s`);
  }

  before(async function () {
    const reason = await whyNoTunnels();
    if (reason) {
      console.log(`    skipped: ${reason}`);
      this.skip();
    }
    await stage.set();
    stack = await vpnStack(stage.stage, settings);
    await stack.up();
    const { folder, signal } = stage.session;
    const tools = await findVpnTools(() => {}, signal);
    const own = join(folder, "vpn");
    await mkdir(own);
    const pairs = pairsIn(await registered());
    const onDeath = (error: Error) => stage.session.end(error);
    vpn = await StandingVpn.start({ tools, folder: own, onDeath, pairs, ranges: RANGES, spreads: false });
    await allUp();
    const authority = await makeCertificate(own);
    database = await startDatabase(vpn.lab, await findMySql(() => {}, signal), authority, RANGES);
    const { address: host, port } = database;
    writer = await Writer.start(vpn.lab, { host, port, ...APP_USER, authority: authority.certificateFile });
  });

  after(async () => {
    await writer?.[Symbol.asyncDispose]();
    await database?.kill();
    await vpn?.[Symbol.asyncDispose]();
    await stage.strike();
  });

  /** Does something while the app server writes. @returns the longest pause, which is printed too */
  async function whileWriting(what: string, act: () => Promise<void>): Promise<number> {
    const since = Date.now();
    await act();
    await traffic().more(20, DPD + 10_000);
    const pause = traffic().longestPause(since);
    console.log(`      ${what}: writes paused for ${(pause / 1000).toFixed(1)} s`);
    return pause;
  }

  it("comes up, and carries the app server's writes to the standby's database", async () => {
    expect(await running().established()).to.deep.equal(TUNNELS);
    await traffic().more(20, 10_000);
    const name = await running().carrier();
    const { bytesIn = 0 } = (await running().tunnel(String(name)).azure.sas()) ?? {};
    expect(bytesIn, "what came in encrypted at Azure's end").to.be.greaterThan(2000);
  });

  it("gets new keys in both phases, on every tunnel and from either end", async () => {
    await whileWriting("new keys in both phases", async () => {
      for (const { name, aws, azure } of running().tunnels) {
        expect(await newKeys(aws, azure), `${name}, by AWS's end`).to.deep.equal({ ike: true, child: true });
        expect(await newKeys(azure, aws), `${name}, by Azure's end`).to.deep.equal({ ike: true, child: true });
      }
    });
    expect(await running().established()).to.deep.equal(TUNNELS);
  });

  it("carries on when a tunnel flaps", async () => {
    const flaps = String(await running().carrier());
    const pause = await whileWriting(`${flaps} gone for ${FLAP / 1000} s`, async () => {
      await running().cut(flaps);
      await delay(FLAP);
      await running().mend(flaps);
    });
    expect(pause).to.be.greaterThan(1000).and.below(DPD);
    await allUp();
  });

  it("carries on while the key of the tunnel in use is changed, first at AWS and then at Azure", async () => {
    const changed = String(await running().carrier());
    settings.keyGenerations = TUNNELS.map((name) => (name === changed ? 2 : 1));
    await stack.up();
    const pairs = pairsIn(await registered());
    const { aws, azure } = running().tunnel(changed);
    const others = TUNNELS.filter((name) => name !== changed);
    const end = (cloud: "aws" | "azure") => pairs.find(({ name }) => name === changed)?.[cloud] as TunnelEnd;

    const pause = await whileWriting(`another key for ${changed}`, async () => {
      await aws.terminate();
      await aws.configure(end("aws"));
      await traffic().more(20, DPD);
      expect(await aws.initiate(), "with the new key at AWS alone").to.be.false;
      expect(await running().established()).to.deep.equal(others);
      await azure.configure(end("azure"));
      expect(await aws.initiate(), "with the new key at both ends").to.be.true;
      await allUp();
    });
    expect(pause).to.be.below(3000);
  });

  it("recovers within the DPD's time when the tunnel in use is cut", async () => {
    const cut = String(await running().carrier());
    const pause = await whileWriting(`${cut} cut`, () => running().cut(cut));
    expect(await running().carrier()).to.not.equal(cut);
    expect(pause).to.be.greaterThan(1000).and.below(DPD);
    await running().mend(cut);
    await returns(cut);
  });

  it("recovers within the DPD's time when the instance in use is lost, with both its tunnels", async () => {
    const { instance } = running().tunnel(String(await running().carrier()));
    const pause = await whileWriting(`instance ${instance} lost`, () => running().loseInstance(instance));
    expect(running().tunnel(String(await running().carrier())).instance).to.not.equal(instance);
    expect(pause).to.be.greaterThan(1000).and.below(DPD);
    await running().regainInstance(instance);
    await returns(`instance ${instance}`);
  });

  it("comes up with a profile that differs in PFS alone, and fails at the first new key", async () => {
    const { name, aws, azure } = running().tunnel("tunnel-4");
    const broken = pairsIn(withPfs(await registered(), "PFS2048")).find((pair) => pair.name === name) as Pair;
    await azure.configure(broken.azure);
    await aws.terminate();
    expect(await aws.initiate(), "with another group at Azure's end").to.be.true;
    await allUp();
    expect(await newKeys(aws, azure), "by AWS's end").to.deep.equal({ ike: true, child: false });
    expect(await newKeys(azure, aws), "by Azure's end").to.deep.equal({ ike: true, child: false });
  });

  it("has lost nothing that was confirmed", async () => {
    const confirmed = traffic().confirmed.map(({ number }) => number);
    const rows = (await database?.query("SELECT number FROM shop.writes")) ?? [];
    const kept = new Set(rows.map(({ number }) => number));
    expect(confirmed.filter((number) => !kept.has(number))).to.be.empty;
  });
});

/** The resources with another group for PFS at Azure's ends. */
function withPfs(resources: StateResource[], pfsGroup: string): StateResource[] {
  return resources.map((resource) => {
    const policies: object[] | undefined = resource.inputs.ipsecPolicies;
    if (!policies) return resource;
    return {
      ...resource,
      inputs: { ...resource.inputs, ipsecPolicies: policies.map((each) => ({ ...each, pfsGroup })) },
    };
  });
}
