import { expect } from "chai";
import { DISASTERS, type Disaster, switchedBy } from "../../components/standby/disaster.ts";
import { STRATEGIES, type Strategy, standbyPlan } from "../../components/standby/standby-plan.ts";
import { dr } from "../../stacks/dr.ts";
import type { Settings } from "../../stacks/settings.ts";
import { settingsOf } from "../support/config.ts";
import { expectTags } from "../support/house-rules.ts";
import { TENANT_ID } from "../support/mock-outputs.ts";
import { deploy, type Registered, type Registrations, settled } from "../support/mocks.ts";
import { plannedChanges } from "../support/planned-changes.ts";

const SETTINGS: Settings<"dr"> = { ...settingsOf("dr"), environment: "staging", standbyCidr: "10.40.0.0/16" };

function deployDr(...changes: Partial<Settings<"dr">>[]) {
  const workloads = changes.length === 0 ? [SETTINGS] : changes.map((change) => ({ ...SETTINGS, ...change }));
  return deploy(() => dr(workloads));
}

/** What a change of the settings does: names that come, that go, and that change. */
function difference(before: Registrations, after: Registrations) {
  const changed = ({ name, inputs }: Registered) =>
    before.names.includes(name) && JSON.stringify(inputs) !== JSON.stringify(before.named(name).inputs);
  return {
    come: after.names.filter((name) => !before.names.includes(name)),
    go: before.names.filter((name) => !after.names.includes(name)),
    change: after.customs.filter(changed).map(({ name }) => name),
  };
}

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

  describe("when a disaster is declared", () => {
    for (const strategy of STRATEGIES) {
      for (const disaster of DISASTERS) {
        for (const drill of [false, true]) {
          it(`changes of ${strategy} what the plan says and nothing else: ${drill ? "drill of " : ""}${disaster}`, async () => {
            await expectOnlyPlanned(strategy, disaster, drill);
          });
        }
      }
    }

    const peaceful = new Map<Strategy, Registrations>();

    /** The standby of a strategy while nothing happens. */
    async function inPeace(strategy: Strategy): Promise<Registrations> {
      const known = peaceful.get(strategy) ?? (await deployDr({ strategy })).resources;
      peaceful.set(strategy, known);
      return known;
    }

    async function expectOnlyPlanned(strategy: Strategy, disaster: Disaster, drill: boolean) {
      const before = await inPeace(strategy);
      const { resources: after } = await deployDr({ strategy, declareDisaster: disaster, drill });
      const planned = plannedChanges(
        "shop",
        standbyPlan(strategy, "none", false),
        standbyPlan(strategy, disaster, drill),
      );
      const { come, go, change } = difference(before, after);
      expect(come.sort(), "what comes").to.deep.equal(planned.create);
      expect(go.sort(), "what goes").to.deep.equal(planned.delete);
      // The mocks do not see into an asset, which is what the plan is written from.
      expect(change.sort(), "what changes").to.deep.equal(
        planned.change.filter((name) => name !== "shop-controller-plan"),
      );
    }

    it("never makes a database anew: what Azure fixes at birth stays as it was", async () => {
      for (const strategy of STRATEGIES.filter((one) => one !== "backup-restore")) {
        const before = await inPeace(strategy);
        const { resources: after } = await deployDr({ strategy, declareDisaster: "site" });
        for (const key of ["serverName", "version", "highAvailability", "network", "administratorLogin"]) {
          const valueIn = (all: Registrations) => all.named("shop-database-server").inputs[key];
          expect(valueIn(after), `${key} with ${strategy}`).to.deep.equal(valueIn(before));
        }
      }
    });

    it("is undone to the letter when it is taken back", async () => {
      for (const strategy of STRATEGIES) {
        const before = await inPeace(strategy);
        const { resources: after } = await deployDr({ strategy });
        expect(difference(before, after)).to.deep.equal({ come: [], go: [], change: [] });
      }
    });

    it("is told to the world with who and why, and without a clock", async () => {
      const why = "eu-west-1 is down";
      const { resources: declared } = await deployDr({
        declareDisaster: "site",
        declareWhy: why,
        declareBy: "on-call",
      });
      const markers = declared.customs.filter(({ name }) => /^shop-marker-(site|content|database)$/.test(name));
      expect(markers).to.have.length(3);
      for (const { inputs } of markers) {
        const { text } = inputs.source as { text: Promise<string> };
        expect(JSON.parse(await text)).to.deep.equal({ declared: true, disaster: "site", why, by: "on-call" });
      }
    });

    it("is told to other stacks, and changes nothing else that they read", async () => {
      const before = (await settled(outputs)).shop;
      for (const declareDisaster of DISASTERS) {
        const { result } = await deployDr({ declareDisaster });
        const { declaredDisaster, plan, ...rest } = (await settled(result)).shop ?? {};
        expect(declaredDisaster).to.equal(declareDisaster);
        expect(plan?.markers).to.deep.equal(switchedBy(declareDisaster));
        expect({ ...rest, declaredDisaster: "none", plan: before?.plan }).to.deep.equal(before);
      }
    });
  });

  it("keeps a zone at Azure DNS with both names at the edge, and tells its name servers for the day without Route 53", async () => {
    const told = (await settled(outputs)).shop;
    for (const part of ["app", "content"] as const) {
      const cname = part === "app" ? told?.appHost : told?.contentHost;
      const proof = part === "app" ? told?.appToken : told?.contentToken;
      expect(resources.named(`shop-break-glass-${part}`).inputs.cnameRecord).to.deep.equal({ cname });
      expect(resources.named(`shop-break-glass-${part}-proof`).inputs.txtRecords).to.deep.equal([{ value: [proof] }]);
    }
    expect(resources.named("shop-break-glass-zone").inputs.zoneName).to.equal(SETTINGS.domain);
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
    expect(tagsIn(resources)).to.not.have.property("LastDrill");
    const { resources: drilled } = await deployDr({ lastDrill: "2026-11-30" });
    expect(tagsIn(drilled)).to.deep.equal({ ...tagsIn(resources), LastDrill: "2026-11-30" });
    expect(difference(resources, drilled)).to.deep.equal({ come: [], go: [], change: ["shop-standby"] });
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
