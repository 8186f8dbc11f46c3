import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { CRYPTO_PROFILES } from "../../../components/vpn/crypto-profile.ts";
import { makeCertificate } from "../../../rehearsal/local/certificate.ts";
import type { Mysqld } from "../../../rehearsal/local/mysqld.ts";
import { findMySql } from "../../../rehearsal/tools/mysql.ts";
import { findVpnTools } from "../../../rehearsal/tools/vpn.ts";
import { awsEnds, spreads } from "../../../rehearsal/vpn/aws-ends.ts";
import { azureEnds } from "../../../rehearsal/vpn/azure-ends.ts";
import { APP_USER, startDatabase } from "../../../rehearsal/vpn/database.ts";
import { type Pair, pairsOf } from "../../../rehearsal/vpn/pairs.ts";
import { whyNoTunnels } from "../../../rehearsal/vpn/rights.ts";
import type { Sas } from "../../../rehearsal/vpn/sas.ts";
import { StandingVpn } from "../../../rehearsal/vpn/standing-vpn.ts";
import { resourcesOf, type StateResource } from "../../../rehearsal/vpn/state.ts";
import type { TunnelEnd } from "../../../rehearsal/vpn/tunnel-end.ts";
import { Writer } from "../../../rehearsal/vpn/writer.ts";
import { TestStage } from "../../support/stage.ts";
import { until } from "../../support/until.ts";
import { DEFAULTS, RANGES, vpnStack } from "../../support/vpn-stack.ts";
import { newKeys } from "./new-keys.ts";

const TUNNELS = ["tunnel-1", "tunnel-2", "tunnel-3", "tunnel-4"];

/** The time after which an end is dead, by either profile, in milliseconds. */
const DPD = CRYPTO_PROFILES["gcm256-sha384-dh20"].dpdSeconds * 1000;

/** How much later than that it may be noticed: the writer gives its connection up after 1 s, and cores are busy here. */
const LEEWAY = 4000;

/** How long a tunnel that flaps is gone, in milliseconds: not long enough for anybody to take it for dead. */
const FLAP = 5000;

/** How long a tunnel may take until it is up again once its wire is, in milliseconds. */
const RETURN = 60_000;

describe("four tunnels of real IPsec between the sites", function () {
  this.timeout(120_000);
  const stage = new TestStage();
  const settings = { ...DEFAULTS };
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
    const resources = await registered();
    const pairs = pairsIn(resources);
    // Thrown outside of any test, so that the run fails whatever test is just waiting.
    const onDeath = (error: Error) => {
      setImmediate(() => {
        throw error;
      });
    };
    const parts = { pairs, ranges: RANGES, spreads: spreads(resources) };
    vpn = await StandingVpn.start({ ...parts, tools, folder: own, onDeath });
    // Whatever test is just waiting for tunnels has none to wait for any more.
    signal.addEventListener("abort", () => void vpn?.[Symbol.asyncDispose]());
    await allUp();
    const authority = await makeCertificate(own);
    database = await startDatabase(vpn.lab, await findMySql(() => {}, signal), authority, RANGES);
    const { address: host, port } = database;
    writer = await Writer.start(vpn.lab, { host, port, ...APP_USER, authority: authority.certificateFile });
  });

  beforeEach("nobody has interrupted the run", () => stage.session.signal.throwIfAborted());

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
    const carrying = await running()
      .tunnel(String(await running().carrier()))
      .azure.sas();
    expect(carrying?.bytesIn, "what came in encrypted at Azure's end").to.be.greaterThan(2000);
    expect(carrying?.withinUdp, "ESP within UDP").to.be.false;
  });

  it("gets new keys in both phases, on every tunnel and from either end", async () => {
    await whileWriting("new keys in both phases", async () => {
      for (const { name, aws, azure } of running().tunnels) {
        expect(await newKeys(aws, azure), `${name}, by AWS's end`).to.deep.equal({ ike: true, child: true });
        expect(await newKeys(azure, aws), `${name}, by Azure's end`).to.deep.equal({ ike: true, child: true });
      }
    });
    expect(await running().established()).to.deep.equal(TUNNELS);
    for (const { name, aws } of running().tunnels) {
      const { ike, child } = (await aws.sas()) as Sas;
      expect(ike.algorithms, name).to.equal("AES_GCM_16 256 PRF_HMAC_SHA2_384 ECP_384");
      expect(child?.algorithms, `${name}, with PFS`).to.equal("AES_GCM_16 256 ECP_384");
    }
  });

  it("carries on when a tunnel flaps", async () => {
    const flaps = String(await running().carrier());
    const pause = await whileWriting(`${flaps} gone for ${FLAP / 1000} s`, async () => {
      await running().cut(flaps);
      await delay(FLAP);
      await running().mend(flaps);
    });
    expect(pause)
      .to.be.greaterThan(1000)
      .and.below(DPD + LEEWAY);
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
    const since = performance.now();
    const pause = await whileWriting(`${cut} cut`, () => running().cut(cut));
    expect(await running().carrier()).to.not.equal(cut);
    expect(pause)
      .to.be.greaterThan(1000)
      .and.below(DPD + LEEWAY);

    const { aws, azure } = running().tunnel(cut);
    const dead = async () => (await Promise.all([aws.sas(), azure.sas()])).every((sas) => sas === undefined);
    await until(dead, "both ends take the other for dead", DPD);
    const silence = performance.now() - since;
    console.log(`      ${cut} dead at both ends after ${(silence / 1000).toFixed(1)} s`);
    expect(silence).to.be.below(DPD + LEEWAY);
    await running().mend(cut);
    await returns(cut);
  });

  it("recovers within the DPD's time when the instance in use is lost, with both its tunnels", async () => {
    const { instance } = running().tunnel(String(await running().carrier()));
    const pause = await whileWriting(`instance ${instance} lost`, () => running().loseInstance(instance));
    expect(running().tunnel(String(await running().carrier())).instance).to.not.equal(instance);
    expect(pause)
      .to.be.greaterThan(1000)
      .and.below(DPD + LEEWAY);
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

  it("comes up with the second profile, and gets new keys with it", async () => {
    settings.crypto = "aes256-sha256-dh14";
    await stack.up();
    const { name, aws, azure } = running().tunnel("tunnel-4");
    const second = pairsIn(await registered()).find((pair) => pair.name === name) as Pair;
    await azure.configure(second.azure);
    await aws.configure(second.aws);
    await aws.terminate();
    expect(await aws.initiate()).to.be.true;
    await allUp();
    expect(await newKeys(aws, azure)).to.deep.equal({ ike: true, child: true });
    const { ike, child } = (await aws.sas()) as Sas;
    expect(ike.algorithms).to.equal("AES_CBC 256 HMAC_SHA2_256_128 PRF_HMAC_SHA2_256 MODP_2048");
    expect(child?.algorithms).to.equal("AES_CBC 256 HMAC_SHA2_256_128 MODP_2048");
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
