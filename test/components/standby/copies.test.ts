import { expect } from "chai";
import { Copies, type CopiesArgs } from "../../../components/standby/copies.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const DATA = ["shop-copies-account", "shop-copies-container", "shop-copies-service", "shop-copies-suffix"];

function deployCopies(args: Partial<CopiesArgs> = {}) {
  const defaults: CopiesArgs = {
    resourceGroupName: "shop-standby",
    workload: "shop",
    purpose: "content",
    retentionDays: 30,
    immutability: { days: 14 },
    tier: "Cool",
    tags: TAGS,
  };
  return deploy(() => new Copies("shop-copies", { ...defaults, ...args }));
}

describe("Copies", () => {
  let resources: Registrations;
  let copies: Copies;

  before(async () => {
    ({ resources, result: copies } = await deployCopies());
  });

  const account = (of: Registrations = resources) => of.named("shop-copies-account").inputs;

  it("keeps the rules of the house, whatever the copies are of", async () => {
    for (const purpose of ["content", "dumps", "images"] as const) {
      expectHouseRules((await deployCopies({ purpose })).resources, "shop-copies", "multicloud-dr:standby:Copies");
    }
  });

  it("is one account, its blob service, one container, and what makes the account's name unique", () => {
    expect(resources.names).to.deep.equal(DATA);
    for (const name of resources.names.filter((each) => each !== "shop-copies-suffix")) {
      expect(resources.named(name).inputs.resourceGroupName).to.equal("shop-standby");
    }
  });

  it("names the account after the workload, with a suffix of lowercase letters and digits", async () => {
    expect(resources.named("shop-copies-suffix").inputs).to.include({ length: 8, upper: false, special: false });
    expect(account().accountName).to.match(/^shopcopies[a-z0-9]{8}$/);
    const { resources: other } = await deployCopies({ workload: "web-shop-eu" });
    expect(account(other).accountName).to.match(/^webshopeucopie[a-z0-9]{9,}$/);
  });

  it("names account and container after what the copies are of", async () => {
    for (const purpose of ["dumps", "images"] as const) {
      const { resources: others } = await deployCopies({ purpose });
      expect(account(others).accountName).to.match(new RegExp(`^shop${purpose}[a-z0-9]{8}$`));
      expect(others.named("shop-copies-container").inputs.containerName).to.equal(purpose);
    }
  });

  it("keeps its data in three zones, in the tier that it is told", async () => {
    expect(account()).to.deep.include({ kind: "StorageV2", sku: { name: "Standard_ZRS" } });
    for (const tier of ["Hot", "Cool", "Cold"] as const) {
      expect(account((await deployCopies({ tier })).resources).accessTier).to.equal(tier);
    }
  });

  it("lets in nobody without an identity: no shared keys, no anonymous readers, TLS only", async () => {
    expect(account()).to.include({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      defaultToOAuthAuthentication: true,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
    });
    expect(resources.named("shop-copies-container").inputs.publicAccess).to.equal("None");
  });

  it("keeps what is overwritten or deleted as many days as it is told", async () => {
    for (const retentionDays of [30, 365]) {
      const { resources: kept } = await deployCopies({ retentionDays });
      expect(kept.named("shop-copies-service").inputs).to.deep.include({
        blobServicesName: "default",
        isVersioningEnabled: true,
        deleteRetentionPolicy: { enabled: true, days: retentionDays },
        containerDeleteRetentionPolicy: { enabled: true, days: retentionDays },
      });
    }
  });

  it("makes every version immutable for as many days as it is told, in a way that can still be mended", async () => {
    for (const days of [1, 30]) {
      const { resources: kept } = await deployCopies({ immutability: { days } });
      expect(account(kept).immutableStorageWithVersioning).to.deep.equal({
        enabled: true,
        immutabilityPolicy: {
          immutabilityPeriodSinceCreationInDays: days,
          state: "Unlocked",
          allowProtectedAppendWrites: false,
        },
      });
    }
  });

  it("locks that only when it is told to", async () => {
    const { resources: locked } = await deployCopies({ immutability: { days: 30, locked: true } });
    expect(account(locked).immutableStorageWithVersioning).to.have.nested.property(
      "immutabilityPolicy.state",
      "Locked",
    );
  });

  it("takes policies of single images, and sets none that would stop their being written", async () => {
    const { resources: images } = await deployCopies({ purpose: "images", immutability: { days: 30, locked: true } });
    expect(account(images).immutableStorageWithVersioning).to.deep.equal({ enabled: true });
  });

  it("takes in nothing before versions are kept", () => {
    expect(resources.named("shop-copies-container").dependencies).to.include("shop-copies-service");
  });

  it("protects by default what holds data, and the name that leads to it", () => {
    expectProtected(resources, DATA);
  });

  it("protects nothing once protectData is false", async () => {
    for (const purpose of ["content", "images"] as const) {
      const { resources: free } = await deployCopies({ purpose, protectData: false });
      expectProtected(free, []);
      expect(free.names).to.deep.equal(DATA);
    }
  });

  it("locks the account of the images last, with a lock that can be taken away first", async () => {
    const { resources: images } = await deployCopies({ purpose: "images" });
    expect(images.names).to.have.members([...DATA, "shop-copies-lock"]);
    expectProtected(images, DATA);
    const lock = images.named("shop-copies-lock");
    expect(lock.dependencies).to.have.members(["shop-copies-account", "shop-copies-container"]);
    expect(lock.inputs).to.include({ lockName: "shop-copies-lock", level: "CanNotDelete" });
    expect(lock.inputs.scope).to.match(new RegExp(`/storageAccounts/${account(images).accountName}$`));
  });

  it("tells where the copies are", async () => {
    const { accountName } = account();
    expect(await settled(copies.blobEndpoint)).to.equal(`https://${accountName}.blob.core.windows.net/`);
    expect(await settled(copies.containerName)).to.equal("content");
    expect(await settled(copies.accountName)).to.equal(accountName);
    expect(await settled(copies.accountId)).to.match(new RegExp(`/storageAccounts/${accountName}$`));
    expect(await settled(copies.containerId)).to.equal(
      `${await settled(copies.accountId)}/blobServices/default/containers/content`,
    );
  });
});
