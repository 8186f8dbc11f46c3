import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Database, type DatabaseArgs } from "../../../components/standby/database.ts";
import { SERVER_PARAMETERS } from "../../../components/standby/database-parameters.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const GROUP = `${SUBSCRIPTION}/resourceGroups/shop-group/providers`;
const SUBNET_ID = `${GROUP}/Microsoft.Network/virtualNetworks/shop/subnets/data`;
const ZONE_ID = `${GROUP}/Microsoft.Network/privateDnsZones/shop.private.mysql.database.azure.com`;
const KEPT = ["database", "password", "secret", "server", "suffix"].map((child) => `shop-db-${child}`);

function deployDatabase(args: Partial<DatabaseArgs> = {}) {
  const defaults: DatabaseArgs = {
    resourceGroupName: "shop-group",
    subnetId: SUBNET_ID,
    privateZoneId: ZONE_ID,
    vaultName: "shop-vault",
    workload: "shop",
    size: { sku: "Standard_D4ads_v5", tier: "GeneralPurpose" },
    storageGib: 100,
    highAvailability: false,
    keeping: "protected",
    backupRetentionDays: 14,
    databaseName: "app",
    tags: TAGS,
  };
  return deploy(() => new Database("shop-db", { ...defaults, ...args }));
}

describe("the standby site's Database", () => {
  let resources: Registrations;
  let database: Database;

  before(async () => {
    ({ resources, result: database } = await deployDatabase());
  });

  const server = (of: Registrations = resources) => of.named("shop-db-server").inputs;
  const parametersOf = (of: Registrations) => of.ofType("azure-native:dbformysql:Configuration");

  it("keeps the rules of the house", () => {
    expectHouseRules(resources, "shop-db", "multicloud-dr:standby:Database");
  });

  it("is a server with its parameters and one database, and its credentials in the vault", () => {
    const others = resources.names.filter((name) => !parametersOf(resources).some((each) => each.name === name));
    expect(others).to.deep.equal(KEPT);
    for (const { inputs } of resources.customs.filter(({ type }) => type.startsWith("azure-native:"))) {
      expect(inputs.resourceGroupName).to.equal("shop-group");
    }
  });

  it("runs MySQL 8.4, as the primary does, under a name that is unique in the world", async () => {
    expect(server()).to.include({ version: "8.4" });
    expect(server().serverName).to.match(/^shop-standby-[a-z0-9]{8}$/);
    expect(server((await deployDatabase({ workload: "web" })).resources).serverName).to.match(/^web-standby-/);
  });

  it("has the size, the storage and the backups that it is told", async () => {
    const { resources: other } = await deployDatabase({
      size: { sku: "Standard_E8ads_v5", tier: "MemoryOptimized" },
      storageGib: 512,
      backupRetentionDays: 35,
    });
    expect(server().sku).to.deep.equal({ name: "Standard_D4ads_v5", tier: "GeneralPurpose" });
    expect(server().storage).to.include({ storageSizeGB: 100, autoIoScaling: "Enabled" });
    expect(server().backup).to.deep.equal({ backupRetentionDays: 14, geoRedundantBackup: "Disabled" });
    expect(server(other).sku).to.deep.equal({ name: "Standard_E8ads_v5", tier: "MemoryOptimized" });
    expect(server(other).storage).to.include({ storageSizeGB: 512 });
    expect(server(other).backup).to.include({ backupRetentionDays: 35 });
  });

  it("stands in the network, and nowhere else", () => {
    expect(server().network).to.deep.equal({
      delegatedSubnetResourceId: SUBNET_ID,
      privateDnsZoneResourceId: ZONE_ID,
      publicNetworkAccess: "Disabled",
    });
  });

  it("has a second server in another zone only when told, and grows by itself only then", async () => {
    const { resources: doubled } = await deployDatabase({ highAvailability: true });
    expect(server()).to.deep.include({ highAvailability: { mode: "Disabled" } });
    expect(server().storage).to.include({ autoGrow: "Disabled" });
    expect(server(doubled)).to.deep.include({ highAvailability: { mode: "ZoneRedundant" } });
    expect(server(doubled).storage).to.include({ autoGrow: "Enabled" });
  });

  it("sets its parameters one after another, then makes its database", () => {
    const found = parametersOf(resources);
    expect(found.map(({ inputs }) => ({ name: inputs.configurationName, value: inputs.value }))).to.deep.equal(
      SERVER_PARAMETERS,
    );
    for (const [index, { dependencies, inputs }] of found.entries()) {
      expect(inputs).to.include({ source: "user-override", serverName: server().serverName });
      expect(dependencies).to.include(found[index - 1]?.name ?? "shop-db-server");
    }
    expect(found[0]?.name).to.equal("shop-db-require-secure-transport");
    expect(resources.named("shop-db-database").dependencies).to.include(found.at(-1)?.name);
  });

  it("makes the database that it is told, in MySQL's own alphabet", () => {
    expect(resources.named("shop-db-database").inputs).to.include({
      databaseName: "app",
      charset: "utf8mb4",
      collation: "utf8mb4_0900_ai_ci",
    });
  });

  describe("its credentials", () => {
    it("are random, of letters and digits, and as long as a follower's may be", () => {
      expect(resources.named("shop-db-password").inputs).to.deep.equal({
        length: 32,
        special: false,
        minLower: 1,
        minUpper: 1,
        minNumeric: 1,
      });
    });

    it("are the server's, and in the vault under the server's name", () => {
      const { properties, ...secret } = resources.named("shop-db-secret").inputs;
      const { value, contentType } = properties as { value: unknown; contentType: string };
      expect(secret).to.include({ vaultName: "shop-vault", secretName: server().serverName });
      expect(contentType).to.equal("application/json");
      expect(JSON.parse(String(pulumi.runtime.unwrapRpcSecret(value)))).to.deep.equal({
        username: server().administratorLogin,
        password: server().administratorLoginPassword,
      });
    });

    it("are secret wherever they go, and nothing else is", () => {
      const secrets = resources.customs.flatMap((each) => each.secrets.map((input) => `${each.name} ${input}`));
      expect(secrets).to.have.members(["shop-db-secret properties", "shop-db-server administratorLoginPassword"]);
    });

    it("may be given, plain or not, and are secret all the same", async () => {
      for (const password of ["Given-to-0-us-beforehand", pulumi.secret("Given-to-0-us-beforehand")]) {
        const { resources: given } = await deployDatabase({ password });
        expect(given.names).to.not.include("shop-db-password");
        expect(server(given).administratorLoginPassword).to.equal("Given-to-0-us-beforehand");
        expect(given.named("shop-db-server").secrets).to.deep.equal(["administratorLoginPassword"]);
        expect(given.named("shop-db-secret").secrets).to.deep.equal(["properties"]);
      }
    });
  });

  it("is protected while it stands all the time; its parameters are only left as they are", () => {
    const [kept, left] = [resources.customs.filter(({ protect }) => protect), parametersOf(resources)];
    expect(kept.map(({ name }) => name)).to.have.members(KEPT);
    expect(resources.customs.filter(({ retainOnDelete }) => !retainOnDelete)).to.be.empty;
    expect(left.filter(({ protect }) => protect)).to.be.empty;
  });

  it("can be left out after the disaster that it was made for, and is kept then", async () => {
    const { resources: passing } = await deployDatabase({ keeping: "retained" });
    expect(passing.customs.filter(({ protect }) => protect)).to.be.empty;
    expect(passing.customs.filter(({ retainOnDelete }) => !retainOnDelete)).to.be.empty;
  });

  it("goes with the drill that it was made for", async () => {
    expectProtected((await deployDatabase({ keeping: "disposable" })).resources, []);
  });

  it("protects nothing once protectData is false", async () => {
    for (const keeping of ["protected", "retained"] as const) {
      expectProtected((await deployDatabase({ keeping, protectData: false })).resources, []);
    }
  });

  it("tells where it is, and where its credentials are, none of which is a secret", async () => {
    const { serverName } = server();
    const { serverId, host, secretId, secretResourceId } = database;
    expect(await settled(database.serverName)).to.equal(serverName);
    expect(await settled(serverId)).to.equal(`${GROUP}/Microsoft.DBforMySQL/flexibleServers/${serverName}`);
    expect(await settled(host)).to.equal(`${serverName}.mysql.database.azure.com`);
    expect(database.port).to.equal(3306);
    expect(await settled(secretId)).to.equal(`https://shop-vault.vault.azure.net/secrets/${serverName}`);
    expect(await settled(secretResourceId)).to.equal(
      `${GROUP}/Microsoft.KeyVault/vaults/shop-vault/secrets/${serverName}`,
    );
    for (const output of [serverId, host, secretId, secretResourceId]) {
      expect(await pulumi.isSecret(output)).to.equal(false);
    }
  });
});
