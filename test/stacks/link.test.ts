import { expect } from "chai";
import { dumpLifecycle } from "../../components/replication/dump-lifecycle.ts";
import { STRATEGIES } from "../../components/standby/standby-plan.ts";
import { CARRIED_PREFIXES } from "../../lambdas/database/layout.ts";
import { link } from "../../stacks/link.ts";
import type { Settings } from "../../stacks/settings.ts";
import { settingsOf } from "../support/config.ts";
import { expectProtected, expectTags } from "../support/house-rules.ts";
import { deploy, type Registrations, type Surroundings, settled } from "../support/mocks.ts";
import { DR_OUTPUTS, PROD_OUTPUTS } from "../support/other-stacks.ts";
import { rejection } from "../support/rejection.ts";

const SETTINGS: Settings<"link"> = {
  ...settingsOf("link"),
  environment: "staging",
  prodStack: "prod-eu",
  drStack: "dr-eu",
  replicationConcurrency: 50,
  serverSideCopy: true,
};

const PROD = "organization/multicloud-dr/prod-eu";
const DR = "organization/multicloud-dr/dr-eu";
const STACKS = { [PROD]: { outputs: PROD_OUTPUTS }, [DR]: { outputs: DR_OUTPUTS } };

function deployLink(stacks: Surroundings["stacks"] = STACKS) {
  return deploy(() => link([SETTINGS]), { stacks });
}

