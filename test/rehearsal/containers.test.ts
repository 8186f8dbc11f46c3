import { InvokeCommand } from "@aws-sdk/client-lambda";
import * as aws from "@pulumi/aws";
import * as azure from "@pulumi/azure-native";
import { LocalWorkspace, type OutputMap, type Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { ContainerReplication } from "../../components/replication/container-replication.ts";
import { ContainerRegistry } from "../../components/standby/container-registry.ts";
import { Observability } from "../../components/standby/observability.ts";
import type { StandbyPlan } from "../../components/standby/standby-plan.ts";
import { up as bringUp, openStack } from "../../operations/stacks.ts";
import { awsRemains } from "../../rehearsal/aws/remains.ts";
import { takeCensus } from "../../rehearsal/census.ts";
import { TAGS } from "../support/house-rules.ts";
import { image, index, Repository } from "../support/images.ts";
import { Random } from "../support/random.ts";
import { useStage } from "../support/stage.ts";
import { until } from "../support/until.ts";

const REGION = "eu-west-1";
const REPOSITORY = "shop/web";

/** How long a test may take that deploys, in milliseconds; on two busy cores that takes its time. */
const DEPLOYMENT = 300_000;

// The real path: a push to the registry of the local AWS, its event, the queue, the bundle with the rights of the
// product's policy, Entra's token exchanged for one of the standby's registry, and real registries at both ends.
describe("container images on the local clouds", () => {
  const test = useStage();
  const random = new Random(11);
  let stack: Stack;
  let outputs: OutputMap;
  let source: Repository;
  let target: Repository;

  /** What dr and link have of it, and no more. @param fenced as while the site is declared lost */
  const programOf = (fenced: boolean) => async () => {
    const group = new azure.resources.ResourceGroup("shop-standby", {
      resourceGroupName: "shop-containers",
      tags: TAGS,
    });
    const resourceGroupName = group.name;
    const { workspaceId } = new Observability("shop-logs", { resourceGroupName, retentionDays: 30, tags: TAGS });
    const registry = new ContainerRegistry("shop-registry", {
      ...{ resourceGroupName, resourceGroupId: group.id, workspaceId },
      ...{ workload: "shop", retentionDays: 30, fenced, protectData: false, tags: TAGS },
    });
    const { issuerIdentifier } = new aws.iam.OutboundWebIdentityFederation("web-identities");
    const { tenantId } = await azure.authorization.getClientConfig();
    const { functionName } = new ContainerReplication("shop-containers", {
      repositories: [REPOSITORY],
      target: {
        ...{ loginServer: registry.loginServer, resourceGroupName, tenantId },
        ...{ identityName: registry.writerIdentityName, clientId: registry.writerClientId },
        // Nobody is there who would say that anything is declared.
        markerUrl: "https://127.0.0.1:9/declared/site.json",
      },
      webIdentityIssuer: issuerIdentifier,
      tags: TAGS,
    });
    const { loginServer, registryId } = registry;
    return { functionName, loginServer, registryId };
  };

  async function up(fenced = false): Promise<Record<string, number>> {
    const { folder, environment, engine } = test.stage.project;
    stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "containers", projectName: "multicloud-dr", program: programOf(fenced) },
      { workDir: folder, envVars: environment, pulumiCommand: engine },
    );
    await stack.setConfig("aws:region", { value: REGION });
    await stack.setConfig("azure-native:location", { value: "germanywestcentral" });
    const { summary, outputs: told } = await stack.up();
    outputs = told;
    return summary.resourceChanges ?? {};
  }

  const told = (name: string) => String(outputs[name]?.value);

  before(async function () {
    this.timeout(DEPLOYMENT);
    await up();
    const { aws: localAws, azure: localAzure } = test.stage.clouds;
    const { url, authorization } = localAws.registry;
    source = new Repository(url, REPOSITORY, authorization);
    const name = told("registryId").split("/").at(-1) ?? "";
    target = new Repository(await localAzure.registries.originOf(name), REPOSITORY);
  });

  async function ask(payload: object): Promise<unknown> {
    const { lambda } = test.stage.clouds.aws.connect(REGION);
    const command = new InvokeCommand({ FunctionName: told("functionName"), Payload: JSON.stringify(payload) });
    const { Payload, FunctionError } = await lambda.send(command);
    const answer = Buffer.from(Payload ?? []).toString();
    expect(FunctionError, answer).to.equal(undefined);
    return JSON.parse(answer);
  }

  const arrives = (reference: string) =>
    until(async () => (await target.read(reference)) !== undefined, `${reference} is at the standby`, 120_000);

  it("change nothing when they are deployed again", async () => {
    expect(Object.keys(await up())).to.deep.equal(["same"]);
  }).timeout(DEPLOYMENT);

  it("come to the standby when they are pushed, to the byte and by their digests", async () => {
    const platforms = [image([random.bytes(100_000)]), image([random.bytes(9_000_000)])];
    for (const platform of platforms) await source.push(platform);
    const list = index(platforms.map(({ manifest }) => manifest));
    await source.pushManifest(list, "v1");
    await arrives("v1");
    expect(await target.contentOf("v1")).to.deep.equal(await source.contentOf("v1"));
    const signature = image([random.bytes(40)], { subject: list });
    await source.push(signature);
    await arrives(signature.manifest.digest);
    expect(await target.referrers(list.digest)).to.deep.equal([signature.manifest.digest]);
  }).timeout(DEPLOYMENT);

  it("are told of by their tags, those that are not there as well", async () => {
    expect(await ask({ compare: true })).to.deep.equal([{ repository: REPOSITORY, tags: 1, behind: [] }]);
  }).timeout(DEPLOYMENT);

  it("come with the night's sweep where no event told of them, and what only the standby has stays", async () => {
    await target.push(image([random.bytes(50)]), "of-the-standby");
    await target.push(image([random.bytes(60)]), "v1");
    expect(await ask({ compare: true })).to.deep.equal([{ repository: REPOSITORY, tags: 1, behind: ["v1"] }]);
    expect(await ask({ sweep: true })).to.deep.equal({ asked: 1 });
    const same = async () => JSON.stringify(await target.read("v1")) === JSON.stringify(await source.read("v1"));
    await until(same, "the tag stands for what it does at the source", 120_000);
    expect(await target.tags()).to.include("of-the-standby");
  }).timeout(DEPLOYMENT);

  it("are written by nobody without the role, whoever asks", async () => {
    const origin = `https://${told("loginServer")}`;
    const answer = await fetch(`${origin}/v2/${REPOSITORY}/blobs/uploads/`, { method: "POST" });
    expect(answer.status).to.equal(401);
    const anybody = await fetch(`${test.stage.clouds.aws.registry.url}/v2/${REPOSITORY}/tags/list`);
    expect(anybody.status).to.equal(401);
  });

  it("are no longer written once the standby serves the site", async () => {
    const changes = await up(true);
    expect(changes).to.include({ delete: 2, update: 1 });
    const later = image([random.bytes(70)]);
    await source.push(later, "v2");
    const waiting = async () => ((await ask({ compare: true })) as { behind: string[] }[])[0]?.behind;
    expect(await waiting()).to.deep.equal(["v2"]);
  }).timeout(DEPLOYMENT);

  it("leave nothing of theirs but the images, when they are taken down", async () => {
    const { summary } = await stack.destroy();
    expect(summary.result).to.equal("succeeded");
    expect(test.stage.clouds.azure.remains()).to.deep.equal([]);
    expect(await awsRemains(test.stage.clouds.aws.connect(REGION))).to.deep.equal([]);
  }).timeout(DEPLOYMENT);

  it("are what the standby serves by, once they are there and it is set to, and nothing while nothing is declared", async () => {
    const { project } = test.stage;
    const dr = await openStack(project, "dr");
    const set = (key: string, value: string) => dr.setConfig(`multicloud-dr:${key}`, { value });
    await set("containerRepositories", REPOSITORY);
    await set("protectData", "false");
    await bringUp(dr);
    await set("webTier", "containers");
    await set("containerImage", `${REPOSITORY}:v1`);
    const refusal = await bringUp(dr).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(refusal, "Azure makes no app whose image is not there").to.include("MANIFEST_UNKNOWN");

    const { azure: local } = test.stage.clouds;
    const [registry] = local.resources.list("Microsoft.ContainerRegistry/registries");
    const origin = await local.registries.originOf(String(registry?.properties.registryName));
    await new Repository(origin, REPOSITORY).push(image([random.bytes(70)]), "v1");
    await bringUp(dr);
    const types = takeCensus("dr", await dr.exportStack()).map(({ type }) => type);
    expect(types).to.include.members(["azure-native:app:ContainerApp", "azure-native:app:ManagedEnvironment"]);
    expect(types).to.not.include("azure-native:compute:VirtualMachineScaleSet");
    const { changeSummary } = await dr.preview();
    expect(Object.keys(changeSummary)).to.deep.equal(["same"]);
    expect(local.running().machines).to.equal(0);
  }).timeout(DEPLOYMENT);

  it("serve at the standby once the site is declared lost, behind the edge, and no longer when that is taken back", async () => {
    const { project } = test.stage;
    const { azure: local, fetch } = test.stage.clouds;
    const dr = await openStack(project, "dr");
    await dr.setConfig("multicloud-dr:declareDisaster", { value: "site" });
    const { outputs: declared } = await bringUp(dr);
    const plan: StandbyPlan | undefined = declared.plan?.value;
    expect(local.running().machines).to.equal(plan?.servers.min).and.be.above(0);
    const replicas = local.resources
      .list("Microsoft.App/containerApps")
      .flatMap(({ id }) => local.containerApps.replicasOf(id));
    // There is no dump to load, so none is ever well: the edge hears so from the app itself only when it is asked alone.
    const [
      {
        target: { host, port },
      } = { target: { host: "", port: 0 } },
    ] = replicas;
    const said = (await (await globalThis.fetch(`http://${host}:${port}/healthz`)).json()) as object;
    expect(said).to.include({ site: "standby", version: `${REPOSITORY}:v1` });
    const behindEdge = await fetch(`https://${declared.appName?.value}/healthz`, { at: declared.appHost?.value });
    expect(behindEdge.status, "Front Door finds the app, and no replica that is ready").to.equal(503);

    await dr.setConfig("multicloud-dr:declareDisaster", { value: "none" });
    await bringUp(dr);
    expect(local.running().machines).to.equal(0);
  }).timeout(DEPLOYMENT);
});
