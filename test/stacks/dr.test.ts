import { expect } from "chai";
import { LAST_DRILL } from "../../policy/drills-not-stale.ts";
import { STRATEGY } from "../../policy/workload-registered.ts";
import type { dr } from "../../stacks/dr.ts";
import type { Settings } from "../../stacks/settings.ts";
import { DR_SETTINGS, deployDr, difference } from "../support/dr-stack.ts";
import { expectTags } from "../support/house-rules.ts";
import { TENANT_ID } from "../support/mock-outputs.ts";
import { type Registrations, settled } from "../support/mocks.ts";

/** What holds data, by type: none of it may ever go, or be made anew, because something is declared. */
const DATA = [
  "azure-native:dbformysql:Database",
  "azure-native:dbformysql:Server",
  "azure-native:keyvault:Secret",
  "azure-native:keyvault:Vault",
  "azure-native:resources:ResourceGroup",
  "azure-native:storage:BlobContainer",
];

describe("the dr stack", () => {
  let resources: Registrations;
  let outputs: ReturnType<typeof dr>;

  before(async () => {
    ({ resources, result: outputs } = await deployDr());
  });

  it("registers nothing of AWS, and reads no other stack: it must come up with all of AWS dead", () => {
    const clouds = new Set(resources.customs.map(({ type }) => type.split(":")[0]));
    expect([...clouds]).to.have.members(["azure-native", "random"]);
    expect(resources.stacksRead).to.be.empty;
  });

  it("is one site, all of whose parts bear the workload's name", () => {
    expect(resources.ofType("multicloud-dr:standby:StandbySite").map(({ name }) => name)).to.deep.equal(["shop"]);
    for (const { name } of resources.all) expect(name).to.match(/^shop(-|$)/);
  });

  it("tags everything as the standby site's", () => {
    expectTags(resources, { Purpose: "standby", Environment: "staging", Workload: "shop", Owner: "platform-team" });
  });

  it("puts everything into its own resource group", () => {
    expect(resources.named("shop-standby").inputs.resourceGroupName).to.equal("shop-standby");
    for (const { name, inputs } of resources.customs.filter(({ inputs }) => "resourceGroupName" in inputs)) {
      expect(inputs.resourceGroupName, name).to.equal("shop-standby");
    }
  });

  describe("protects what holds data", () => {
    it("of every type that does, with the settings' consent", async () => {
      const data = resources.customs.filter(({ type }) => DATA.includes(type));
      expect(new Set(data.map(({ type }) => type))).to.deep.equal(new Set(DATA));
      // What the controller's own store holds can be made again: its code and the plan.
      for (const { name, protect, retainOnDelete } of data.filter(({ name }) => !name.includes("-store-"))) {
        expect({ protect, retainOnDelete }, name).to.deep.equal({ protect: true, retainOnDelete: true });
      }
      const { resources: free } = await deployDr({ protectData: false });
      expect(free.customs.filter(({ protect, retainOnDelete }) => protect || retainOnDelete)).to.be.empty;
    });

    it("and keeps a server that was made in a disaster when it is taken back, without hindering that", async () => {
      const { resources: declared } = await deployDr({ strategy: "backup-restore", declareDisaster: "site" });
      const [server] = declared.ofType("azure-native:dbformysql:Server");
      expect(server).to.include({ protect: false, retainOnDelete: true });
      const { resources: rehearsed } = await deployDr({ strategy: "backup-restore", drill: true });
      expect(
        rehearsed.customs.filter(({ name, retainOnDelete }) => /^shop-drill-database-/.test(name) && retainOnDelete),
      ).to.be.empty;
    });
  });

  it("keeps every password secret, and hands them to nobody but the vault and the server", () => {
    const secretive = resources.customs.filter(({ secrets }) => secrets.length > 0);
    expect(secretive.map(({ name, secrets }) => [name, secrets])).to.deep.include.members([
      ["shop-database-server", ["administratorLoginPassword"]],
      ["shop-database-secret", ["properties"]],
    ]);
    const passwords = resources
      .ofType("random:index/randomPassword:RandomPassword")
      .map(({ name }) => name)
      .sort();
    expect(passwords).to.deep.equal(["shop-database-password", "shop-web-password"]);
  });

  it("takes a password of the user's instead of making one", async () => {
    const databasePassword = "Correct.Horse-Battery~9";
    const { resources: own } = await deployDr({ databasePassword });
    expect(own.named("shop-database-server").inputs.administratorLoginPassword).to.equal(databasePassword);
    expect(own.named("shop-database-server").secrets).to.include("administratorLoginPassword");
    expect(own.names).to.not.include("shop-database-password");
  });

  it("hands each setting to the part that it is for", async () => {
    const { resources: other } = await deployDr({
      strategy: "active-active",
      serversMin: 5,
      serversMax: 9,
      standbyServerSize: "Standard_F4s_v2",
      standbyDatabaseSize: "Standard_E8ds_v4",
      databaseStorageGib: 400,
      databaseBackupDays: 21,
      copyRetentionDays: 14,
      immutabilityDays: 77,
      lockImmutability: true,
      copyTier: "Cold",
      monthlyBudget: 999,
      alertEmail: "ops@example.com",
      logRetentionDays: 180,
    });
    expect(other.named("shop-web-servers").inputs.sku).to.include({ name: "Standard_F4s_v2", capacity: 5 });
    const server = other.named("shop-database-server").inputs;
    expect(server.sku).to.deep.equal({ name: "Standard_E8ds_v4", tier: "MemoryOptimized" });
    expect(server.storage).to.include({ storageSizeGB: 400 });
    expect(server.backup).to.include({ backupRetentionDays: 21 });
    for (const purpose of ["content", "dumps", "images"]) {
      expect(other.named(`shop-${purpose}-account`).inputs.accessTier).to.equal("Cold");
      expect(other.named(`shop-${purpose}-service`).inputs.deleteRetentionPolicy).to.deep.equal({
        enabled: true,
        days: 14,
      });
    }
    expect(JSON.stringify(other.named("shop-content-account").inputs.immutableStorageWithVersioning)).to.contain(
      '"immutabilityPeriodSinceCreationInDays":77,"state":"Locked"',
    );
    expect(other.named("shop-cost-budget").inputs.amount).to.equal(999);
    expect(JSON.stringify(other.named("shop-cost-budget").inputs)).to.contain("ops@example.com");
    expect(other.named("shop-logs-workspace").inputs.retentionInDays).to.equal(180);
    expect(other.named("shop-network-vnet").inputs.addressSpace).to.deep.equal({ addressPrefixes: ["10.40.0.0/16"] });
  });

  it("has a registry of containers' images where repositories are listed, whose writer may not write while dr serves the site", async () => {
    expect(resources.names.filter((name) => name.includes("containers"))).to.deep.equal([]);
    const listed = { containerRepositories: ["shop/web"] };
    const { resources: more, result } = await deployDr(listed);
    const told = (await settled(result)).shop;
    expect(told?.registryLoginServer).to.match(/^shop[a-z0-9]{8}\.azurecr\.io$/);
    expect(told).to.include({ registryWriterIdentityName: "shop-containers-writer" });
    for (const [change, writes] of [
      [{ declareDisaster: "site" }, false],
      [{ declareDisaster: "database" }, true],
      [{ drill: true }, true],
    ] as const) {
      const { resources: lost } = await deployDr({ ...listed, ...change });
      expect(lost.names.includes("shop-containers-writer-assignment"), JSON.stringify(change)).to.equal(writes);
    }
    expect(more.named("shop-containers-registry").inputs.policies).to.have.nested.property(
      "softDeletePolicy.retentionDays",
      30,
    );
  });

  describe("with containers as its web tier", () => {
    const containers: Partial<Settings<"dr">> = {
      ...{ containerRepositories: ["shop/web"], webTier: "containers", containerImage: "shop/web:v1" },
    };

    it("has these instead of servers, and no address past the edge", async () => {
      const { resources: other, result } = await deployDr(containers);
      const told = (await settled(result)).shop;
      expect(told).to.include({ webTier: "containers", scaleSetId: undefined, bypassHost: undefined });
      for (const type of ["compute:VirtualMachineScaleSet", "network:LoadBalancer", "monitor:AutoscaleSetting"]) {
        expect(other.ofType(`azure-native:${type}`), type).to.be.empty;
      }
      const app = other.named("shop-web-app").inputs;
      expect(app)
        .to.have.nested.property("template.containers[0].image")
        .that.matches(/\.azurecr\.io\/shop\/web:v1$/);
    });

    it("is asked by the edge at its own name, and lets in what that needs", async () => {
      const { resources: other } = await deployDr(containers);
      const { hostName, originHostHeader, enforceCertificateNameCheck } = other.named("shop-edge-app-origin").inputs;
      expect(hostName).to.match(/^shop-web\..*azurecontainerapps\.io$/);
      expect([originHostHeader, enforceCertificateNameCheck]).to.deep.equal([hostName, true]);
      const { subnets } = other.named("shop-network-vnet").inputs as { subnets: { name: string }[] };
      expect(JSON.stringify(subnets.find(({ name }) => name === "app"))).to.include("Microsoft.App/environments");
    });

    it("goes from none to as many as the plan says, and gives its identity what servers have", async () => {
      const { resources: peace } = await deployDr(containers);
      const { resources: lost } = await deployDr({
        ...containers,
        declareDisaster: "site",
        serversMin: 5,
        serversMax: 9,
      });
      const scaleOf = ({ inputs }: { inputs: Record<string, unknown> }) =>
        (inputs.template as { scale: { minReplicas: number; maxReplicas: number } }).scale;
      expect(scaleOf(peace.named("shop-web-app"))).to.include({ minReplicas: 0, maxReplicas: 1 });
      expect(scaleOf(lost.named("shop-web-app"))).to.include({ minReplicas: 5, maxReplicas: 9 });
      expect(lost.names).to.include.members([
        ...["shop-database-reader-assignment", "shop-content-reader-assignment", "shop-secrets-reader-assignment"],
      ]);
    });

    it("is told where the copies of secrets are, as servers are", async () => {
      const { resources: other, result } = await deployDr(containers);
      const told = (await settled(result)).shop;
      const { configuration } = other.named("shop-web-app").inputs as {
        configuration: { secrets: { value: string }[] };
      };
      const document = JSON.parse(configuration.secrets[0]?.value ?? "{}");
      expect(document.secretsVault)
        .to.equal(told?.secretsVaultUri)
        .and.to.match(/^https:\/\/shop-secrets/);
    });
  });

  it("lets the writer write its container, and nothing outside of it", async () => {
    const told = (await settled(outputs)).shop;
    const { scope } = resources.named("shop-content-writer-assignment").inputs;
    const account = new URL(String(told?.copiesBlobEndpoint)).hostname.split(".")[0];
    expect(scope).to.match(new RegExp(`/storageAccounts/${account}/blobServices/default/containers/content$`));
  });

  it("lets the writer of dumps write theirs, and nothing outside of it, whatever is declared", async () => {
    const { resources: lost } = await deployDr({ declareDisaster: "site" });
    for (const standby of [resources, lost]) {
      const { scope } = standby.named("shop-dump-writer-assignment").inputs;
      expect(scope).to.match(/\/storageAccounts\/shopdumps[a-z0-9]{8}\/blobServices\/default\/containers\/dumps$/);
    }
  });

  it("keeps a zone at Azure DNS with both names at the edge, and tells its name servers for the day without Route 53", async () => {
    const told = (await settled(outputs)).shop;
    for (const part of ["app", "content"] as const) {
      const cname = part === "app" ? told?.appHost : told?.contentHost;
      const proof = part === "app" ? told?.appToken : told?.contentToken;
      expect(resources.named(`shop-break-glass-${part}`).inputs.cnameRecord).to.deep.equal({ cname });
      expect(resources.named(`shop-break-glass-${part}-proof`).inputs.txtRecords).to.deep.equal([{ value: [proof] }]);
    }
    expect(resources.named("shop-break-glass-zone").inputs.zoneName).to.equal(DR_SETTINGS.domain);
    expect(told?.breakGlassNameServers).to.have.lengthOf(4);
  });

  it("has such a zone for each of its workloads, also where they share a domain", async () => {
    const second = { workload: "billing", appName: "billing.shop.example.com", contentName: "files.shop.example.com" };
    const { resources: both } = await deployDr({}, second);
    const groups = both
      .ofType("azure-native:dns:Zone")
      .map(({ inputs }) => [inputs.zoneName, inputs.resourceGroupName]);
    expect(groups).to.deep.equal([
      ["shop.example.com", "shop-standby"],
      ["shop.example.com", "billing-standby"],
    ]);
  });

  it("tells on its resource group when the last drill was, for a policy to see, and nothing of one that never was", async () => {
    const tagsIn = (all: Registrations) => all.named("shop-standby").inputs.tags as Record<string, string>;
    expect(tagsIn(resources)).to.not.have.property(LAST_DRILL);
    const { resources: drilled } = await deployDr({ lastDrill: "2026-11-30" });
    expect(tagsIn(drilled)).to.deep.equal({ ...tagsIn(resources), [LAST_DRILL]: "2026-11-30" });
    expect(difference(resources, drilled)).to.deep.equal({ come: [], go: [], change: ["shop-standby"] });
  });

  it("tells on its resource group how much of it stands, for a policy to see", async () => {
    for (const strategy of ["pilot-light", "backup-restore"] as const) {
      const { resources: all } = await deployDr({ strategy });
      expect(all.named("shop-standby").inputs.tags).to.have.property(STRATEGY, strategy);
    }
  });

  it("tells which sizes its servers may have, from the one that is set on", async () => {
    expect((await settled(outputs)).shop?.serverSizes).to.deep.equal([
      ...["Standard_D2s_v5", "Standard_D2as_v5", "Standard_D2ds_v5"],
    ]);
    const { result } = await deployDr({ standbyServerSize: "Standard_D2as_v5" });
    expect((await settled(result)).shop?.serverSizes).to.deep.equal(["Standard_D2as_v5", "Standard_D2ds_v5"]);
  });

  it("tells other stacks what they need", async () => {
    const told = (await settled(outputs)).shop;
    expect(told).to.include({
      workload: "shop",
      resourceGroupName: "shop-standby",
      appName: "app.shop.example.com",
      contentName: "content.shop.example.com",
      copiesContainerName: "content",
      writerIdentityName: "shop-content-writer",
      writerTenantId: TENANT_ID,
    });
    expect(told?.virtualNetworkId).to.match(/\/virtualNetworks\//);
    expect(told?.copiesBlobEndpoint).to.match(/^https:\/\/shopcopies[a-z0-9]{8}\.blob\.core\.windows\.net\/$/);
    expect(told).to.include({ dumpsContainerName: "dumps", dumpWriterIdentityName: "shop-dump-writer" });
    expect(told?.dumpsBlobEndpoint).to.match(/^https:\/\/shopdumps[a-z0-9]{8}\.blob\.core\.windows\.net\/$/);
    expect(told?.dumpWriterClientId)
      .to.match(/^[0-9a-f-]{36}$/)
      .and.not.equal(told?.writerClientId);
    expect(told?.vaultName).to.equal(resources.named("shop-vault-vault").inputs.vaultName);
    expect(told?.writerClientId).to.match(/^[0-9a-f-]{36}$/);
    expect(told?.appHost).to.match(/\.azurefd\.net$/);
    expect(told?.contentHost).to.match(/\.azurefd\.net$/);
    expect(told?.databaseServerId).to.match(/\/flexibleServers\/shop-standby-[a-z0-9]{8}$/);
  });
});
