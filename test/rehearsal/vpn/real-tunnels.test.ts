import { mkdir } from "node:fs/promises";
import { join } from "node:path";
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
import { Writer } from "../../../rehearsal/vpn/writer.ts";
import { TestStage } from "../../support/stage.ts";
import { until } from "../../support/until.ts";
import { RANGES, vpnStack } from "../../support/vpn-stack.ts";
import { newKeys } from "./new-keys.ts";

const TUNNELS = ["tunnel-1", "tunnel-2", "tunnel-3", "tunnel-4"];

/** The time after which an end is dead, by the profile, with what it takes to look again, in milliseconds. */
const DPD = 30_000;

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

  it("recovers within the DPD's time when the tunnel in use is cut", async () => {
    const cut = String(await running().carrier());
    const pause = await whileWriting(`${cut} cut`, () => running().cut(cut));
    expect(await running().carrier()).to.not.equal(cut);
    expect(pause).to.be.greaterThan(1000).and.below(DPD);
    await running().mend(cut);
    await allUp();
  });
});
