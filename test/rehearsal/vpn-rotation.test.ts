import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { takeCensus } from "../../rehearsal/census.ts";
import { useStage } from "../support/stage.ts";
import { DEFAULTS, vpnStack } from "../support/vpn-stack.ts";

/** What the engine did to a resource, and because of which inputs. */
interface Done {
  name: string;
  operation: string;
  because: string[];
}

/** Marks a secret in an exported state, in which it is told open beside the mark. */
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** A resource as the engine's state has it. */
interface Kept {
  urn: string;
  id: string;
  inputs: Record<string, unknown>;
}

/** How long a test may take that deploys whole stacks, in milliseconds; on two busy cores that takes its time. */
const DEPLOYMENT = 300_000;

describe("a VPN and the rotation of a key, by the real engine", () => {
  const test = useStage();
  const settings = { ...DEFAULTS };
  let stack: Stack;

  /** Runs the engine, and gives what it did to resources of a cloud, in its order. */
  async function follow(run: (onEvent: (event: EngineEvent) => void) => Promise<unknown>): Promise<Done[]> {
    const done: Done[] = [];
    await run(({ resourcePreEvent }) => {
      const { op: operation, urn, diffs = [], type } = resourcePreEvent?.metadata ?? {};
      if (!urn || operation === "same" || type?.startsWith("pulumi:") || type?.startsWith("multicloud-dr:")) return;
      done.push({ name: urn.split("::").at(-1) ?? "", operation: String(operation), because: diffs });
    });
    return done;
  }

  async function kept(): Promise<Kept[]> {
    const { deployment } = await stack.exportStack();
    return deployment.resources as Kept[];
  }

  const idOf = async (name: string) => (await kept()).find(({ urn }) => urn.endsWith(`::${name}`))?.id;

  /** The key that the local Azure has for a tunnel. */
  const keyAtAzure = (tunnel: string) =>
    test.stage.clouds.azure.resources.list("Microsoft.Network/connections").find(({ id }) => id.endsWith(tunnel))
      ?.properties.sharedKey;

  before(async () => {
    stack = await vpnStack(test.stage, settings);
  });

  it("stands after one `up`, with a preview before it", async () => {
    await stack.preview();
    await stack.up();
    const census = takeCensus("vpn", await stack.exportStack());
    const recorded = census.filter(({ actuated }) => !actuated).map(({ type }) => type);
    expect([...new Set(recorded)]).to.deep.equal(["aws:cloudwatch/metricAlarm:MetricAlarm"]);
  });

  it("has nothing to do when it is asked again, and no drift", async () => {
    expect(await follow((onEvent) => stack.up({ onEvent }))).to.be.empty;
    const { summary } = await stack.refresh();
    expect(Object.keys(summary.resourceChanges ?? {})).to.deep.equal(["same"]);
  });

  it("keeps the keys as secrets in the state", async () => {
    const connections = (await kept()).filter(({ urn }) => /connection-\d$|tunnels-tunnel-\d$/.test(urn));
    expect(connections).to.have.length(6);
    for (const { inputs } of connections) {
      const keys = [inputs.sharedKey, inputs.tunnel1PresharedKey, inputs.tunnel2PresharedKey];
      for (const key of keys.filter((each) => each !== undefined)) expect(key).to.include(SECRET);
    }
  });

  it("gets another key for one tunnel, and touches no other", async () => {
    const before = new Map(["tunnel-1", "tunnel-2", "tunnel-3", "tunnel-4"].map((name) => [name, keyAtAzure(name)]));
    const connection = await idOf("shop-vpn-aws-tunnels-connection-0");
    settings.keyGenerations = [1, 2, 1, 1];
    const done = await follow((onEvent) => stack.up({ onEvent }));

    expect([...new Set(done.map(({ name }) => name))]).to.have.members([
      "shop-vpn-tunnel-2-key",
      "shop-vpn-aws-tunnels-connection-0",
      "shop-vpn-azure-tunnels-tunnel-2",
    ]);
    const of = (name: string) => done.filter((each) => each.name === name);
    expect(of("shop-vpn-aws-tunnels-connection-0")).to.deep.equal([
      { name: "shop-vpn-aws-tunnels-connection-0", operation: "update", because: ["tunnel2PresharedKey"] },
    ]);
    expect(await idOf("shop-vpn-aws-tunnels-connection-0"), "changed in place").to.equal(connection);
    expect(of("shop-vpn-azure-tunnels-tunnel-2").map(({ operation }) => operation)).to.include.members([
      "delete-replaced",
      "create-replacement",
    ]);
    for (const [tunnel, key] of before) expect(keyAtAzure(tunnel) === key, tunnel).to.equal(tunnel !== "tunnel-2");
  });

  it("goes in one go, and leaves nothing", async () => {
    await stack.destroy();
    expect(await kept().then((resources) => resources ?? [])).to.be.empty;
    expect(test.stage.clouds.azure.remains()).to.be.empty;
  });
}).timeout(DEPLOYMENT);
