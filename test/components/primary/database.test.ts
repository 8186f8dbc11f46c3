import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Database, type DatabaseArgs } from "../../../components/primary/database.ts";
import { DATABASE_PARAMETERS } from "../../../components/primary/database-parameters.ts";
import { NIGHT } from "../../../components/primary/night.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const ARGS: DatabaseArgs = {
  subnetIds: [pulumi.output("subnet-0a"), pulumi.output("subnet-0b"), pulumi.output("subnet-0c")],
  securityGroupId: pulumi.output("sg-0database"),
  instanceClass: "db.m7g.xlarge",
  storageGib: 100,
  maxStorageGib: 1000,
  backupRetentionDays: 14,
  databaseName: "app",
  tags: TAGS,
};

function deployDatabase(args: Partial<DatabaseArgs> = {}) {
  return deploy(() => new Database("shop-database", { ...ARGS, ...args }));
}

describe("Database", () => {
  let resources: Registrations;
  let database: Database;
  const inputsOf = (suffix: string) => resources.named(`shop-database-${suffix}`).inputs;

  before(async () => {
    ({ resources, result: database } = await deployDatabase());
  });

  it("keeps the rules of the house", () => {
    expectHouseRules(resources, "shop-database", "multicloud-dr:primary:Database");
  });

  it("is MySQL 8.4 on two servers in two zones, in the data subnets, behind its security group", () => {
    expect(inputsOf("server")).to.deep.include({
      engine: "mysql",
      engineVersion: "8.4",
      autoMinorVersionUpgrade: true,
      multiAz: true,
      instanceClass: "db.m7g.xlarge",
      vpcSecurityGroupIds: ["sg-0database"],
      publiclyAccessible: false,
      port: 3306,
      dbName: "app",
    });
    expect(inputsOf("subnets").subnetIds).to.deep.equal(["subnet-0a", "subnet-0b", "subnet-0c"]);
    expect(inputsOf("server").dbSubnetGroupName).to.match(/^shop-database-subnets-/);
  });

  it("has encrypted storage that grows by itself up to its most", () => {
    expect(inputsOf("server")).to.include({
      storageType: "gp3",
      allocatedStorage: 100,
      maxAllocatedStorage: 1000,
      storageEncrypted: true,
    });
    expect(inputsOf("server"), "no key that somebody could destroy").to.not.have.property("kmsKeyId");
  });

  it("has the parameters of the project, and a certificate of an authority that lasts", () => {
    expect(inputsOf("parameters")).to.deep.include({
      family: "mysql8.4",
      parameters: [...DATABASE_PARAMETERS],
    });
    expect(inputsOf("server").parameterGroupName).to.match(/^shop-database-parameters-/);
    expect(inputsOf("server").caCertIdentifier).to.equal("rds-ca-rsa2048-g1");
  });

  it("makes the password itself, because RDS replicates no instance whose password it manages", () => {
    expect(inputsOf("password")).to.include({ length: 32, special: false });
    expect(inputsOf("server")).to.include({ username: "dbadmin" });
    expect(inputsOf("server").password).to.have.length(32);
    expect(inputsOf("server")).to.not.have.property("manageMasterUserPassword");
  });

  it("keeps user and password in a secret, as RDS itself would, and both are secret wherever they stand", () => {
    const { secretId, secretString } = inputsOf("secret-value");
    expect(secretId).to.match(/:secret:shop-database-secret-/);
    expect(JSON.parse(String(secretString))).to.deep.equal({
      username: "dbadmin",
      password: inputsOf("server").password,
    });
    const secrets = resources.customs.map(({ name, secrets }) => [name, ...secrets]).filter(({ length }) => length > 1);
    expect(secrets).to.have.deep.members([
      ["shop-database-server", "password"],
      ["shop-database-secret-value", "secretString"],
    ]);
  });

  it("tells a new password when the server has taken it", () => {
    expect(resources.named("shop-database-secret-value").dependencies).to.include("shop-database-server");
  });

  it("makes another password for another number, in the same secret", async () => {
    const { resources: rotated } = await deployDatabase({ passwordGeneration: 2 });
    expect(inputsOf("password").keepers).to.deep.equal({ generation: "1" });
    expect(rotated.named("shop-database-password").inputs.keepers).to.deep.equal({ generation: "2" });
    expect(rotated.named("shop-database-secret").inputs).to.deep.equal(inputsOf("secret"));
  });

  it("is backed up every night, away from its maintenance, and its snapshots carry its tags", () => {
    expect(inputsOf("server")).to.include({
      backupRetentionPeriod: 14,
      backupWindow: NIGHT.databaseBackup,
      maintenanceWindow: NIGHT.databaseMaintenance,
      copyTagsToSnapshot: true,
    });
  });

  it("writes its logs where they can be read, and measures its queries", () => {
    expect(inputsOf("server")).to.deep.include({
      enabledCloudwatchLogsExports: ["error", "slowquery"],
      databaseInsightsMode: "standard",
      performanceInsightsEnabled: true,
      performanceInsightsRetentionPeriod: 7,
    });
  });

  it("protects the server by default, with all that it left behind", () => {
    expectProtected(resources, ["shop-database-server", "shop-database-secret"]);
    expect(inputsOf("secret")).to.include({ recoveryWindowInDays: 30 });
    expect(inputsOf("server")).to.include({ deletionProtection: true, deleteAutomatedBackups: false });
  });

  it("goes, with its backups, once protectData is false", async () => {
    const { resources: unprotected } = await deployDatabase({ protectData: false });
    expectProtected(unprotected, []);
    expect(unprotected.named("shop-database-server").inputs).to.include({
      deletionProtection: false,
      deleteAutomatedBackups: true,
    });
    expect(unprotected.named("shop-database-secret").inputs).to.include({ recoveryWindowInDays: 0 });
  });

  it("leaves a last snapshot whatever is protected, under a name that no other database has left", async () => {
    const { resources: unprotected } = await deployDatabase({ protectData: false });
    for (const deployed of [resources, unprotected]) {
      const { skipFinalSnapshot, finalSnapshotIdentifier } = deployed.named("shop-database-server").inputs;
      expect(skipFinalSnapshot).to.equal(false);
      expect(finalSnapshotIdentifier).to.match(/^shop-database-final-[a-z0-9]{8}$/);
    }
  });

  it("is as large, and looks as far back, as it is told", async () => {
    const args = { instanceClass: "db.r7g.large", storageGib: 500, maxStorageGib: 2000, backupRetentionDays: 35 };
    const { resources: other } = await deployDatabase({ ...args, databaseName: "orders" });
    expect(other.named("shop-database-server").inputs).to.include({
      instanceClass: "db.r7g.large",
      allocatedStorage: 500,
      maxAllocatedStorage: 2000,
      backupRetentionPeriod: 35,
      dbName: "orders",
    });
  });

  it("tells where it is, and where its secret is", async () => {
    expect(await settled(database.address)).to.match(/^shop-database-server-.*\.eu-west-1\.rds\.amazonaws\.com$/);
    expect(await settled(database.port)).to.equal(3306);
    expect(await settled(database.identifier)).to.match(/^shop-database-server-/);
    expect(await settled(database.arn)).to.match(/^arn:aws:rds:eu-west-1:111122223333:db:shop-database-server-/);
    expect(await settled(database.secretArn)).to.match(
      /^arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-database-secret-/,
    );
  });
});