describe("the link stack", () => {
  let resources: Registrations;
  let outputs: Awaited<ReturnType<typeof link>>;
  const inputsOf = (name: string) => resources.named(name).inputs;

  before(async () => {
    ({ resources, result: outputs } = await deployLink());
  });

  it("reads the two stacks that the settings name, and no others", () => {
    expect(resources.stacksRead).to.have.members([PROD, DR]);
  });

  it("begins every name with the workload, but that of what the account has one of", () => {
    const names = resources.all.map(({ name }) => name).filter((name) => !name.startsWith("shop-"));
    expect(names).to.deep.equal(["web-identities"]);
  });

  it("tags everything as replication, and protects the dumps alone: nothing else of it is data", async () => {
    expectTags(resources, { Purpose: "replication", Environment: "staging", Workload: "shop", Owner: "platform-team" });
    expectProtected(resources, ["shop-dumps-bucket", "shop-dumps-versioning"]);
    const { resources: free } = await deploy(() => link([{ ...SETTINGS, protectData: false }]), { stacks: STACKS });
    expectProtected(free, []);
  });

  describe("where repositories of containers' images are listed", () => {
    const listed: Settings<"link"> = { ...SETTINGS, containerRepositories: ["shop/web", "shop/jobs"] };

    it("copies them into dr's registry as its writer, and heeds the declaration of the site", async () => {
      const { resources: more, result } = await deploy(() => link([listed]), { stacks: STACKS });
      expect(more.named("shop-containers-replicator").inputs.environment)
        .to.have.property("variables")
        .that.includes({
          REPOSITORIES: "shop/web shop/jobs",
          COPY_REGISTRY: DR_OUTPUTS.registryLoginServer,
          AZURE_CLIENT_ID: DR_OUTPUTS.registryWriterClientId,
          AZURE_TENANT_ID: DR_OUTPUTS.writerTenantId,
          MARKER_URL: `${DR_OUTPUTS.markerEndpoint}declared/site.json`,
        });
      expect(more.named("shop-containers-trust-credential").inputs).to.include({
        resourceName: DR_OUTPUTS.registryWriterIdentityName,
      });
      const told = (await settled(result)).shop as Record<string, unknown>;
      expect(told).to.include.keys("containersQueueUrl", "containersDeadLetterQueueUrl", "containersFunctionName");
    });

    it("says that dr has no registry, where it has none", async () => {
      const { registryLoginServer: _, ...without } = DR_OUTPUTS;
      const stacks = { ...STACKS, [DR]: { outputs: without } };
      const error = await rejection(deploy(() => link([listed]), { stacks }));
      expect(error.message).to.include("has no output registryLoginServer of workload shop: deploy it first");
    });

    it("has nothing of it where none is", () => {
      expect(resources.names.filter((name) => name.includes("containers"))).to.deep.equal([]);
    });
  });

  it("copies from the bucket of prod into the container of dr", () => {
    expect(inputsOf("shop-objects-replicator").environment).to.have.property("variables").that.includes({
      SOURCE_BUCKET: PROD_OUTPUTS.contentBucketName,
      COPY_BLOB_ENDPOINT: DR_OUTPUTS.copiesBlobEndpoint,
      COPY_CONTAINER: DR_OUTPUTS.copiesContainerName,
      AZURE_CLIENT_ID: DR_OUTPUTS.writerClientId,
      AZURE_TENANT_ID: DR_OUTPUTS.writerTenantId,
      SERVER_SIDE_COPY: "true",
    });
    expect(inputsOf("shop-objects-events").bucket).to.equal(PROD_OUTPUTS.contentBucketName);
    expect(inputsOf("shop-objects-rights").policy).to.contain(`"${PROD_OUTPUTS.contentBucketArn}/*"`);
  });

  it("looks at the marker of the content, and no other, before it writes", () => {
    expect(inputsOf("shop-objects-replicator").environment)
      .to.have.property("variables")
      .that.includes({ MARKER_URL: `${DR_OUTPUTS.markerEndpoint}declared/content.json` });
  });

  it("compares the same bucket by the same replicator, as many batches at once as it copies objects", () => {
    const definition = JSON.parse(String(inputsOf("shop-reconciliation-machine").definition));
    const { ItemReader, MaxConcurrency } = definition.States["Compare everything"];
    expect(ItemReader.Parameters).to.deep.equal({ Bucket: PROD_OUTPUTS.contentBucketName });
    expect(MaxConcurrency).to.equal(50);
    expect(inputsOf("shop-reconciliation-rights").policy)
      .to.contain(`"${PROD_OUTPUTS.contentBucketArn}"`)
      .and.contain(":function:shop-objects-replicator");
  });

  it("has dr's writer identity trust the replicator", () => {
    expect(inputsOf("shop-objects-trust-credential")).to.include({
      resourceGroupName: DR_OUTPUTS.resourceGroupName,
      resourceName: DR_OUTPUTS.writerIdentityName,
    });
    expect(resources.named("shop-objects-trust-credential").dependencies).to.include("web-identities");
  });

  it("adopts the issuer that the account has already, and enables nothing", async () => {
    const webIdentityIssuer = "https://0a1b2c3d.tokens.sts.global.api.aws";
    const { resources: adopted } = await deploy(() => link([{ ...SETTINGS, webIdentityIssuer }]), { stacks: STACKS });
    expect(adopted.names).to.not.include("web-identities");
    expect(adopted.named("shop-objects-trust-credential").inputs.issuer).to.equal(webIdentityIssuer);
  });

  it("sends its alarms where those of the primary go", () => {
    const alarms = resources.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms).to.not.be.empty;
    for (const { inputs } of alarms) expect(inputs.alarmActions).to.deep.equal([PROD_OUTPUTS.alarmTopicArn]);
  });

  it("runs as many replicators at once as the settings say", () => {
    expect(inputsOf("shop-objects-wake").scalingConfig).to.deep.equal({ maximumConcurrency: 50 });
  });

  it("assigns no role: the right to write is dr's alone to give and to take", () => {
    expect(resources.customs.filter(({ type }) => type.includes(":authorization:"))).to.be.empty;
  });

  it("keeps secret what another stack keeps secret", async () => {
    const { resources: secretive } = await deployLink({
      ...STACKS,
      [DR]: { outputs: DR_OUTPUTS, secretOutputNames: ["writerClientId"] },
    });
    expect(secretive.named("shop-objects-replicator").secrets).to.deep.equal(["environment"]);
    expect(secretive.named("shop-dumps-copy-replicator").secrets).to.be.empty;
  });

  it("stops when another stack lacks an output, and names both", async () => {
    const { writerClientId: _, ...lacking } = DR_OUTPUTS;
    const error = await rejection(deployLink({ ...STACKS, [DR]: { outputs: lacking } }));
    expect(error.message).to.contain(`stack ${DR} has no output writerClientId of workload shop: deploy it first`);
  });

  it("stops when the bucket lies in another region than the queue would, and says how to mend it", async () => {
    const elsewhere = { ...STACKS, [PROD]: { outputs: { ...PROD_OUTPUTS, region: "us-west-2" } } };
    const error = await rejection(deployLink(elsewhere));
    expect(error.message).to.contain("aws:region of this stack is eu-west-1");
    expect(error.message).to.contain("pulumi config set aws:region us-west-2");
  });

  it("tells where the replication can be watched", async () => {
    const told = (await settled(outputs)).shop;
    expect(told?.objectsQueueUrl).to.match(/\/shop-objects-queue-/);
    expect(told?.objectsDeadLetterQueueUrl).to.match(/\/shop-objects-dead-letters-/);
    expect(told?.objectsParkedQueueUrl).to.match(/\/shop-objects-parked-/);
    expect(told?.dumpsQueueUrl).to.match(/\/shop-dumps-copy-queue-/);
    expect(told?.dumpsDeadLetterQueueUrl).to.match(/\/shop-dumps-copy-dead-letters-/);
    expect(told?.objectsReconciliationArn).to.match(/:stateMachine:shop-reconciliation-machine-/);
    expect(told?.objectsFunctionName).to.match(/^shop-objects-replicator-/);
  });

  describe("the database's dumps", () => {
    const variablesOf = (name: string) =>
      (inputsOf(name).environment as { variables: Record<string, string> }).variables;

    it("are of prod's database, from within its network", () => {
      expect(variablesOf("shop-dump-prepare-function")).to.include({
        DATABASE_HOST: PROD_OUTPUTS.databaseAddress,
        DATABASE_PORT: "3306",
        ADMIN_SECRET_ARN: PROD_OUTPUTS.databaseSecretArn,
      });
      expect(inputsOf("shop-dump-dump-function").vpcConfig).to.deep.include({
        subnetIds: PROD_OUTPUTS.privateSubnetIds,
      });
      expect(inputsOf("shop-dump-group").vpcId).to.equal(PROD_OUTPUTS.vpcId);
      expect(inputsOf("shop-dump-from-functions")).to.include({
        securityGroupId: PROD_OUTPUTS.databaseSecurityGroupId,
        fromPort: 3306,
      });
      expect(inputsOf("shop-dump-machine").definition).to.contain(`"${PROD_OUTPUTS.databaseIdentifier}"`);
      expect(inputsOf("shop-dump-rights").policy).to.contain(`"${PROD_OUTPUTS.databaseArn}"`);
    });

    it("are begun when, and made as fast, as the settings say", async () => {
      const changed = { ...SETTINGS, dumpTime: "04:30", dumpConcurrency: 33 };
      const { resources: other } = await deploy(() => link([changed]), { stacks: STACKS });
      expect(other.named("shop-dump-schedule").inputs.scheduleExpression).to.equal("cron(30 4 * * ? *)");
      expect(other.named("shop-dump-machine").inputs.definition).to.contain('"MaxConcurrency":33');
    });

    it("are written into a bucket of their own, locked and kept as the settings say", async () => {
      const changed = { dailyDumps: 10, weeklyDumps: 20, monthlyDumps: 40, objectLockMode: "compliance" as const };
      const { resources: other } = await deploy(() => link([{ ...SETTINGS, ...changed }]), { stacks: STACKS });
      expect(variablesOf("shop-dump-dump-function").DUMP_BUCKET).to.match(/^shop-dumps-bucket-/);
      expect(other.named("shop-dumps-lock").inputs.rule).to.deep.equal({
        defaultRetention: { mode: "COMPLIANCE", days: 10 },
      });
      expect(other.named("shop-dumps-lifecycle").inputs.rules).to.deep.equal(
        dumpLifecycle({ daily: 10, weekly: 20, monthly: 40 }),
      );
    });

    it("are carried into dr's container for them, by its writer of them, whatever is declared", () => {
      const variables = variablesOf("shop-dumps-copy-replicator");
      expect(variables).to.include({
        COPY_BLOB_ENDPOINT: DR_OUTPUTS.dumpsBlobEndpoint,
        COPY_CONTAINER: DR_OUTPUTS.dumpsContainerName,
        AZURE_CLIENT_ID: DR_OUTPUTS.dumpWriterClientId,
        AZURE_TENANT_ID: DR_OUTPUTS.writerTenantId,
      });
      expect(variables.SOURCE_BUCKET).to.equal(variablesOf("shop-dump-dump-function").DUMP_BUCKET);
      expect(variables).to.not.have.property("MARKER_URL");
      expect(inputsOf("shop-dumps-copy-trust-credential").resourceName).to.equal(DR_OUTPUTS.dumpWriterIdentityName);
    });

    it("are carried without what was needed to make them, and stay there when somebody deletes them here", () => {
      const { queues } = inputsOf("shop-dumps-copy-events") as { queues: { filterPrefix: string; events: string[] }[] };
      expect(queues.map(({ filterPrefix }) => filterPrefix)).to.deep.equal(CARRIED_PREFIXES);
      for (const { events } of queues) expect(events).to.deep.equal(["s3:ObjectCreated:*"]);
    });

    it("can be followed: their machines, their function and their bucket are told", async () => {
      const told = (await settled(outputs)).shop;
      expect(told?.dumpMachineArn).to.match(/:stateMachine:shop-dump-machine-/);
      expect(told?.sweeperMachineArn).to.match(/:stateMachine:shop-dump-sweep-machine-/);
      expect(told?.dumpFunctionName).to.match(/^shop-dump-dump-function-/);
      expect(told?.dumpBucketName).to.match(/^shop-dumps-bucket-/);
    });
  });

  describe("a database that follows live", () => {
    it("has a user for that, told to dr's vault and to the function that makes it", async () => {
      const live = { ...SETTINGS, databaseReplication: "live" as const };
      const { resources: living } = await deploy(() => link([live]), { stacks: STACKS });
      const { inputs } = living.named("shop-replicator-vault-secret");
      expect(inputs).to.include({ resourceGroupName: DR_OUTPUTS.resourceGroupName, vaultName: DR_OUTPUTS.vaultName });
      const { value } = inputs.properties as { value: string };
      expect(JSON.parse(value)).to.include({ host: PROD_OUTPUTS.databaseAddress, port: 3306 });
      const { variables } = living.named("shop-dump-prepare-function").inputs.environment as {
        variables: Record<string, string>;
      };
      expect(variables.REPLICATOR_SECRET_ARN).to.equal(living.named("shop-replicator-secret-value").inputs.secretId);
    });

    it("lets dr's controller read that secret, and nothing else, and gives no other right", async () => {
      const live = { ...SETTINGS, databaseReplication: "live" as const };
      const { resources: living } = await deploy(() => link([live]), { stacks: STACKS });
      const given = living.ofType("azure-native:authorization:RoleAssignment");
      expect(given.map(({ name }) => name)).to.deep.equal(["shop-replicator-reader-assignment"]);
      expect(given[0]?.inputs).to.include({
        principalId: DR_OUTPUTS.controllerPrincipalId,
        scope: `${DR_OUTPUTS.resourceGroupId}/providers/Microsoft.KeyVault/vaults/${DR_OUTPUTS.vaultName}/secrets/primary-replicator`,
      });
      expect(living.named("shop-replicator-reader-role").inputs.assignableScopes).to.deep.equal([
        DR_OUTPUTS.resourceGroupId,
      ]);
    });

    for (const strategy of STRATEGIES) {
      const fits = strategy === "warm-standby" || strategy === "active-active";
      it(`${fits ? "fits" : "is refused with"} a standby of the strategy ${strategy}`, async () => {
        const stacks = { ...STACKS, [DR]: { outputs: { ...DR_OUTPUTS, strategy } } };
        const living = deploy(() => link([{ ...SETTINGS, databaseReplication: "live" }]), { stacks });
        if (fits) return void (await living);
        expect((await rejection(living)).message).to.contain(
          `multicloud-dr:databaseReplication of this stack is live, and wants a standby that follows; found ` +
            `multicloud-dr:strategy ${strategy} in stack dr-eu: set databaseReplication to nightly here, or strategy to ` +
            "warm-standby or active-active there and deploy it first, with `pulumi up --stack dr-eu`",
        );
        await deploy(() => link([SETTINGS]), { stacks });
      });
    }

    it("is not there by default", () => {
      expect(resources.names.filter((name) => name.startsWith("shop-replicator"))).to.be.empty;
    });
  });

  describe("of several workloads", () => {
    const billing = { ...SETTINGS, workload: "billing" };
    const listed = (outputs: object) => ({
      outputs: {
        shop: outputs,
        billing: { ...outputs, workload: "billing", contentBucketArn: "arn:aws:s3:::billing" },
      },
    });
    const stacks = { [PROD]: listed(PROD_OUTPUTS), [DR]: listed(DR_OUTPUTS) };

    it("has a replication of its own for each, and one issuer for the account", async () => {
      const { resources: both, result } = await deploy(() => link([SETTINGS, billing]), { stacks });
      expect(Object.keys(result)).to.deep.equal(["shop", "billing"]);
      expect(both.named("billing-objects-rights").inputs.policy).to.contain("arn:aws:s3:::billing/*");
      expect(both.ofType("aws:iam/outboundWebIdentityFederation:OutboundWebIdentityFederation")).to.have.length(1);
      expect(both.stacksRead).to.have.members([PROD, DR]);
    });

    it("stops when another stack holds another workload, and says which", async () => {
      const error = await rejection(deploy(() => link([billing]), { stacks: STACKS }));
      expect(error.message).to.match(
        /stack \S+ has no output \w+ of workload billing, its workload is shop: deploy it/,
      );
    });
  });
});
