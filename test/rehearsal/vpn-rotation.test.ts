import * as aws from "@pulumi/aws";
import * as azure from "@pulumi/azure-native";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { CRYPTO_PROFILES } from "../../components/vpn/crypto-profile.ts";
import { DatabaseWays } from "../../components/vpn/database-ways.ts";
import { SiteToSiteVpn } from "../../components/vpn/site-to-site-vpn.ts";
import { tunnelPlan } from "../../components/vpn/tunnel-plan.ts";
import { takeCensus } from "../../rehearsal/census.ts";
import { useStage } from "../support/stage.ts";

const TAGS = { Purpose: "vpn", Environment: "test", Workload: "shop", Owner: "platform-team" };

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
  let keyGenerations = [1, 1, 1, 1];
  let stack: Stack;

  /** Both sites as far as a VPN needs them, and the VPN. */
  async function program(): Promise<void> {
    const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.16.0.0/16" });
    const subnet = new aws.ec2.Subnet("subnet", { vpcId: vpc.id, cidrBlock: "10.16.64.0/21" });
    const table = new aws.ec2.RouteTable("table", { vpcId: vpc.id });
    const group = new aws.ec2.SecurityGroup("servers", { vpcId: vpc.id });
    const standby = new azure.resources.ResourceGroup("standby", { resourceGroupName: "standby" });
    const network = new azure.network.VirtualNetwork("network", {
      resourceGroupName: standby.name,
      virtualNetworkName: "network",
      addressSpace: { addressPrefixes: ["10.32.0.0/16"] },
      subnets: [{ name: "GatewaySubnet", addressPrefix: "10.32.96.0/21" }],
    });
    new SiteToSiteVpn("shop-vpn", {
      tunnels: tunnelPlan({
        primaryAsn: 64_512,
        standbyAsn: 65_000,
        keyGenerations,
        crypto: CRYPTO_PROFILES["gcm256-sha384-dh20"],
      }),
      primary: {
        kind: "virtual-private",
        vpcId: vpc.id,
        subnetIds: [subnet.id] as never,
        routeTables: { "private-0": table.id },
        destination: "10.32.0.0/16",
      },
      standby: { resourceGroupName: standby.name, resourceGroupId: standby.id, virtualNetworkId: network.id },
      logRetentionDays: 30,
      alarmTopicArn: "arn:aws:sns:eu-west-1:000000000000:alarms",
      tags: TAGS,
    });
    new DatabaseWays("shop-ways", {
      directions: ["servers-to-standby", "standby-to-primary"],
      serverSecurityGroupId: group.id,
      databaseSecurityGroupId: group.id,
      databasePort: 3306,
      standbyDatabases: "10.32.64.0/20",
      standbyController: "10.32.80.0/20",
      tags: TAGS,
    });
  }

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
    const { folder, environment, engine } = test.stage.project;
    stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "vpn", projectName: "multicloud-dr", program },
      { workDir: folder, envVars: environment, pulumiCommand: engine },
    );
    await stack.setConfig("aws:region", { value: "eu-west-1" });
    await stack.setConfig("azure-native:location", { value: "germanywestcentral" });
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
    keyGenerations = [1, 2, 1, 1];
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
